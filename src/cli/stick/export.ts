import { join } from 'node:path'
import type { Settings } from '../../../config/settings.ts'
import { loadSodiumPrimitives } from '../../age/sodium.ts'
import type { CanaryNotes } from '../../canary/notes.ts'
import { createCanaryProof } from '../../canary/proof.ts'
import type { ExportOutcome } from '../../carry/write-export.ts'
import { maxSplitEnvelopes } from '../../carry/sums.ts'
import { createExportFolder } from '../../carry/write-export.ts'
import { signersOn } from '../../keyring/keyring.ts'
import { loadSignedKeyring } from '../../keyring/load.ts'
import type { SigningKey } from '../../keyring/minisign.ts'
import { formatPublicKeyLine } from '../../keyring/minisign.ts'
import type { Keyring } from '../../keyring/keyring.ts'
import type { BlobEntry, BlobStore, Prefix } from '../../store/blob-store.ts'
import { repliesFolder } from '../../reply-store/layout.ts'
import { storedFiles } from '../../reply-store/reply-source.ts'
import { readStoredIndexes, type StoredIndex } from '../../reply-store/stored-indexes.ts'
import { writeMark } from '../../store/marks.ts'
import { defineCommand } from '../frame/command.ts'
import type { CliContext } from '../frame/context.ts'
import { printJson, printLine, printNote, resolvePath } from '../frame/context.ts'
import { failure } from '../frame/errors.ts'
import { today } from '../frame/keyring-folder.ts'
import { createProgress, formatBytes } from '../frame/progress.ts'
import { openVaultWithNotes, readExportKey } from '../server/vault.ts'
import { count } from '../../text/count.ts'

export const command = defineCommand({
  name: 'export',
  summary: 'write the tips that the desk does not have yet to a folder on the stick',
  usage: 'FOLDER [--all] [--json]',
  help: `Writes every stored envelope that no desk has acknowledged, with SHA256SUMS and its
signature. FOLDER must be new or empty. An envelope that was exported and not yet
acknowledged is exported again: a lost stick loses nothing. The indexes of the answers that
are served here go to FOLDER/replies, so that the desk learns which were published.

Check it with any tool: cd FOLDER && sha256sum -c SHA256SUMS && minisign -Vm SHA256SUMS -P KEY`,
  options: {
    all: { type: 'boolean', about: 'include what was acknowledged and is still kept' },
    json: { type: 'boolean', about: 'print what was done as JSON' },
  },
  positionals: { min: 1, max: 1 },
  async run(context, values, [path = '']) {
    const settings = await context.settings()
    const loaded = await loadSignedKeyring(settings.keysDir)
    const signingKey = await readExportKey(settings)
    checkSigner(context, loaded.keyring, signingKey)
    const { store, notes } = await openVaultWithNotes(context, settings)
    const listed = await listEnvelopes(
      store,
      values.all === true ? ['sealed', 'collected'] : ['sealed'],
    )
    const all = await withoutCanaries(store, notes, listed)
    const envelopes = all.slice(0, maxSplitEnvelopes)
    if (envelopes.length < all.length)
      printNote(
        context,
        `${count(all.length - envelopes.length, 'envelope does', 'envelopes do')} not fit into one export: export again after this one was acknowledged`,
      )
    const totalBytes = envelopes.reduce((sum, { bytes }) => sum + bytes, 0)
    const folder = await createExportFolder(resolvePath(context, path))
    const forget = context.onInterrupt(() => folder.discard())
    const progress = createProgress({
      stderr: context.stderr,
      isTerminal: context.isTerminal.stderr,
      label: 'exporting',
      totalBytes,
    })
    try {
      const outcome = await folder.write({
        store,
        envelopes,
        folder: resolvePath(context, path),
        signingKey,
        keyringFingerprint: loaded.fingerprint,
        day: today(context),
        indexes: await readIndexes(context, settings, loaded.keyring),
        onBytes: progress.add,
      })
      progress.finish()
      await markExported(context, settings)
      report(context, outcome, { path, totalBytes, isJson: values.json === true })
      return outcome.damaged.length === 0 ? 0 : 1
    } catch (error) {
      folder.discard()
      throw error
    } finally {
      progress.finish()
      forget()
    }
  },
})

