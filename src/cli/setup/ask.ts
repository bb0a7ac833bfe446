import type { Parsed } from '../../../config/parsers.ts'
import type { CliContext } from '../frame/context.ts'
import { printNote } from '../frame/context.ts'
import { failure, usageError } from '../frame/errors.ts'
import { askOnTerminal, withTerminal } from '../keys/terminal.ts'

export interface Question {
  /** The option that answers the question. */
  readonly option: string
  /** Lines printed above the question. */
  readonly hints?: readonly string[]
  readonly text: string
  /** The default answer, for Enter alone. */
  readonly standard: string
  readonly parse: (text: string) => Parsed<unknown>
  /** Whether the answer and the default are hidden. */
  readonly isSecret?: boolean
}

/** Returns the text of a valid answer. */
export type Ask = (question: Question, given: string | undefined) => Promise<string>

const wayOut = 'there is no terminal to ask: give the answers as options, and --yes for all others'
const maxAnswerBytes = 4096

/**
 * Uses the answers given as options, then those of the person; uses the default if nobody can be
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

/** Asks for a yes. @throws CliError `FAILED` without a terminal, or when the person stops. */
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
