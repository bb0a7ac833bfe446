import { splitMessage } from '../../replies/split-message.ts'
import { consentRecipients } from '../../tip/codes.ts'
import { othersOfCase } from '../disclose/tips-of-case.ts'
import type { CaseView } from '../files/case-view.ts'
import { acceptedConsent } from '../replies/accept-consent.ts'
import { warningsOf } from '../replies/answer-warnings.ts'
import { option, pick, write } from './dialogs.ts'
import type { Answering, DeskState, PickDialog, StandardText, Step, WriteDialog } from './state.ts'
import { bufferOf } from './text-buffer.ts'
import type { DraftChange } from './store.ts'
import { printable } from './clean.ts'
import { invertDraft } from './undo.ts'

const own = ''
const takeOver = '='
const closing = '-'
const standard = 'standard:'
const done = ''
const again = 'again'
const goes = 'goes'

/** The first choice of key `a`: what to do in the conversation. */
export function pickAnswer(
  view: CaseView,
  answering: Answering | null,
  texts: readonly StandardText[],
): PickDialog {
  const { conversation } = view
  const isClosed = conversation?.closedBy === 'desk'
  return pick({ ask: 'answer', answering, texts }, 'The conversation with the source', [
    ...(answering === null
      ? []
      : [
          option(own, 'write an answer'),
          ...texts.map(({ name, text }) =>
            option(standard + name, `standard answer, ${name}: ${printable(text, 200)}`),
          ),
        ]),
    ...((conversation?.proposals.length ?? 0) === 0
      ? []
      : [option(takeOver, 'take over the consent that a follow-up gives')]),
    ...(conversation?.closedBy === 'source'
      ? []
      : [
          option(
            closing,
            isClosed
              ? 'open the conversation again'
              : 'close the conversation: nothing more is sent',
          ),
        ]),
  ])
}

/** Handles the first choice. */
export function answerStart(
  state: DeskState,
  view: CaseView,
  purpose: Extract<PickDialog['purpose'], { ask: 'answer' }>,
  value: string,
): Step {
  const { answering, texts } = purpose
  if (value === takeOver) return show(state, writeControl(view))
  if (value === closing) {
    const closed = view.conversation?.closedBy !== 'desk'
    return saveAll(state, view, [{ kind: 'close_thread', closed }], 'conversation')
  }
  if (answering === null) return { state, effects: [] }
  const text = texts.find(({ name }) => standard + name === value)?.text ?? ''
  return show(state, writeAnswer(answering, text))
}

function writeAnswer(answering: Answering, initial: string): WriteDialog {
  const dialog = write(
    { ask: 'answer-text', answering },
    `Answer to the source, in ${answering.language}`,
    'Whoever holds the words reads it for ever: no name, place, date, number or address, nothing the source told you. Enter: new line.',
    { isMultiline: true },
  )
  return { ...dialog, initial, buffer: bufferOf(initial) }
}

/** Handles the written text: checks its length, then asks the questions of consent. */
export function answerWritten(
  state: DeskState,
  dialog: WriteDialog,
  answering: Answering,
  text: string,
): Step {
  const problem = textProblem(text)
  return problem === null
    ? show(state, pickAsks({ ...answering, text }))
    : { state: { ...state, dialog: { ...dialog, problem } }, effects: [] }
}

function textProblem(text: string): string | null {
  try {
    splitMessage(text, consentRecipients)
    return null
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

function pickAsks(answering: Answering): PickDialog {
  const { asks } = answering
  return pick({ ask: 'answer-asks', answering }, 'Add the question of consent, for whom?', [
    option(done, asks.length === 0 ? 'no question: go on' : `go on, asking for ${asks.join(', ')}`),
    ...consentRecipients.map((each) =>
      option(each, asks.includes(each) ? `${each}: asked; Enter leaves it out` : each),
    ),
  ])
}

/** Handles the choice of a recipient to ask for; the choice `done` looks for warnings. */
export function answerAsks(
  state: DeskState,
  view: CaseView,
  answering: Answering,
  value: string,
): Step {
  const recipient = consentRecipients.find((each) => each === value)
  if (recipient !== undefined) {
    const asks = answering.asks.includes(recipient)
      ? answering.asks.filter((each) => each !== recipient)
      : [...answering.asks, recipient]
    return show(state, pickAsks({ ...answering, asks }))
  }
  const warnings = warningsOf(answering.text, [view, ...othersOfCase(state.views)(view)])
  if (warnings.length === 0) return saveAnswer(state, view, answering)
  return show(
    state,
    pick(
      { ask: 'answer-warned', answering },
      'Whoever holds the words would read this. Is that meant?',
      [
        ...warnings.map(({ kind, found }) => option(again, `${kind}: ${printable(found, 200)}`)),
        option(again, '(change the text)'),
        option(goes, '(it may go all the same)'),
      ],
    ),
  )
}

export function answerWarned(
  state: DeskState,
  view: CaseView,
  answering: Answering,
  value: string,
): Step {
  return value === goes
    ? saveAnswer(state, view, answering)
    : show(state, writeAnswer(answering, answering.text))
}

function saveAnswer(state: DeskState, view: CaseView, answering: Answering): Step {
  const { id, language, text, asks } = answering
  const draft: DraftChange = { kind: 'reply', id, language, text, asks: [...asks] }
  return saveAll(state, view, [draft], 'answer; it leaves with the next stick')
}

function writeControl(view: CaseView): WriteDialog {
  const offered = (view.conversation?.proposals ?? [])
    .map(({ recipient, level, now }) => `${recipient}: ${level} (now ${now})`)
    .join(', ')
  return write(
    { ask: 'answer-control' },
    'Take over the consent of a follow-up',
    `It gives ${offered}. It comes from whoever holds the words: write which control question you asked, and how it was answered.`,
  )
}

/** Handles the control question: now the consent of the follow-up counts. */
export function answerControl(state: DeskState, view: CaseView, control: string): Step {
  const proposals = view.conversation?.proposals ?? []
  if (proposals.length === 0)
    return { state: { ...state, dialog: null, message: 'nothing to take over' }, effects: [] }
  return saveAll(state, view, acceptedConsent(proposals, control), 'consent taken over')
}

function show(state: DeskState, dialog: PickDialog | WriteDialog): Step {
  return { state: { ...state, dialog, message: '' }, effects: [] }
}

function saveAll(
  state: DeskState,
  view: CaseView,
  drafts: readonly DraftChange[],
  label: string,
): Step {
  const changes = drafts.map((draft) => invertDraft(view, draft))
  const undo = { receipt: view.receipt, label, changes }
  return {
    state: { ...state, pending: { label, undo } },
    effects: [{ kind: 'save', receipt: view.receipt, changes: drafts }],
  }
}
