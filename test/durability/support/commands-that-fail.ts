import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { verifyAcknowledgement } from '../../../src/carry/acknowledgement.ts'
import { loadSignedKeyring } from '../../../src/keyring/load.ts'
import { parseIndex } from '../../../src/replies/index-file.ts'
import { openDrop } from '../../../src/replies/open-drop.ts'
import { dayOfInstant } from '../../../src/time/day.ts'
import { sourceWith } from '../../desk/replies/talking-desk.ts'
import { primitives } from '../../support/ceremony.ts'
import { sha256 } from '../../support/sealed.ts'
import { exists, type FailingCommand, type Run } from './failing-commands.ts'

/** Runs a command that must succeed. */
async function mustRun({ tumen }: Run, ...args: string[]): Promise<void> {
  const { status, stderr } = await tumen(...args)
  expect({ status, stderr }).toMatchObject({ status: 0 })
}

const answer = '안녕하세요. 더 쓰실 것이 있으면 여기에 써 주세요.'

const openStick = (at: Run['at']): string[] => [
  'open',
  'stick',
  '-i',
  at('var', 'demo', 'demo.identity'),
  '--casebook',
  'casebook',
]

const acknowledgeStick = (at: Run['at']): string[] => [
  'acknowledge',
  'stick',
  '--casebook',
  'casebook',
  '--key',
  at('var', 'demo', 'desk.key'),
]

async function prepareDesk(run: Run): Promise<void> {
  await mustRun(run, 'export', 'stick')
  await mustRun(run, ...openStick(run.at))
}

/** An answer waits for the stick. */
async function prepareAnswer(run: Run): Promise<void> {
  await prepareDesk(run)
  writeFileSync(run.at('answer.txt'), answer)
  const [receipt = ''] = receiptsOnStick(run.at)
  const args = ['--text-file', 'answer.txt', '--yes', '--casebook', 'casebook']
  await mustRun(run, 'case', 'reply', receipt, ...args)
}

/** The stick is back at the server. */
async function prepareReturn(run: Run): Promise<void> {
  await prepareDesk(run)
  await mustRun(run, ...acknowledgeStick(run.at))
}

const namesIn = (folder: string): string[] => (exists(folder) ? readdirSync(folder) : [])
const receiptIn = (at: Run['at'], folder: string): string | undefined =>
  namesIn(at('var', folder)).find((name) => name.endsWith('.age'))

const isWholeFolder = (folder: string): boolean =>
  spawnSync('sha256sum', ['--check', '--quiet', 'SHA256SUMS'], { cwd: folder }).status === 0

function receiptsOnStick(at: Run['at']): string[] {
  const names = readdirSync(at('stick'), { recursive: true, encoding: 'utf8' })
  return names.flatMap((name) => /[0-9a-f]{64}(?=\.age$)/.exec(name) ?? [])
}

/** Each tip of the stick is in the casebook once, and the casebook is as its own records say. */
async function isOpened({ at, tumen }: Run): Promise<boolean> {
  const receipts = receiptsOnStick(at)
  const tips = namesIn(at('casebook', 'tips'))
  const lines = readFileSync(at('casebook', 'custody.jsonl'), 'utf8').split('\n')
  const isThereOnce = (receipt: string): boolean =>
    tips.includes(receipt) &&
    lines.filter((line) => line.includes('"envelope_opened"') && line.includes(receipt)).length ===
      1
  if (receipts.length === 0 || !receipts.every(isThereOnce)) return false
  const listed = await tumen('case', 'list', '--casebook', 'casebook', '--json')
  const isListed = (receipt: string): boolean => listed.stdout.includes(receipt)
  return receipts.every(isListed) && (await tumen('verify', 'casebook')).status === 0
}

/** Something in the casebook has its final name, and is not whole. */
function isHalfOpened(at: Run['at']): boolean {
  const isTip = (name: string): boolean => /^[0-9a-f]{64}$/.test(name)
  const tips = namesIn(at('casebook', 'tips')).filter(isTip)
  const originals = namesIn(at('casebook', 'originals')).filter((name) => !name.startsWith('.'))
  return (
    tips.some((name) => !exists(at('casebook', 'tips', name, 'opened.json'))) ||
    originals.some(
      (name) => `${sha256(readFileSync(at('casebook', 'originals', name)))}.age` !== name,
    )
  )
}

