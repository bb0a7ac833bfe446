import { endOfKey } from '../../desk/files/opened-record.ts'
import type { ImportResult } from '../../desk/opening/import-envelope.ts'
import { printable } from '../../desk/text/printable.ts'

/** Limit for one tip, so that the report on hundreds of tips stays readable. */
const maxProblemsShown = 5

interface Printer {
  line: (text: string) => void
  note: (text: string) => void
}

type Opened = Extract<ImportResult, { outcome: 'opened' }>
type Refused = Extract<ImportResult, { outcome: 'refused' }>

/**
 * Prints the result of an opening: counts, how many envelopes each identity opened, and each
 * envelope that needs attention. Prints nothing of the content of a tip.
 */
export function printOpened({ line, note }: Printer, results: readonly ImportResult[]): void {
  const opened = results.filter((result): result is Opened => result.outcome === 'opened')
  const refused = results.filter((result): result is Refused => result.outcome === 'refused')
  const there = results.length - opened.length - refused.length
  line(
    `opened ${opened.length}, already there ${there}${refused.length > 0 ? `, ${refused.length} NOT opened` : ''}`,
  )
  for (const [who, count] of byIdentity(opened)) note(`${count} by ${who}`)
  for (const [code, group] of Map.groupBy(refused, (result) => result.code)) {
    note(`${code}: ${wayOut(code)}`)
    for (const { receipt, detail } of group) note(`  ${printable(`${receipt}: ${detail}`)}`)
  }
  if (opened.some(({ record }) => record.problems.length > 0))
    note('opened, with something odd in it; all of it is kept:')
  for (const {
    receipt,
    record: { problems },
  } of opened) {
    for (const { detail } of problems.slice(0, maxProblemsShown))
      note(`  ${printable(`${receipt}: ${detail}`)}`)
    if (problems.length > maxProblemsShown)
      note(
        `  ${receipt}: and ${problems.length - maxProblemsShown} more; opened.json in its folder and its sheet have them`,
      )
  }
  for (const [{ record }, count] of byOldKey(opened))
    note(
      `${count} sealed to ${whoOf(record.identity)}, which counts no more since ${endOfKey(record)}: ${oldKeyAdvice}`,
    )
}

const oldKeyAdvice =
  'before that day, or by somebody who has an old copy of the keyring; keep that identity, and see that the new keyring is published wherever the old one was'

/** An import result for `--json`; the content of the tip stays in the casebook. */
export function describeOpened(result: ImportResult): object {
  if (result.outcome === 'already-there') return result
  if (result.outcome === 'refused') {
    const { isKept, ...rest } = result
    return { ...rest, original_kept: isKept }
  }
  const { receipt, outcome, record, hasTip } = result
  return {
    receipt,
    outcome,
    identity: record.identity,
    has_tip: hasTip,
    attachments: record.attachments,
    problems: record.problems,
  }
}

function byIdentity(opened: readonly Opened[]): [string, number][] {
  const names = Map.groupBy(opened, ({ record }) => whoOf(record.identity))
  // With a single identity, the count by identity says nothing new.
  return names.size < 2 ? [] : [...names].map(([name, group]) => [name, group.length])
}

/** For each expired or retired key, one of the envelopes it opened and their number. */
function byOldKey(opened: readonly Opened[]): [Opened, number][] {
  const old = opened.filter(({ record }) => endOfKey(record) !== null)
  return [...Map.groupBy(old, ({ record }) => whoOf(record.identity)).values()].flatMap((group) =>
    group[0] === undefined ? [] : [[group[0], group.length]],
  )
}

/** Names the key as well, because one person may have had several. */
function whoOf({ name, key }: Opened['record']['identity']): string {
  return name === null
    ? 'an identity that is not in the keyring'
    : `the key ${key ?? '?'} of ${name}`
}

function wayOut(code: string): string {
  switch (code) {
    case 'NO_MATCH':
      return 'sealed to somebody else, or to an older key: try again with the other identities'
    case 'ENVELOPE_MISSING':
    case 'ENVELOPE_UNREADABLE':
    case 'ENVELOPE_CHANGED':
    case 'OPEN_FAILED':
      return 'damaged on the way: ask ops for a new export'
    case 'ENVELOPE_NOT_A_FILE':
      return 'put there to trick programs: look at how this stick was made'
    case 'HEADER_INVALID':
    case 'NOT_AGE':
    case 'ARMORED':
      return 'no sealed tip: note when it came, and leave it'
    default:
      return 'built to trick programs, or damaged before it was sealed: try no other tool on it, and note when it came'
  }
}
