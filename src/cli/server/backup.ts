import { type BackupOutcome, createBackup } from '../../backup/write-backup.ts'
import { signersOn } from '../../keyring/keyring.ts'
import { loadSignedKeyring } from '../../keyring/load.ts'
import type { SigningKey } from '../../keyring/minisign.ts'
import { formatPublicKeyLine } from '../../keyring/minisign.ts'
import type { Settings } from '../../../config/settings.ts'
import type { BlobStore } from '../../store/blob-store.ts'
import { PREFIXES } from '../../store/layout.ts'
import { defineCommand } from '../frame/command.ts'
import type { CliContext } from '../frame/context.ts'
import { printJson, printLine, printNote, resolvePath } from '../frame/context.ts'
import { today } from '../frame/keyring-folder.ts'
import { createProgress, formatBytes } from '../frame/progress.ts'
import { openVault, readExportKey } from './vault.ts'
import { count } from '../../text/count.ts'

export const command = defineCommand({
  name: 'backup',
  summary: 'copy spool, vault, dead letters, ledger and keyring, while running',
  usage: 'DIR [--with-export-key] [--json]',
  help: `Writes DIR/<day>, a folder with the layout of the data folder, with SHA256SUMS and, if this server has an export key,
its signature. Files that the previous backup in DIR already holds are checked and hard-linked, not copied.
It contains no time finer than a day. Remove old backups with rm -r: they keep what has been deleted since.

Check it with any tool: cd DIR/<day> && sha256sum -c SHA256SUMS && minisign -Vm SHA256SUMS -P KEY
Exit status 0: the backup is complete. 1: something was damaged or missing in the vault; each is named.`,
  options: {
    'with-export-key': {
      type: 'boolean',
      about: 'include the secret export key: anybody who has it can sign exports as this server',
    },
    json: { type: 'boolean', about: 'print what was done as JSON' },
  },
  positionals: { min: 1, max: 1 },
  async run(context, values, [path = '']) {
    const settings = await context.settings()
    const store = await openVault(context, settings)
    const signingKey = await findSigningKey(context, settings)
    const totalBytes = await sumBytes(store)
    const progress = createProgress({
      stderr: context.stderr,
      isTerminal: context.isTerminal.stderr,
      label: 'backing up',
      totalBytes,
    })
    const backup = await createBackup({
      dataDir: settings.dataDir,
      keysDir: settings.keysDir,
      store,
      root: resolvePath(context, path),
      signingKey,
      withExportKey: values['with-export-key'] === true,
      clock: context.clock,
      onBytes: progress.add,
    })
    const forget = context.onInterrupt(() => backup.discard())
    try {
      const outcome = await backup.write()
      progress.finish()
      if (values.json === true) printJson(context, outcome)
      else printLine(context, sentence(outcome, path))
      tellProblems(context, outcome)
      return outcome.damaged.length + outcome.missing.length === 0 && outcome.isLedgerWhole ? 0 : 1
    } finally {
      progress.finish()
      forget()
    }
  },
})

/**
 * Null, with a note to the person, when the keyring does not accept the key: an unsigned backup is
 * better than none.
 */
async function findSigningKey(context: CliContext, settings: Settings): Promise<SigningKey | null> {
  try {
    const key = await readExportKey(settings)
    const { keyring } = await loadSignedKeyring(settings.keysDir)
    const line = formatPublicKeyLine(key.publicKey)
    if (signersOn(keyring, 'export', today(context)).some((entry) => entry.public_key === line))
      return key
    printNote(
      context,
      'not signed: the export key of this server is no export signer of the keyring today',
    )
  } catch (error) {
    if (!(error instanceof Error)) throw error
    printNote(context, `not signed: ${error.message}`)
  }
  return null
}

async function sumBytes(store: BlobStore): Promise<number> {
  let sum = 0
  for (const prefix of PREFIXES) for await (const { bytes } of store.list(prefix)) sum += bytes
  return sum
}

function sentence({ name, envelopes, bytes, linked }: BackupOutcome, path: string): string {
  return `backed up ${count(envelopes, 'envelope')} (${formatBytes(bytes)}, ${linked} shared with the backup before) to ${path.replace(/\/+$/, '')}/${name}`
}

function tellProblems(
  context: CliContext,
  { damaged, missing, rescued, isLedgerWhole, hasExportKey }: BackupOutcome,
): void {
  for (const receipt of damaged) printNote(context, `damaged here and in no backup: ${receipt}.age`)
  for (const receipt of missing)
    printNote(context, `in the ledger and nowhere on the disk: ${receipt}.age`)
  for (const receipt of rescued)
    printNote(context, `no longer in the vault, kept from the backup before: ${receipt}.age`)
  if (!isLedgerWhole) printNote(context, 'the ledger is broken; it was copied as it is')
  if (hasExportKey)
    printNote(context, 'this backup holds the secret export key: keep it as you keep the server')
}