/** Refuses, before anything is written, an export that the desk would reject for its signer. */
function checkSigner(context: CliContext, keyring: Keyring, key: SigningKey): void {
  const line = formatPublicKeyLine(key.publicKey)
  const isKnown = signersOn(keyring, 'export', today(context)).some(
    (entry) => entry.public_key === line,
  )
  if (!isKnown)
    throw failure(
      'the export key of this server is no export signer of the keyring today: add its card in a ceremony',
    )
}

/**
 * Records the time of the export for ops, whose dashboard shows how long ago the last one was. The
 * export is complete without this mark.
 */
async function markExported(
  context: CliContext,
  { dataDir, metricsStepMinutes }: Settings,
): Promise<void> {
  await writeMark('exported', {
    dataDir,
    clock: context.clock,
    stepMinutes: metricsStepMinutes,
  }).catch(() => {
    printNote(
      context,
      `${dataDir}/marks cannot be written: the dashboard will not show this export`,
    )
  })
}

/** A folder of answers that cannot be read must not prevent the export of tips. */
async function readIndexes(
  context: CliContext,
  { dataDir }: Settings,
  keyring: Keyring,
): Promise<StoredIndex[]> {
  const read = storedFiles(join(dataDir, repliesFolder))
  return await readStoredIndexes(read, keyring, today(context)).catch(() => {
    printNote(
      context,
      `${join(dataDir, repliesFolder)} cannot be read: the desk will not learn which answers were published`,
    )
    return []
  })
}

type ListedEnvelope = BlobEntry & { prefix: Prefix }

async function listEnvelopes(
  store: BlobStore,
  prefixes: readonly Prefix[],
): Promise<ListedEnvelope[]> {
  // An envelope that is being collected during the listing appears under both prefixes. It is
  // exported once.
  const envelopes = new Map<string, ListedEnvelope>()
  for (const prefix of prefixes) {
    for await (const entry of store.list(prefix)) envelopes.set(entry.receipt, { ...entry, prefix })
  }
  return [...envelopes.values()]
}

/**
 * Leaves out the test envelopes (canaries) that ops sends to itself, which the desk could not open.
 * Each is proved to be a canary first, so that a forged note cannot hide a tip.
 */
async function withoutCanaries(
  store: BlobStore,
  notes: CanaryNotes,
  envelopes: ListedEnvelope[],
): Promise<ListedEnvelope[]> {
  // An unreadable folder of notes must not prevent the export of tips.
  const noted = new Set((await notes.list().catch(() => [])).map(({ receipt }) => receipt))
  if (noted.size === 0) return envelopes
  const proof = createCanaryProof({ primitives: await loadSodiumPrimitives(), store, notes })
  const kept: ListedEnvelope[] = []
  for (const envelope of envelopes) {
    if (!noted.has(envelope.receipt) || !(await proof.isCanary(envelope.prefix, envelope.receipt)))
      kept.push(envelope)
  }
  return kept
}

function report(
  context: CliContext,
  outcome: ExportOutcome,
  { path, totalBytes, isJson }: { path: string; totalBytes: number; isJson: boolean },
): void {
  if (isJson) printJson(context, { folder: path, ...outcome })
  else
    printLine(
      context,
      `exported ${count(outcome.exported.length, 'envelope')} (${formatBytes(totalBytes)}) to ${path}`,
    )
  for (const receipt of outcome.damaged) {
    printNote(
      context,
      `damaged in the vault and not exported: ${receipt}.age; restore it from a backup`,
    )
  }
}
