import { loadSodiumPrimitives } from '../../age/sodium.ts'
import type { CaseView, Conversation, ReplyTo } from '../../desk/files/case-view.ts'
import { CasebookError } from '../../desk/files/errors.ts'
import type { AnswerWarning } from '../../desk/replies/answer-warnings.ts'
import { warningsOf } from '../../desk/replies/answer-warnings.ts'
import { draftReply } from '../../desk/replies/draft-reply.ts'
import { spokenLanguage } from '../../desk/replies/prepare-answer.ts'
import { listStandardAnswers, readStandardAnswer } from '../../desk/replies/standard-answers.ts'
import { printable } from '../../desk/text/printable.ts'
import { changeCase } from '../../desk/view/change-case.ts'
import { readBounded } from '../../disk/small-files.ts'
import type { ReplyAsk } from '../../replies/message-fields.ts'
import { ReplyError } from '../../replies/errors.ts'
import { consentRecipients } from '../../tip/codes.ts'
import { defineCommand } from '../frame/command.ts'
import type { CliContext } from '../frame/context.ts'
import { printJson, printLine, printNote, resolvePath } from '../frame/context.ts'
import { failure, usageError } from '../frame/errors.ts'
import { readStdin } from '../frame/stdin.ts'
import { askOnTerminal } from '../keys/terminal.ts'
import { loadCase } from './confirm.ts'
import { actorOf, asUsage, changeOptions, findCasebook, jsonOption } from './find-casebook.ts'
import { refreshAfterChange } from './refresh-and-repair.ts'
import { count } from '../../text/count.ts'
import { decodeText } from '../../text/decode-text.ts'

const maxTextBytes = 100_000

export const caseReply = defineCommand({
  name: 'case reply',
  summary: 'write an answer that the source finds with the twelve words',
  usage: `ID --text-file FILE|- [--ask un,…] [--yes] [--by NAME] [--json] [--casebook DIR]
       tumen case reply ID --standard NAME [--ask un,…]
       tumen case reply ID --take-back MESSAGE
       tumen case reply --list-standard`,
  help: `The answer leaves with the next "tumen acknowledge". Anybody who has the slip of paper with the words
can read it, now and forever: write no name, no place, no date, no number, no address and nothing that
the source told you. Ask questions, and say what happens next. If the text looks like it names such a
thing, it is shown and nothing is written unless you confirm (--yes).
--ask adds the page's own question of consent for each recipient: ${consentRecipients.join(', ')}.
--standard takes a text from answers/NAME.LANGUAGE.txt in the casebook, in the source's language. The
files are made on first use, and you may change them.`,
  options: {
    ...changeOptions,
    ...jsonOption,
    'text-file': { type: 'string', value: 'FILE', about: 'the text, in UTF-8; - reads stdin' },
    standard: { type: 'string', value: 'NAME', about: 'a standard answer instead of a text' },
    ask: { type: 'string', value: 'LIST', about: 'whom to ask consent for: un,unhcr' },
    yes: { type: 'boolean', about: 'write the answer in spite of warnings, which you have read' },
    'list-standard': { type: 'boolean', about: 'list the standard answers and their languages' },
    'take-back': { type: 'string', value: 'MESSAGE', about: 'do not send this answer (again)' },
  },
  positionals: { min: 0, max: 1 },
  async run(context, values, [id]) {
    const casebook = await findCasebook(context, values.casebook)
    if (values['list-standard'] === true) return await list(context, casebook, values.json === true)
    if (id === undefined) throw usageError('ID is missing: name the case to answer')
    const actor = actorOf(context, casebook, values.by)
    const { view, others } = await loadCase(actor, id)
    if (values['take-back'] !== undefined) {
      const message = findMessage(view, values['take-back'])
      await asUsage(() => changeCase(actor, view, [{ kind: 'withdraw_reply', id: message.id }]))
      printLine(context, `${view.id}: the answer ${message.id.slice(0, 8)} is taken back`)
      if (message.drops.length > 0)
        printNote(context, 'a stick brought it already: whoever has the words may have read it')
      return await refreshAfterChange(context, actor, values['no-refresh'])
    }
    const replyTo = replyToOf(view)
    const text = await textOf(context, casebook, replyTo, values)
    const asks = asksOf(values.ask)
    const primitives = await loadSodiumPrimitives()
    const made = await asProblem(() => draftReply(primitives, { replyTo, text, asks }))
    const warnings = warningsOf(text, [view, ...others])
    const isWritten = values.yes === true || (await mayGo(context, warnings))
    if (isWritten) await asUsage(() => changeCase(actor, view, [made.draft]))
    if (values.json === true)
      printJson(context, {
        id: view.id,
        receipt: view.receipt,
        written: isWritten,
        message: isWritten ? made.draft.id : null,
        thread: made.thread,
        parts: made.parts,
        asks,
        warnings,
      })
    else if (isWritten)
      printLine(
        context,
        `${view.id}: answer ${made.draft.id.slice(0, 8)} written, ${count(made.parts, 'part')}; it leaves with the next "tumen acknowledge"`,
      )
    if (!isWritten) {
      printNote(context, 'nothing was written: change the text, or add --yes if it may go')
      return 1
    }
    return await refreshAfterChange(context, actor, values['no-refresh'])
  },
})

