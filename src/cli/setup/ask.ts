import type { Parsed } from '../../../config/parsers.ts'
import type { CliContext } from '../frame/context.ts'
import { printNote } from '../frame/context.ts'
import { failure, usageError } from '../frame/errors.ts'
import { askOnTerminal, withTerminal } from '../keys/terminal.ts'

export interface Question {
  /** The option that answers it. */
  readonly option: string
  /** Lines above it. */
  readonly hints?: readonly string[]
  readonly text: string
  /** What Enter takes. */
  readonly standard: string
  readonly parse: (text: string) => Parsed<unknown>
  /** Nobody sees what is typed, nor what Enter takes. */
  readonly isSecret?: boolean
}

/** @returns the text of an answer that can be parsed. */
export type Ask = (question: Question, given: string | undefined) => Promise<string>

const wayOut = 'there is no terminal to ask: give the answers as options, and --yes for all others'
const maxAnswerBytes = 4096

/**
 * Takes what options say, then what the person says, or the standard answer when nobody is to be
 * asked.
 */
export function createAsk(context: CliContext, isAsking: boolean): Ask {
  return async (question, given) => {
    if (given !== undefined) return checked(question, given)
    if (!isAsking) return checked(question, question.standard)
    for (const hint of question.hints ?? []) printNote(context, hint)
    for (;;) {
      const answer = (await readAnswer(context, question)) || question.standard
      const parsed = question.parse(answer)
      if ('value' in parsed) return answer
      printNote(context, `  It ${parsed.problem}.`)
    }
  }
}

/** @throws CliError `FAILED` without a terminal, or when the person gives up. */
export async function confirm(context: CliContext, text: string): Promise<boolean> {
  return /^y(es)?$/i.test((await askOnTerminal(context, `${text} (y/N) `, wayOut)).trim())
}

function checked(question: Question, answer: string): string {
  const parsed = question.parse(answer)
  if ('value' in parsed) return answer
  throw usageError(`--${question.option} ${parsed.problem}`)
}

async function readAnswer(
  context: CliContext,
  { text, standard, isSecret }: Question,
): Promise<string> {
  if (isSecret !== true)
    return (await askOnTerminal(context, `${text} [${standard}] `, wayOut)).trim()
  const opening = { wayOut, maxBytes: maxAnswerBytes }
  const answer = await withTerminal(context, opening, (terminal) =>
    terminal.readHidden(`${text} (not shown) `),
  )
  if (Buffer.byteLength(answer) > maxAnswerBytes) throw failure('the answer is too long')
  return answer.trim()
}
