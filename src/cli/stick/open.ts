import { join } from 'node:path'
import { loadSodiumPrimitives } from '../../age/sodium.ts'
import type { Actor } from '../../desk/custody/record.ts'
import type { ImportResult } from '../../desk/opening/import-envelope.ts'
import { convertAttachments, hasDangerzone } from '../../desk/opening/dangerzone.ts'
import { openExports } from '../../desk/opening/open-exports.ts'
import type { Returned } from '../../desk/replies/take-in-returned.ts'
import { takeInReturned } from '../../desk/replies/take-in-returned.ts'
import { printable } from '../../desk/text/printable.ts'
import { refreshCasebook } from '../../desk/view/refresh.ts'
import { loadSignedKeyring } from '../../keyring/load.ts'
import { defineCommand } from '../frame/command.ts'
import type { CliContext } from '../frame/context.ts'
import { printJson, printLine, printNote, resolvePath, tool } from '../frame/context.ts'
import { failure, usageError } from '../frame/errors.ts'
import { dirOption, keyringDir, today } from '../frame/keyring-folder.ts'
import { readKnownIdentities } from '../keys/known-identities.ts'
import { readGiven } from './open-given.ts'
import { describeOpened, printOpened } from './open-report.ts'
import { passphraseOptions } from '../keys/read-passphrase.ts'
import { createProgress } from '../frame/progress.ts'
import { count } from '../../text/count.ts'

export const command = defineCommand({
  name: 'open',
  summary: 'open an export on the desk into a casebook',
  usage: 'FOLDER|FILE… --identity FILE… --casebook DIR [--dangerzone] [--by NAME] [--json]',
  help: `Checks the signature of each export, opens every envelope on all cores and sorts them into the
casebook DIR: tips/RECEIPT/{tip.json, attachments/, opened.json}, the envelopes as they came in
originals/, every step in custody.jsonl, and index.html to look at. What is already in the
casebook stays unchanged, so the command can be stopped at any point and run again. An envelope that
cannot be opened is named with the reason and recorded in aside/; the others are opened nevertheless.
Run it on a machine with no network.

A single FILE is opened as well, such as an attachment that is itself sealed (.age). It becomes a
case of its own, and nobody has signed it.

Exit status 0: every envelope is in the casebook. 1: some are not; each is named.`,
  options: {
    ...dirOption,
    identity: {
      type: 'string',
      short: 'i',
      multiple: true,
      value: 'FILE',
      about: 'identity file; may be given more than once',
    },
    casebook: { type: 'string', value: 'DIR', about: 'where the tips go' },
    by: {
      type: 'string',
      value: 'NAME',
      about: 'who does it, for the custody log (default: analyst)',
    },
    dangerzone: {
      type: 'boolean',
      about: 'let Dangerzone make a safe copy of each document and picture, in working/',
    },
    ...passphraseOptions,
    json: { type: 'boolean', about: 'print what became of each envelope as JSON' },
  },
  positionals: { min: 1, max: 100 },
  async run(context, values, paths) {
    if (values.casebook === undefined)
      throw usageError('--casebook DIR is missing: name the folder the tips go to')
    if (values.identity === undefined)
      throw usageError('--identity FILE is missing: name the identity that opens the tips')
    if (values.dangerzone === true && !(await hasDangerzone())) throw failure(dangerzoneMissing)
    const primitives = await loadSodiumPrimitives()
    const { keyring } = await loadSignedKeyring(await keyringDir(context, values.dir))
    const identities = await readKnownIdentities(context, {
      primitives,
      paths: values.identity,
      passphraseFile: values['passphrase-file'],
      keyring,
      day: today(context),
    })
    const { exports, files } = await readGiven(context, paths, keyring)
    const actor: Actor = {
      casebook: resolvePath(context, values.casebook),
      role: values.by ?? 'analyst',
      tool,
      now: () => context.clock.now(),
    }
    const results = await openAll(context, { actor, exports, files, identities })
    for (const { identity } of identities) identity.wipe()
    const returned = await takeInReturned(
      actor,
      exports.map(({ folder }) => folder),
      { keyring, day: today(context) },
    )
    await refreshCasebook(actor)
    const unconverted = values.dangerzone === true ? await convert(context, actor, results) : 0
    if (values.json === true) printJson(context, results.map(describeOpened))
    else {
      printOpened(
        { line: (text) => printLine(context, text), note: (text) => printNote(context, text) },
        results,
      )
      for (const note of returnedNotes(returned)) printNote(context, printable(note))
      printNote(
        context,
        `to read the casebook, open ${join(actor.casebook, 'index.html')} in a browser`,
      )
    }
    return unconverted === 0 && results.every(({ outcome }) => outcome !== 'refused') ? 0 : 1
  },
})

function returnedNotes({ published, problems }: Returned): string[] {
  return [
    ...(published === 0 ? [] : [count(published, 'answer is published', 'answers are published')]),
    ...problems.map((problem) => `not believed: ${problem}`),
  ]
}

const dangerzoneMissing =
  'dangerzone-cli cannot be started: install Dangerzone (see docs/analysts.md), or open without --dangerzone'

/** @returns the number of attachments that could not be converted. */
async function convert(
  context: CliContext,
  actor: Actor,
  results: readonly ImportResult[],
): Promise<number> {
  const receipts = results
    .filter(({ outcome }) => outcome !== 'refused')
    .map(({ receipt }) => receipt)
  let done = 0
  const onDone = () =>
    context.isTerminal.stderr && context.stderr.write(`\r\u001b[Kconverting: ${(done += 1)} done`)
  const conversions = await convertAttachments(actor, receipts, onDone)
  if (done > 0) context.stderr.write('\r\u001b[K')
  const failed = conversions.filter(({ why }) => why !== null)
  if (conversions.length > 0)
    printNote(
      context,
      `Dangerzone made ${count(conversions.length - failed.length, 'copy', 'copies')}, in working/${failed.length > 0 ? `; ${failed.length} it could not make` : ''}`,
    )
  for (const { receipt, path, why } of failed)
    printNote(context, `  ${printable(`${receipt}: ${path}: ${why}`)}`)
  return failed.length
}

async function openAll(
  context: CliContext,
  work: Pick<Parameters<typeof openExports>[0], 'actor' | 'exports' | 'files' | 'identities'>,
): Promise<ImportResult[]> {
  let progress = createProgress({
    stderr: context.stderr,
    isTerminal: context.isTerminal.stderr,
    label: 'opening',
    totalBytes: null,
  })
  try {
    return await openExports({
      ...work,
      onTotal: (totalBytes) =>
        (progress = createProgress({
          stderr: context.stderr,
          isTerminal: context.isTerminal.stderr,
          label: 'opening',
          totalBytes,
        })),
      onBytes: (bytes) => progress.add(bytes),
      onInterrupt: context.onInterrupt,
    })
  } finally {
    progress.finish()
  }
}
