import { join } from 'node:path'

import { loadSodiumPrimitives } from '../../age/sodium.ts'
import type { Guide } from '../../desk/ceremony/guide.ts'
import { foldersOf } from '../../desk/ceremony/folders.ts'
import type { CeremonyFolders } from '../../desk/ceremony/folders.ts'
import { holdCeremony, nextStep, stateName } from '../../desk/ceremony/hold.ts'
import { linuxPlaces } from '../../desk/ceremony/machine.ts'
import { ceremonyHtml } from '../../desk/ceremony/page.ts'
import { readPage } from '../../desk/ceremony/read-page.ts'
import { HeldKey } from '../../desk/ceremony/held-key.ts'
import { readState, stepIds } from '../../desk/ceremony/state.ts'
import { deskName, rootName } from '../../desk/ceremony/step-keys.ts'
import { defineCommand } from '../frame/command.ts'
import type { CliContext } from '../frame/context.ts'
import { printJson, printLine, printNote, resolvePath } from '../frame/context.ts'
import { failure, usageError } from '../frame/errors.ts'
import { readCard } from './read-card.ts'
import { today } from '../frame/keyring-folder.ts'
import { readNewPassphrase } from '../keys/new-passphrase.ts'
import { askOnTerminal } from '../keys/terminal.ts'
import { openOutput, withOutput } from '../frame/output.ts'
import { readPassphrase } from '../keys/read-passphrase.ts'
import { printFingerprintQr } from '../keys/qr.ts'

/** Fits a terminal of 80 columns with a margin. */
const columns = 78

const wayOut =
  'the ceremony needs a terminal: without one use --page FILE, or the commands of tumen keys and tumen keyring'

export const keyringCeremony = defineCommand({
  name: 'keyring ceremony',
  summary: 'guide you through the whole ceremony, from the root key to the sticks',
  usage: '--dir FOLDER [--json] | [--dir FOLDER] --page FILE.html',
  help: `
Use FOLDER for nothing else, on an encrypted disk or in memory: it holds secrets until the sticks are written.
The ceremony may be stopped at any time (Ctrl-C, a power cut): the same command continues with the same step.
--page writes a page to print: without --dir an empty form for the ceremony, with --dir a record of what is done.
--json prints the progress and asks nothing. Neither of the two ever contains a secret.`,
  options: {
    dir: { type: 'string', value: 'FOLDER', about: "the ceremony's folder" },
    page: { type: 'string', value: 'FILE', about: 'write the page to print, then end' },
    json: { type: 'boolean', about: 'print the progress as JSON, then end' },
  },
  positionals: { min: 0, max: 0 },
  async run(context, values) {
    if (values.page !== undefined) return await writePage(context, values.page, values.dir)
    if (values.dir === undefined) throw usageError('--dir FOLDER is needed')
    const folders = foldersOf(resolvePath(context, values.dir))
    if (values.json === true) return await printState(context, folders)
    await hold(context, folders)
    printLine(context, '')
    printLine(context, 'The ceremony is complete. Delete the folder now, it holds secrets:')
    printLine(context, `  ${folders.root}`)
    return 0
  },
})

async function hold(context: CliContext, folders: CeremonyFolders): Promise<void> {
  const guide = terminalGuide(context)
  const rootKey = new HeldKey(join(folders.safe, `${rootName}.key`), guide)
  const deskKey = new HeldKey(join(folders.desk, `${deskName}.key`), guide)
  const wipe = (): void => {
    rootKey.wipe()
    deskKey.wipe()
  }
  const forget = context.onInterrupt(wipe)
  try {
    await holdCeremony({
      folders,
      guide,
      rootKey,
      deskKey,
      primitives: await loadSodiumPrimitives(),
      day: today(context),
      places: linuxPlaces,
    })
  } finally {
    wipe()
    forget()
  }
}

function terminalGuide(context: CliContext): Guide {
  return {
    say: (line) => printLine(context, wrapWords(line)),
    showFingerprint(groups) {
      printLine(context, `    ${groups.slice(0, 23)}\n    ${groups.slice(24)}`)
      printFingerprintQr(context, groups, false)
    },
    ask: async (question) => (await askOnTerminal(context, question, wayOut)).trim(),
    async newPassphrase(name) {
      const passphrase = await readNewPassphrase(context, name, {})
      if (passphrase === undefined) throw failure('a key of a ceremony needs a passphrase')
      return passphrase
    },
    passphraseOf: (path) =>
      readPassphrase(context, { prompt: `passphrase of ${path}, from the paper: ` }),
    readCard: (path) => readCard(context, path),
  }
}

/** Wraps sentences at words. Indented lines (commands, lists) stay whole, so they can be copied. */
function wrapWords(line: string): string {
  if (line.startsWith(' ')) return line
  return line.replace(new RegExp(`(.{1,${columns}})( +|$)`, 'g'), '$1\n').trimEnd()
}

async function writePage(
  context: CliContext,
  path: string,
  dir: string | undefined,
): Promise<number> {
  const day = today(context)
  const html = ceremonyHtml(
    dir === undefined
      ? { day, keyring: null, rootKey: null, state: null, sticks: [] }
      : await filledPage(context, dir),
  )
  const output = await openOutput(context, { path, isBinary: false })
  await withOutput(output, ({ write }) => write(new TextEncoder().encode(html)))
  if (path !== '-') printNote(context, `wrote ${path}: open it in a browser and print it`)
  return 0
}

async function filledPage(context: CliContext, dir: string) {
  const folders = foldersOf(resolvePath(context, dir))
  return await readPage(folders, today(context), await readStateOr(folders, dir))
}

async function printState(context: CliContext, folders: CeremonyFolders): Promise<number> {
  const state = await readStateOr(folders, folders.root)
  printJson(context, { ...state, next: nextStep(state), steps: stepIds })
  return 0
}

async function readStateOr(folders: CeremonyFolders, dir: string) {
  const state = await readState(join(folders.root, stateName))
  if (state === null)
    throw failure(`${dir} holds no ceremony: start one with "tumen keyring ceremony --dir ${dir}"`)
  return state
}
