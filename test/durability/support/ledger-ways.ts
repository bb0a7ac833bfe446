import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { openLedger } from '../../../src/ledger/writer.ts'
import { systemClock } from '../../../src/time/clock.ts'
import { DiskModel } from './disk-model.ts'
import type { Call } from './parse-strace.ts'
import type { Place } from './place.ts'
import { recordStep, type Way } from './record.ts'
import { areSafe, type Claim, hasText, publishes, writesTo } from './recorded.ts'

export const ledgerPath = /\/var\/ledger/

/** The text of all files of the ledger. */
export function ledgerText(place: Place): string {
  const names = readdirSync(place.at('var'), { recursive: true, encoding: 'utf8' })
  return names
    .filter((name) => name.startsWith('ledger') && name.includes('.jsonl'))
    .map((name) => readFileSync(place.at('var', name), 'latin1'))
    .join('')
}

export const hasLine = (text: string, event: string, receipt: string): boolean =>
  text.split('\n').some((line) => line.includes(event) && line.includes(receipt))

export const safeLedger = (event: string, receipt: string) => (disk: DiskModel) =>
  [...disk.afterPowerCut()].some(
    ([path, bytes]) => path.startsWith('var/ledger') && hasLine(String(bytes), event, receipt),
  )

const lineNames = ['a', 'b', 'c'].map((digit) => digit.repeat(64))

/** Each line is safe before the next one is written, as its writer is told then. */
const linesAreSafe: readonly Claim[] = [
  ...lineNames.slice(1).map((receipt, index) => ({
    text: `line ${index + 1} is safe before the next one is written`,
    before: (call: Call) => writesTo(ledgerPath)(call) && hasText(call.args[1] ?? '', receipt),
    holds: safeLedger('stored', lineNames[index] ?? ''),
  })),
  { text: 'the last line is safe', before: 'end', holds: safeLedger('stored', lineNames[2] ?? '') },
]

/** The steps in which a segment is closed: its lines, its checkpoint, the file that follows it. */
function segmentIsClosed(segment: number): Claim[] {
  const name = `ledger/${String(segment).padStart(6, '0')}`
  return [
    {
      text: `the lines of segment ${segment} are safe before its checkpoint makes it valid`,
      before: publishes(new RegExp(`/${name}\\.json$`)),
      holds: areSafe(`var/${name}.jsonl`),
    },
    {
      text: `the checkpoint of segment ${segment} is safe before its lines leave ledger.jsonl`,
      before: publishes(/\/ledger\.jsonl$/),
      holds: areSafe(`var/${name}.json`),
    },
  ]
}

/** Starts a ledger, and closes its first segment after two lines. */
const fillSegment: Way = async (place) => {
  // This folder exists, so that only the name of the new file is a reason to sync the data folder.
  mkdirSync(place.at('var/ledger'), { recursive: true, mode: 0o700 })
  return await recordStep(place, 'appendLines', [
    ...linesAreSafe,
    ...segmentIsClosed(1),
    ...lineNames.map((receipt, index) => ({
      text: `line ${index + 1} is safe before the note of the end says that it is there`,
      before: notesEnd(index + 1),
      holds: safeLedger('stored', receipt),
    })),
  ])
}

/** Matches the call that notes how many lines the ledger has. */
const notesEnd =
  (lines: number) =>
  (call: Call): boolean =>
    writesTo(/\/ledger\/end$/)(call) && hasText(call.args[1] ?? '', `"lines":${lines},`)

/** The last of two lines is missing when the ledger is opened, as if somebody had cut it off. */
const loseLine: Way = async (place) => {
  const path = place.at('var/ledger.jsonl')
  const ledger = await openLedger({ path, clock: systemClock })
  for (const digit of ['1', '2']) await ledger.append('stored', digit.repeat(64), 1)
  await ledger.close()
  writeFileSync(path, `${readFileSync(path, 'utf8').split('\n')[0]}\n`)
  return await recordStep(place, 'appendLines', [
    {
      text: 'the loss is noted for good before the note that shows it is written over',
      before: notesEnd(1),
      holds: areSafe('var/ledger/lost.json'),
    },
  ])
}

/** A ledger of an earlier version, which is split into segments before lines are added. */
const splitLedger: Way = async (place) => {
  const ledger = await openLedger({ path: place.at('var/ledger.jsonl'), clock: systemClock })
  for (const digit of ['1', '2', '3', '4', '5']) await ledger.append('stored', digit.repeat(64), 1)
  await ledger.close()
  return await recordStep(place, 'appendLines', [
    ...linesAreSafe,
    ...segmentIsClosed(1),
    ...segmentIsClosed(2),
    {
      text: 'the earlier lines are safe',
      before: 'end',
      holds: (disk) =>
        safeLedger('stored', '1'.repeat(64))(disk) && safeLedger('stored', '5'.repeat(64))(disk),
    },
  ])
}

/** How lines get into the ledger, and how its segments are closed. */
export const ledgerWays = {
  fillSegment,
  loseLine,
  splitLedger,
} satisfies Record<string, Way>
