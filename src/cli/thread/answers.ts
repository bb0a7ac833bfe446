import { loadSodiumPrimitives } from '../../age/sodium.ts'
import { readRoot } from '../../keyring/load.ts'
import type { Answer } from '../../replies/collect-answers.ts'
import type { AnswerProblemCode, FoundAnswers } from '../../replies/find-answers.ts'
import { findAnswers } from '../../replies/find-answers.ts'
import { wipeThread } from '../../thread/thread.ts'
import type { Day } from '../../time/day.ts'
import { daysBetween } from '../../time/day.ts'
import { defineCommand } from '../frame/command.ts'
import type { CliContext } from '../frame/context.ts'
import { printJson, printLine, printNote } from '../frame/context.ts'
import { failure, usageError } from '../frame/errors.ts'
import { dirOption, keyringDir, today } from '../frame/keyring-folder.ts'
import { intakeAddress, intakeOptions } from '../tip/intake-address.ts'
import type { ServedReplies } from './served-replies.ts'
import { fetchReplies } from './served-replies.ts'
import { readWordsFile, wordsFileOption } from './words-file.ts'
import { count } from '../../text/count.ts'

export const command = defineCommand({
  name: 'answers',
  summary: 'fetch the answers of staff and show those for the twelve words',
  usage: '--words-file FILE --to URL [--socks5 HOST:PORT] [--json]',
  help: `Fetches what every visitor fetches and opens the answers on this machine: the words do not leave it.
An answer is shown only if it is named in an index signed by staff of the keyring. The keyring must be
signed by the root.pub of the keyring folder (--dir).

  tumen answers --words-file words.txt --to http://….onion --socks5 127.0.0.1:9050

Exit status 1: the answers could not be fetched, or an old keyring is being replayed.`,
  options: {
    ...wordsFileOption,
    ...intakeOptions,
    ...dirOption,
    json: { type: 'boolean', about: 'print JSON' },
  },
  positionals: { min: 0, max: 0 },
  async run(context, values) {
    const path = values['words-file']
    if (path === undefined) throw usageError('name the file with the words: --words-file FILE')
    const address = await intakeAddress(context, values)
    const { root } = await readRoot(await keyringDir(context, values.dir))
    const { thread } = await readWordsFile(context, path)
    const served = await fetchReplies({ context, ...address }, root, today(context))
    if (served.keys.state === 'replayed')
      throw failure(
        'an old keyring is being replayed: no answer is shown. Do not trust this server or the connection to it',
      )
    const found = await findAnswers(await loadSodiumPrimitives(), thread, served)
    wipeThread(thread)
    if (values.json === true) printJson(context, describe(served, found))
    else printFound(context, served, found)
    return 0
  },
})

function describe({ keys, issued, indexes }: ServedReplies, found: FoundAnswers): object {
  return {
    keys: { state: keys.state, day: keys.day, issued },
    last_index: lastDay(indexes),
    since: found.since,
    opened: found.openedDays,
    answers: found.answers.map(({ id, day, language, text, asks, isWhole }) => ({
      id,
      day,
      language,
      text,
      asks,
      whole: isWhole,
    })),
    problems: found.problems,
  }
}

function printFound(context: CliContext, served: ServedReplies, found: FoundAnswers): void {
  printNote(context, keysLine(served))
  const last = lastDay(served.indexes)
  if (last !== null) printNote(context, `staff last brought answers on ${last}`)
  for (const line of problemLines(found.problems)) printNote(context, line)
  for (const day of found.openedDays) printLine(context, `staff opened your message on ${day}`)
  for (const answer of found.answers) printAnswer(context, answer)
  if (found.answers.length > 0)
    printNote(
      context,
      'We never ask who or where you are, to meet, to pay, to install anything, or to write elsewhere. If an answer does, it is not from us.',
    )
  else if (found.openedDays.length === 0)
    printLine(context, nothingLine(found.since, today(context)))
}

function keysLine({ keys, issued }: ServedReplies): string {
  switch (keys.state) {
    case 'confirmed':
      return `staff confirmed these keys on ${keys.day}`
    case 'not_confirmed_yet':
      return `new keys of ${issued}, not confirmed yet`
    case 'replayed':
      return 'an old keyring is being replayed'
    case 'unknown':
      return 'staff have not confirmed these keys in the last 30 days'
  }
}

/** Never "no answer": the words may be wrong, or the answer older than what is kept. */
function nothingLine(since: Day | null, day: Day): string {
  if (since === null) return 'there are no answers for anybody on this server yet'
  const days = Math.max(1, daysBetween(since, day))
  return `nothing for these words in the drops of the last ${days === 1 ? 'day' : count(days, 'day')}: look at each word again`
}

function printAnswer(context: CliContext, { id, day, text, asks, isWhole }: Answer): void {
  printLine(context, `answer of ${day} (${id})`)
  for (const line of text.split('\n')) printLine(context, `  ${line}`)
  if (!isWhole) printLine(context, '  (a part of this answer has not arrived yet)')
  if (asks.length > 0) printLine(context, `  asks whether this may be told to: ${asks.join(', ')}`)
}

const problemTexts: Readonly<Record<AnswerProblemCode, (drops: string) => string>> = {
  DROP_MISSING: (drops) => `${drops} did not arrive: try again later`,
  DROP_CHANGED: (drops) => `${drops} did not arrive as staff made it, and is left out: try again`,
  DROP_INVALID: (drops) => `${drops} cannot be read, and is left out`,
  SLOT_UNREADABLE: (drops) => `something for these words in ${drops} cannot be read`,
}

/** One line for each kind of problem. */
function problemLines(problems: FoundAnswers['problems']): string[] {
  const codes = [...new Set(problems.map(({ code }) => code))]
  return codes.map((code) => {
    const days = problems.filter((each) => each.code === code).map(({ day }) => day)
    return problemTexts[code](`the drop of ${[...new Set(days)].join(', ')}`)
  })
}

function lastDay(indexes: ServedReplies['indexes']): Day | null {
  return (
    indexes
      .map(({ day }) => day)
      .toSorted()
      .at(-1) ?? null
  )
}
