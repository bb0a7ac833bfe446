import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { redisUrlOf } from '../../../config/private-redis.ts'
import type { Settings } from '../../../config/settings.ts'
import { openNotes } from '../../canary/bucket-notes.ts'
import type { CanaryNotes } from '../../canary/notes.ts'
import { readBounded } from '../../disk/small-files.ts'
import { maxKeyFileBytes } from '../../keyring/bounds.ts'
import { MinisignError } from '../../keyring/errors.ts'
import type { SigningKey } from '../../keyring/minisign.ts'
import { parseSecretKey } from '../../keyring/minisign.ts'
import type { BlobStore } from '../../store/blob-store.ts'
import { createStoredSet } from '../../queue/stored-today.ts'
import { createDayView } from '../../store/day-view.ts'
import { isShared, openStore } from '../../store/open-store.ts'
import type { StoredToday } from '../../store/stored-today.ts'
import type { CliContext } from '../frame/context.ts'
import { failure } from '../frame/errors.ts'
import { withRedis } from './with-redis.ts'

export const exportKeyFileName = 'export.key'

/** The store of this machine, for a command that reads it while the services run. */
export async function openVault(context: CliContext, settings: Settings): Promise<BlobStore> {
  return (await openVaultWithNotes(context, settings)).store
}

/** Also the notes on the canaries in it, which are in the bucket if the store is shared. */
export async function openVaultWithNotes(
  context: CliContext,
  settings: Settings,
): Promise<{ store: BlobStore; notes: CanaryNotes }> {
  await access(join(settings.dataDir, 'sealed')).catch((cause: unknown) => {
    throw failure(
      `${settings.dataDir} holds no vault: run this where the worker runs, or set TUMEN_DATA_DIR`,
      cause,
    )
  })
  const instance = `cli-${process.pid}`
  const store = await openStore({ settings, instance, clock: context.clock, isProbed: false })
  const notes = openNotes(store, settings.dataDir)
  return { store: isShared(store) ? createDayView(store, askEachTime(settings)) : store, notes }
}

/**
 * What the workers have stored, as Redis knows it: a command has no connection of its own to keep
 * open. Without Redis everything counts as stored, since the intake has checked it, and an export
 * must not wait for Redis.
 */
function askEachTime(settings: Settings): StoredToday {
  const url = redisUrlOf(settings)
  const ask = <T>(use: (stored: ReturnType<typeof createStoredSet>) => Promise<T>): Promise<T> =>
    withRedis(url, (redis) => use(createStoredSet(redis)))
  return {
    among: (receipts) =>
      ask(async (stored) => {
        const isKnown = await stored.count().then(
          () => true,
          () => false,
        )
        return isKnown ? await stored.among(receipts) : new Set(receipts)
      }),
    add: (receipts) => ask((stored) => stored.add(receipts)),
    forget: (receipts) => ask((stored) => stored.forget(receipts)),
  }
}

/**
 * @throws CliError `FAILED` if there is no export key, or none that can be used without a person.
 */
export async function readExportKey(settings: Settings): Promise<SigningKey> {
  const path = join(settings.dataDir, exportKeyFileName)
  const bytes = await readBounded(path, maxKeyFileBytes)
  if (!bytes) {
    throw failure(
      `${path} is missing: make it with "tumen keys new ${exportKeyFileName.split('.')[0]} --purpose export" and add its card to the keyring`,
    )
  }
  try {
    return parseSecretKey(new TextDecoder().decode(bytes))
  } catch (cause) {
    if (!(cause instanceof MinisignError)) throw cause
    throw failure(
      cause.code === 'PASSPHRASE_NEEDED'
        ? `${path} has a passphrase, which nobody is there to type: make a new key with --no-passphrase and add its card to the keyring`
        : `${path}: ${cause.message}`,
      cause,
    )
  }
}
