import type { Identity } from '../age/keys.ts'
import { startChunkPool } from '../age/chunk-pool.ts'
import { loadSodiumPrimitives } from '../age/sodium.ts'
import type { Primitives } from '../age/primitives.ts'
import type { ReadExport } from '../carry/read-export.ts'
import { envelopePath, readExport } from '../carry/read-export.ts'
import type { ImportResult } from '../desk/opening/import-envelope.ts'
import { importEnvelope } from '../desk/opening/import-envelope.ts'
import { readBounded } from '../keyring/files.ts'
import { maxIdentityFileBytes } from '../keyring/identity-file.ts'
import { loadSignedKeyring } from '../keyring/load.ts'
import { readIdentities } from '../open/identities.ts'
import { defineCommand } from './command.ts'
import type { CliContext } from './context.ts'
import { printJson, printLine, printNote, resolvePath } from './context.ts'
import { failure, usageError } from './errors.ts'
import { dirOption, keyringDir, today } from './keyring-folder.ts'
import { passphraseOptions, readPassphrase } from './passphrase.ts'
import { createProgress } from './progress.ts'

export const command = defineCommand({
  name: 'open',
  summary: 'open an export on the desk into a casebook',
  usage: 'FOLDER… --identity FILE… --casebook DIR [--json]',
  help: `Checks the signature of each export, opens every envelope and writes
DIR/tips/RECEIPT/{tip.json, attachments/}. What is in the casebook already is left as it
is, so it can be stopped anywhere and run again. What cannot be opened is named with its
reason, and the rest goes on. Run it on a machine with no network.

Exit status 0: every envelope is in the casebook. 1: some are not; each is named.`,
  options: {
    ...dirOption,
    identity: { type: 'string', short: 'i', multiple: true, value: 'FILE', about: 'identity file; may be given more than once' },
    casebook: { type: 'string', value: 'DIR', about: 'where the tips go' },
    ...passphraseOptions,
    json: { type: 'boolean', about: 'print what became of each envelope as JSON' },
  },
  positionals: { min: 1, max: 100 },
  async run(context, values, paths) {
    if (values.casebook === undefined) throw usageError('--casebook DIR is missing: name the folder the tips go to')
    if (values.identity === undefined) throw usageError('--identity FILE is missing: name the identity that opens the tips')
    const primitives = await loadSodiumPrimitives()
    const { keyring } = await loadSignedKeyring(await keyringDir(context, values.dir))
    const identities = await readIdentityFiles(context, primitives, values.identity, values['passphrase-file'])
    const exports: ReadExport[] = []
    for (const path of paths) exports.push(await readExport(resolvePath(context, path), keyring, today(context)))
    const results = await importAll(context, { primitives, identities, exports, casebook: resolvePath(context, values.casebook) })
    for (const identity of identities) identity.wipe()
    if (values.json === true) printJson(context, results.map(describeResult))
    else printResults(context, results)
    return results.every(({ outcome }) => outcome !== 'refused') ? 0 : 1
  },
})

async function readIdentityFiles(context: CliContext, primitives: Primitives, paths: readonly string[], passphraseFile: string | undefined): Promise<Identity[]> {
  const identities: Identity[] = []
  for (const path of paths) {
    const bytes = await readBounded(resolvePath(context, path), maxIdentityFileBytes)
    if (bytes === null) throw failure(`${path} is missing (--identity)`)
    const ask = async () => (await readPassphrase(context, { prompt: `passphrase of ${path}: `, file: passphraseFile })).revealText()
    identities.push(...(await readIdentities(primitives, bytes, ask)))
    bytes.fill(0)
  }
  return identities
}

async function importAll(
  context: CliContext,
  work: { primitives: Primitives; identities: Identity[]; exports: ReadExport[]; casebook: string },
): Promise<ImportResult[]> {
  const { primitives, identities, exports, casebook } = work
  const engine = startChunkPool()
  const progress = createProgress({ stderr: context.stderr, isTerminal: context.isTerminal.stderr, label: 'opening', totalBytes: null })
  const results: ImportResult[] = []
  try {
    for (const read of exports) {
      for (const receipt of read.receipts) {
        const tools = { primitives, engine, identities, onBytes: progress.add, onInterrupt: context.onInterrupt }
        results.push(await importEnvelope(tools, envelopePath(read, receipt), receipt, casebook))
      }
    }
    return results
  } finally {
    progress.finish()
    await engine.close()
  }
}

function printResults(context: CliContext, results: readonly ImportResult[]): void {
  const count = (outcome: ImportResult['outcome']) => results.filter((result) => result.outcome === outcome).length
  const refused = count('refused') > 0 ? `, ${count('refused')} NOT opened` : ''
  printLine(context, `opened ${count('opened')}, already there ${count('already-there')}${refused}`)
  for (const result of results) {
    if (result.outcome === 'refused') printNote(context, `${result.receipt}: ${result.code}: ${result.detail}`)
    if (result.outcome === 'opened') {
      for (const { detail } of result.opened.problems) printNote(context, `${result.receipt}: ${detail}`)
    }
  }
}

/** For programs; what a tip says stays in the casebook. */
function describeResult(result: ImportResult): object {
  if (result.outcome !== 'opened') return result
  const { opened, ...rest } = result
  return { ...rest, has_tip: opened.tip !== null, attachments: opened.attachments, problems: opened.problems }
}
