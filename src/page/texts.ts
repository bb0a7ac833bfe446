import type { ProblemCode } from '../wire/problem-codes.ts'
import type { FormTexts, DeferredTexts } from './app/form-texts.ts'
import type { Language } from './languages.ts'
import type { OrganisationTexts } from './organisation-texts.ts'
import type { AnswersTexts, WarningTexts, WordsTexts } from './two-way-texts.ts'

/**
 * Every word that a source reads. A language is one file in `languages/`, which exports these
 * groups by name. Text between backquotes is to be typed or clicked exactly as written: it is shown
 * as code and is the same in every language, as are `{placeholders}`.
 */
export interface PageTexts {
  frame: FrameTexts
  organisation: OrganisationTexts
  leave: LeaveTexts
  safety: SafetyTexts
  withoutScript: WithoutScriptTexts
  receipt: ReceiptTexts
  receipts: ReceiptsTexts
  torFacts: TorFactsTexts
  problems: ProblemsTexts
  form: FormTexts
  later: DeferredTexts
  words: WordsTexts
  answers: AnswersTexts
  warning: WarningTexts
  offline: OfflineTexts
  frontPage: FrontPageTexts
}

export type TextGroup = keyof PageTexts

/** The groups that a language must translate itself before it can be added to the list. */
export const OWN_GROUPS = [
  'frame',
  'leave',
  'safety',
  'withoutScript',
  'warning',
] as const satisfies readonly TextGroup[]

/** A language that takes its other groups from a fallback language. */
export type PartialTexts = Pick<PageTexts, (typeof OWN_GROUPS)[number]> &
  Partial<Pick<PageTexts, 'organisation'>> & {
    fallback: Language
    /** Says, in the language itself, that a part is not in this language. */
    foreignNote: string
  }

/** All texts of a page in one language, and which of them are in another language. */
export interface SpokenTexts extends PageTexts {
  language: Language
  foreign: Readonly<Partial<Record<TextGroup, Language>>>
  foreignNote: string | null
}

/** The texts that a view needs: the page loads only the groups that it shows. */
export type Spoken<Groups extends TextGroup> = Pick<
  SpokenTexts,
  'language' | 'foreign' | 'foreignNote' | Groups
>

/** Lines of text with one idea each. */
export type Lines = readonly string[]

export interface FrameTexts {
  title: string
  skip: string
  demo: string
  languages: string
  home: string
  staff: string
  fingerprint: string
  fingerprintHint: string
  /** Contains `{day}`. */
  expires: string
  ask: string
  sealed: string
  quiet: string
}

export interface LeaveTexts {
  link: string
  keys: string
}

export interface SafetyPoint {
  title: string
  lines: Lines
}

export const SAFETY_POINTS = ['outside', 'device', 'leaveOut', 'photos', 'reading'] as const

export type SafetyTexts = Readonly<Record<(typeof SAFETY_POINTS)[number], SafetyPoint>> & {
  lead: Lines
  /** Leads to the form. */
  write: string
  heading: string
  more: string
  moreLines: Lines
}

export interface WithoutScriptTexts {
  loading: string
  heading: string
  intro: Lines
  slow: string
  /** Asks to write down whom staff may tell, above the choices. */
  consent: string
  /** The text above the same instructions when scripts may be on. */
  how: string
  offline: { title: string; link: string; steps: Lines }
  age: {
    title: string
    before: Lines
    newer: string
    older: string
    olderNote: string
    after: Lines
  }
  tumen: { title: string; lines: Lines }
  send: { heading: string; label: string; button: string; lines: Lines }
}

export const RECEIPT_STATES = ['accepted', 'stored', 'collected'] as const
export type ReceiptState = (typeof RECEIPT_STATES)[number]

export interface ReceiptTexts {
  heading: string
  states: Readonly<Record<ReceiptState, string>>
  label: string
  means: Lines
  keep: Lines
  next: string
  clear: string
  cleared: string
  newIdentity: Lines
}

export interface ReceiptsTexts {
  heading: string
  label: string
  hint: string
  button: string
  privacy: string
  unknown: string
  /** Contains `{days}`: how long after collection a receipt is forgotten. */
  unknownLines: Lines
  noReceiptHeading: string
  severalReceipts: string
  /** Shown when the pasted text contains no receipt. It says nothing about the message itself. */
  noReceipt: string
}

export interface TorFactsTexts {
  heading: string
  notOnion: Lines
  notTorBrowser: Lines
  local: Lines
  todo: string
  steps: Lines
  yourChoice: string
}

/** The words that differ in the file that seals without a network. */
export interface OfflineTexts {
  lead: Lines
  quiet: string
  button: string
  loading: string
  sealing: string
  phases: Readonly<Record<'preparing' | 'sending' | 'finishing', string>>
  bar: string
  keepOpen: string
  cancel: string
  askCancel: string
  tooLarge: string
  saved: { heading: string; lines: Lines; again: string; label: string }
}

/** The words of the page on the open web, which sends people to the onion service. */
export interface FrontPageTexts {
  lead: Lines
  seen: { heading: string; lines: Lines }
  get: { heading: string; lines: Lines }
  blocked: { heading: string; lines: Lines }
  open: { heading: string; lines: Lines }
  address: string
  /** The text alternative of the QR code. */
  qr: string
  compare: string
  after: { heading: string; lines: Lines }
  quiet: string
}

/** A title and what to do next. The words are fixed: nothing from the request is ever repeated. */
export type ProblemText = readonly [title: string, detail: string]

export interface ProblemsTexts {
  heading: string
  nothingKept: string
  texts: Readonly<Record<ProblemCode, ProblemText>>
}

/** Prepares a language that is complete. */
export function speakOwn(language: Language, own: PageTexts): SpokenTexts {
  return { ...own, language, foreign: {}, foreignNote: null }
}

/** Prepares a partial language, with the other groups from its fallback. */
export function speakWith(language: Language, own: PartialTexts, rest: PageTexts): SpokenTexts {
  const { fallback, foreignNote, ...groups } = own
  const borrowed = (Object.keys(rest) as TextGroup[]).filter((group) => !(group in groups))
  const foreign = Object.fromEntries(borrowed.map((group) => [group, fallback]))
  return { ...rest, ...groups, language, foreign, foreignNote }
}
