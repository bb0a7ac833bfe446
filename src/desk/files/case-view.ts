import type { EdtfRange } from '../../tip/edtf.ts'
import type { Consent, ConsentLevel, ConsentRecipient } from '../../tip/consent.ts'
import type { Person } from '../../tip/person.ts'
import type { DetentionTip } from '../../tip/schema.ts'
import type { UnknownField } from '../../tip/schema-walk.ts'
import type { Change, Tier } from './case-file.ts'
import type { OpenedRecord } from './opened-record.ts'

type ChangeOf<Kind extends Change['kind']> = Extract<Change, { kind: Kind }>

/** The state of a case that results from all changes in its case file. */
export interface CaseState {
  status: 'new' | 'read' | 'acting' | 'waiting' | 'closed'
  /** When the case first left the status `new`; null while nobody has read it. */
  readAt: string | null
  /** The tier set by an analyst; null when the computed tier applies. */
  tier: Tier | null
  /** The most urgent tier that the program ever computed; null before the first computation. */
  reachedTier: Tier | null
  reliability: string | null
  assigned: string | null
  deadline: string | null
  group: string | null
  title: string | null
  /** Corrections of the tip's own fields, by path. */
  corrections: ReadonlyMap<string, ChangeOf<'set'>>
  /** Keyed by the index into `tip.persons`. */
  persons: ReadonlyMap<
    number,
    { personId: string | null; confirmed: boolean | null; guide: boolean | null }
  >
  notes: readonly ChangeOf<'note'>[]
  links: readonly ChangeOf<'link'>[]
  contacts: readonly ChangeOf<'contact'>[]
  /** The latest recorded consent per recipient; it overrides the consent in the tip. */
  consent: readonly ChangeOf<'consent'>[]
  /** Answers to the questions of UN forms, keyed by field: `law`, `persons.0.occupation`. */
  formAnswers: ReadonlyMap<string, string>
  /**
   * Wordings of the source that an analyst confirmed, keyed by path. The digest in each identifies
   * the confirmed value.
   */
  confirmations: ReadonlyMap<string, ChangeOf<'confirm'>>
  /** Files that an analyst released, keyed by the digest of the attachment. */
  releases: ReadonlyMap<string, ChangeOf<'release'>>
}

/**
 * A reason for the tier of a case: `code` for programs, `text` (one short English sentence) for the
 * card.
 */
export interface TriageReason {
  code: string
  text: string
}

/**
 * The time that a government is known to take before it hands people over, and how much of it has
 * passed in this case.
 */
export interface ReturnWindow {
  /** ISO 3166-1 alpha-2. */
  custody: string
  destination: string
  days: number
  /** Source of the number of days. */
  source: string
  /** Whole days since the earliest possible day of the detention. */
  elapsedDays: number
  /**
   * `days - elapsedDays`. A negative number means only that the window has ended; it says nothing
   * about the person.
   */
  leftDays: number
  /** The day on which the window ends. */
  endsOn: string
}

/** The day by which somebody should act, and its reason. */
export interface ActBy {
  /** `YYYY-MM-DD`. */
  day: string
  /**
   * The reason: the return that the source expects, the end of the window, or the analyst's
   * deadline.
   */
  why: 'expected' | 'window' | 'deadline'
  /** Whole days from today; negative when the day has passed. */
  leftDays: number
}

export interface Triage {
  /** The tier that applies: the most urgent one ever computed, unless an analyst set another. */
  tier: Tier
  /** The tier by today's rules and facts. */
  computed: Tier
  /** What decided the tier: the rules today, the rules on an earlier day, or an analyst. */
  decidedBy: 'rules' | 'earlier' | 'analyst'
  reasons: TriageReason[]
  window: ReturnWindow | null
  /** Null when neither the source, a window nor an analyst sets a day. */
  actBy: ActBy | null
  /** UTC instant by which somebody must have read the case. */
  dueAt: string
  /** Whether nobody has read the case although `dueAt` has passed. */
  isOverdue: boolean
  /** HURIDOCS micro-thesaurus 46. */
  priority: 'Urgent' | 'High priority' | 'Priority' | 'Low priority'
}