/** The server would take in the stick, and the source would find its answer once. */
async function isAcknowledged({ at, tumen }: Run): Promise<boolean> {
  const path = at('stick', 'acknowledgement.json')
  const { keyring } = await loadSignedKeyring(at('keys'))
  const { receipts } = verifyAcknowledgement({
    bytes: readFileSync(path),
    signature: readFileSync(`${path}.minisig`),
    keyring,
    day: dayOfInstant(new Date()),
  })
  const { drops } = parseIndex(readFileSync(at('stick', 'replies', 'index.json')))
  const found = await Promise.all(
    drops.map(({ id }) =>
      openDrop(primitives, sourceWith(1), id, readFileSync(at('stick', 'replies', `${id}.tar`))),
    ),
  )
  // A later drop repeats an answer under its id, and the reader shows each id once.
  const texts = new Map(
    found.flatMap(({ messages }) => messages.map(({ id, text }) => [id, text] as const)),
  )
  return (
    receipts.join() === receiptsOnStick(at).join() &&
    [...texts.values()].join() === answer &&
    (await tumen('verify', 'casebook')).status === 0
  )
}

const days = /^\d{4}-\d\d-\d\d/

export const commands = {
  export: {
    prepare: async () => {},
    args: () => ['export', 'stick'],
    isThere: (at) => exists(at('stick', 'SHA256SUMS.minisig')),
    isComplete: async ({ tumen }) => (await tumen('verify', 'stick')).status === 0,
  },
  open: {
    prepare: async (run) => await mustRun(run, 'export', 'stick'),
    args: openStick,
    isThere: isHalfOpened,
    isComplete: isOpened,
  },
  openInThreads: {
    tips: 8,
    failIn: 'threads',
    prepare: async (run) => await mustRun(run, 'export', 'stick'),
    args: openStick,
    isThere: isHalfOpened,
    isComplete: isOpened,
  },
  acknowledgeOnDesk: {
    prepare: prepareAnswer,
    args: acknowledgeStick,
    isThere: (at) => exists(at('stick', 'acknowledgement.json.minisig')),
    isComplete: isAcknowledged,
  },
  acknowledgeOnServer: {
    prepare: async (run) => {
      await prepareReturn(run)
      rmSync(run.at('stick', 'replies'), { recursive: true })
    },
    hasWorker: true,
    args: () => ['acknowledge', 'stick'],
    isThere: (at) => receiptIn(at, 'collected') !== undefined,
    isComplete: async ({ at }) => receiptIn(at, 'collected') !== undefined,
  },
  backup: {
    prepare: async () => {},
    args: () => ['backup', 'backups'],
    isThere: (at) => namesIn(at('backups')).some((name) => days.test(name)),
    isComplete: async ({ at }) => {
      const [name] = namesIn(at('backups')).filter((each) => days.test(each))
      return name !== undefined && isWholeFolder(at('backups', name))
    },
  },
  restore: {
    prepare: async (run) => {
      await mustRun(run, 'backup', 'backups')
      renameSync(run.at('var'), run.at('var.lost'))
    },
    args: () => ['restore', 'backups'],
    isThere: (at) => receiptIn(at, 'sealed') !== undefined,
    isComplete: async ({ at }) => {
      const isSame = (path: string): boolean =>
        exists(at('var', path)) &&
        readFileSync(at('var', path)).equals(readFileSync(at('var.lost', path)))
      const name = receiptIn(at, 'sealed')
      return name !== undefined && isSame(join('sealed', name)) && !exists(at('var', '.restoring'))
    },
  },
  keysNew: {
    prepare: async () => {},
    args: () => ['keys', 'new', 'mina', '--no-passphrase', '--out', 'mina-only'],
    isThere: (at) => namesIn(at('mina-only')).some((name) => name.startsWith('mina.')),
    isComplete: async ({ at, tumen }) =>
      exists(at('mina-only', 'mina.card.json')) &&
      (await tumen('keys', 'show', join('mina-only', 'mina.identity'))).status === 0,
  },
  drain: {
    prepare: async () => {},
    args: () => ['drain'],
    isThere: () => false,
    isComplete: async ({ at }) => exists(at('var', 'draining')),
  },
} as const satisfies Record<string, FailingCommand>
