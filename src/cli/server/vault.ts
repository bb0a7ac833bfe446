import { access } from 'node:fs/promises'
import { join } from 'node:path'
import type { Settings } from '../../../config/settings.ts'
import { readBounded } from '../../disk/small-files.ts'
import { maxKeyFileBytes } from '../../keyring/bounds.ts'
import type { SigningKey } from '../../keyring/minisign.ts'
import { parseSecretKey } from '../../keyring/minisign.ts'
import type { BlobStore } from '../../store/blob-store.ts'
import { openFsStore } from '../../store/fs-store.ts'
import type { CliContext } from '../frame/context.ts'
import { failure } from '../frame/errors.ts'

export const exportKeyFileName = 'export.key'

/** The store of this machine, for a command that reads it while the services run. */
export async function openVault(context: CliContext, settings: Settings): Promise<BlobStore> {
  await access(join(settings.dataDir, 'sealed')).catch((cause: unknown) => {
    throw failure(
      `${settings.dataDir} holds no vault: run this where the worker runs, or set TUMEN_DATA_DIR`,
      cause,
    )
  })
  const { dataDir, reserveBytes } = settings
  return await openFsStore({
    dir: dataDir,
    instance: `cli-${process.pid}`,
    reserveBytes,
    clock: context.clock,
  })
}

/** @throws CliError `FAILED` if there is no export key; MinisignError if its file is invalid. */
export async function readExportKey(settings: Settings): Promise<SigningKey> {
  const path = join(settings.dataDir, exportKeyFileName)
  const bytes = await readBounded(path, maxKeyFileBytes)
  if (!bytes) {
    throw failure(
      `${path} is missing: make it with "tumen keys new ${exportKeyFileName.split('.')[0]} --purpose export" and add its card to the keyring`,
    )
  }
  return parseSecretKey(new TextDecoder().decode(bytes))
}