export interface PersonView {
  /** `RECEIPT#INDEX`: identifies this person within this tip. */
  key: string
  index: number
  person: Person
  /** Id assigned by an analyst. Persons with the same id are one human being, across tips. */
  personId: string | null
  confirmed: boolean | null
  guide: boolean | null
  /** The first name as the source wrote it, otherwise `unnamed person N`. */
  displayName: string
  /**
   * Age at the time of detention, by international reckoning, in whole years; null when unknown.
   */
  age: { min: number; max: number } | null
  minor: 'yes' | 'no' | 'possible' | 'unknown'
  elderly: 'yes' | 'no' | 'possible' | 'unknown'
}

/** Everything known about one case: the input for every board, sheet, list, report and export. */
export interface CaseView {
  receipt: string
  /**
   * The shortest prefix of the receipt, of at least 8 hex digits, that is unique in the casebook.
   */
  id: string
  /**
   * Title for lists: the analyst's title, otherwise names and number of persons, otherwise the
   * beginning of the narrative.
   */
  title: string
  opened: OpenedRecord
  /**
   * The tip as the source wrote it; null when it cannot be read (`opened.problems` gives the
   * reason).
   */
  original: DetentionTip | null
  /** The tip with the analyst's corrections. */
  tip: DetentionTip | null
  /** Unchanged fields of `tip.json` that this version does not know. */
  unknownFields: readonly UnknownField[]
  state: CaseState
  changes: readonly Change[]
  triage: Triage
  persons: readonly PersonView[]
  /**
   * Number of people the tip mentions, named or not, from `people_count`, `persons` and
   * `companions`.
   */
  peopleCount: { min: number; max: number }
  detained: EdtfRange | null
  /**
   * The current consent for each of the six recipients. Recorded consent overrides the tip's;
   * without either, it is `ask_first`.
   */
  consent: readonly Consent[]
  /** The conversation with the source; null when the tip has no way back. */
  conversation: Conversation | null
  /** Ids of cases that perhaps tell of the same persons (`withAlikeCases`). */
  alike: readonly string[]
}

/** How far an answer has come. Each state includes the ones before it. */
export type MessageState =
  /** It waits for the next stick. */
  | 'written'
  /** It is in a drop on a stick that was synced. */
  | 'on_the_stick'
  /** The server's index, which came back, names its drop. */
  | 'published'
  /** A follow-up of the source names it. */
  | 'answered'
  /** The conversation ended before an answer came. */
  | 'closed'
  /** An analyst took it back. */
  | 'withdrawn'

/** An answer to the source, and how far it has come. */
export interface SentMessage {
  /** 32 hex digits. */
  id: string
  /** The tip whose case file has the answer. */
  receipt: string
  at: string
  by: string
  language: string
  text: string
  asks: readonly ConsentRecipient[]
  state: MessageState
  /** The drops with the answer, oldest first. */
  drops: readonly { id: string; trip: number; day: string; published: string | null }[]
  /** Whether the sticks with it did not arrive, so that it waits again. */
  isLost: boolean
  /** The follow-up that answers it. */
  answeredBy: string | null
}

/** A tip's place in a conversation. */
export interface ConversationTip {
  receipt: string
  /** The id of the case, the same as `CaseView.id`. */
  id: string
  openedAt: string
  /** Whether it came after another tip or answers one of our messages. */
  isFollowUp: boolean
  /** The message that it answers. */
  answers: string | null
  /** Whether the source ended the conversation with it. */
  closes: boolean
  /** Whether it came with words that the source had replaced before. */
  hasOldWords: boolean
}

/** Consent that a follow-up gives and that does not count before an analyst takes it over. */
export interface ConsentProposal {
  recipient: ConsentRecipient
  level: ConsentLevel
  /** The level in force. */
  now: ConsentLevel
  /** The receipt of the follow-up. */
  receipt: string
}

/** The public half of the source's words, as a tip states it. */
export interface ReplyTo {
  recipient: string
  /** 64 hex digits. */
  tag_key: string
  language: string
}

/** All tips and answers of one source who comes back with the same words. */
export interface Conversation {
  /** Where answers go; null when there is no usable way back. */
  replyTo: ReplyTo | null
  /** Why no answer is possible, or null. */
  problem: string | null
  /** In the order in which they were opened. */
  tips: readonly ConversationTip[]
  /** In the order in which they were written. */
  messages: readonly SentMessage[]
  closedBy: 'desk' | 'source' | null
  proposals: readonly ConsentProposal[]
  /** Whether a follow-up came that nobody has read. */
  hasAnswer: boolean
  /** Whether the source wrote last, so that an answer is due. */
  wantsAnswer: boolean
}