/** @throws CliError with the reason why the source cannot be answered. */
export function conversationOf(view: CaseView): Conversation {
  if (view.conversation !== null) return view.conversation
  const refused = view.opened.problems.find(({ code }) => code === 'REPLY_UNUSABLE')
  throw failure(
    refused === undefined
      ? `${view.id} has no way back: the source did not keep any words`
      : `${view.id} has no way back: ${printable(refused.detail)}`,
  )
}

function replyToOf(view: CaseView): ReplyTo {
  const { replyTo, closedBy } = conversationOf(view)
  if (replyTo !== null) return replyTo
  throw failure(
    closedBy === 'desk'
      ? `the conversation of ${view.id} is closed; open it again with "tumen case close-thread ${view.id} --take-back"`
      : `the source ended the conversation of ${view.id}: nothing more is sent`,
  )
}

function findMessage(view: CaseView, typed: string): Conversation['messages'][number] {
  const found = conversationOf(view).messages.filter(({ id }) => id.startsWith(typed))
  if (typed.length >= 4 && found.length === 1 && found[0] !== undefined) return found[0]
  throw usageError(`${view.id} has no such answer: "tumen case show ${view.id}" lists them`)
}

async function textOf(
  context: CliContext,
  casebook: string,
  { language }: ReplyTo,
  values: {
    'text-file'?: string | undefined
    standard?: string | undefined
    ask?: string | undefined
  },
): Promise<string> {
  const path = values['text-file']
  if (path !== undefined && values.standard !== undefined)
    throw usageError('--text-file and --standard exclude each other')
  if (path === undefined) {
    const name = values.standard ?? (values.ask === undefined ? undefined : 'consent')
    if (name === undefined) throw usageError('give --text-file FILE, or --standard NAME')
    return await asUsage(() => readStandardAnswer(casebook, name, spokenLanguage(language)))
  }
  const bytes =
    path === '-'
      ? await readStdin(context, maxTextBytes, 'write the answer; Ctrl-D on an empty line ends it')
      : await readBounded(resolvePath(context, path), maxTextBytes)
  if (bytes === null) throw failure(`${path} is missing (--text-file)`)
  if (bytes.length > maxTextBytes) throw failure(`${path} is too long for an answer (--text-file)`)
  try {
    return decodeText(bytes).trim()
  } catch (cause) {
    throw failure(`${path} is not text in UTF-8 (--text-file)`, cause)
  }
}

function asksOf(typed: string | undefined): ReplyAsk[] {
  const words = (typed ?? '').split(/[,，、]/u).map((word) => word.trim().toLowerCase())
  const asks = words
    .filter((word) => word !== '')
    .map((word) => {
      const found = consentRecipients.find((recipient) => recipient === word)
      if (found === undefined)
        throw usageError(`--ask takes a list of ${consentRecipients.join(', ')}`)
      return found
    })
  return [...new Set(asks)]
}

const kinds: Readonly<Record<AnswerWarning['kind'], string>> = {
  name: 'a name',
  place: 'a place',
  number: 'a number',
  address: 'a way to reach somebody',
  link: 'a link',
  words: 'words of the source',
}

async function mayGo(context: CliContext, warnings: readonly AnswerWarning[]): Promise<boolean> {
  if (warnings.length === 0) return true
  printNote(context, 'whoever holds the words would read:')
  for (const { kind, found } of warnings)
    printNote(context, `  ${kinds[kind]}: ${printable(found, { maxCharacters: 100 })}`)
  if (!context.isTerminal.stdin || !context.isTerminal.stderr) return false
  const answer = await askOnTerminal(context, 'May it go all the same? (y/N) ', 'add --yes')
  return /^y(?:es)?$/iu.test(answer.trim())
}

async function list(context: CliContext, casebook: string, isJson: boolean): Promise<number> {
  const answers = await listStandardAnswers(casebook)
  if (isJson) printJson(context, answers)
  else
    for (const { name, languages } of answers)
      printLine(context, `${name.padEnd(12)} ${languages.join(' ')}`)
  return 0
}

/** Turns an error about the text or the source's reply group into one that says what to do. */
async function asProblem<T>(work: () => T | Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof ReplyError || error instanceof CasebookError)
      throw failure(printable(error.message), error)
    throw error
  }
}
