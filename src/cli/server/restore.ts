import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { findBackup, readBackup, type ReadBackup } from '../../backup/read-backup.ts'
import { createRestore, type RestoreOutcome } from '../../backup/restore.ts'
import { keyringFileName } from '../../keyring/load.ts'
import { orNull } from '../../disk/errno.ts'
import { lockDataDir } from '../../supervise/lock.ts'
import { defineCommand } from '../frame/command.ts'
import type { CliContext } from '../frame/context.ts'
import { printJson, printLine, printNote, resolvePath } from '../frame/context.ts'
import { today } from '../frame/keyring-folder.ts'
import { createProgress } from '../frame/progress.ts'
import { count } from '../../text/count.ts'

export const command = defineCommand({
  name: 'restore',
  summary: 'make an empty data folder from a backup, checking every byte',
  usage: 'DIR [--partial] [--unsigned] [--json]',
  help: `DIR is what "tumen backup" wrote to (the newest is taken), or one backup in it. TUMEN_DATA_DIR must be
empty, except for empty folders and what "tumen keys new export" made; no process starts on it meanwhile. A keyring in
TUMEN_KEYS_DIR stays as it is.

Exit status 0: all restored. 1: the backup is damaged; what is wrong is named, and nothing is restored
without --partial.`,
  options: {
    partial: { type: 'boolean', about: 'restore the good part of a damaged backup' },
    unsigned: { type: 'boolean', about: 'accept a backup without a valid signature' },
    json: { type: 'boolean', about: 'print what was done as JSON' },
  },
  positionals: { min: 1, max: 1 },
  async run(context, values, [path = '']) {
    const { dataDir, keysDir, store } = await context.settings()
    const hasKeyring = (await orNull(stat(join(keysDir, keyringFileName)))) !== null
    const folder = await findBackup(resolvePath(context, path))
    const backup = await readBackup(folder, {
      keysDir: hasKeyring ? keysDir : null,
      day: today(context),
      mayBeUnsigned: values.unsigned === true,
    })
    const lock = await lockDataDir(dataDir)
    try {
      const outcome = await runRestore(context, {
        backup,
        dataDir,
        keysDir,
        isPartial: values.partial === true,
      })
      if (values.json === true)
        printJson(context, { from: folder, signer: backup.signer, ...outcome })
      else
        printLine(
          context,
          `restored ${count(outcome.envelopes, 'envelope')} from ${folder}${backup.signer === null ? '' : `, signed by ${backup.signer}`}`,
        )
      tell(context, outcome, { hasKeyring, isSigned: backup.signer !== null })
      if (store.kind === 's3')
        printNote(
          context,
          `the envelopes are in ${dataDir}: put them into the bucket with "tumen store copy fs s3://${store.bucket}${store.prefix === '' ? '' : `/${store.prefix}`}"`,
        )
      return outcome.problems.length === 0 ? 0 : 1
    } finally {
      lock.release()
    }
  },
})

async function runRestore(
  context: CliContext,
  options: { backup: ReadBackup; dataDir: string; keysDir: string; isPartial: boolean },
): Promise<RestoreOutcome> {
  const totalBytes = await sumBytes(options.backup)
  const progress = createProgress({
    stderr: context.stderr,
    isTerminal: context.isTerminal.stderr,
    label: 'restoring',
    totalBytes,
  })
  const restore = await createRestore({ ...options, clock: context.clock, onBytes: progress.add })
  const forget = context.onInterrupt(() => restore.discard())
  try {
    return await restore.run()
  } finally {
    progress.finish()
    forget()
  }
}

async function sumBytes({ folder, sums }: ReadBackup): Promise<number> {
  let sum = 0
  for (const path of sums.keys()) sum += (await orNull(stat(join(folder, path))))?.size ?? 0
  return sum
}

function tell(
  context: CliContext,
  { problems, kept }: RestoreOutcome,
  from: { hasKeyring: boolean; isSigned: boolean },
): void {
  for (const { path, why } of problems) printNote(context, `not restored: ${path}: ${why}`)
  if (kept.includes('keys'))
    printNote(context, 'TUMEN_KEYS_DIR has another keyring than the backup: it was left as it is')
  if (kept.includes('export.key')) printNote(context, 'export.key was left as it is')
  if (from.isSigned && !from.hasKeyring) {
    printNote(
      context,
      'the keyring came from the backup too: compare its fingerprint ("tumen keyring show") with the one of the ceremony',
    )
  }
}
