import type { EdtfRange } from '../../tip/edtf.ts'
import type { Consent } from '../../tip/consent.ts'
import type { Person } from '../../tip/person.ts'
import type { DetentionTip } from '../../tip/schema.ts'
import type { UnknownField } from '../../tip/schema-walk.ts'
import type { Change, Tier } from './case-file.ts'
import type { OpenedRecord } from './opened-record.ts'

type ChangeOf<Kind extends Change['kind']> = Extract<Change, { kind: Kind }>

/** What the changes of a case file add up to. */
export interface CaseState {
  status: 'new' | 'read' | 'acting' | 'waiting' | 'closed'
  /** When it first left `new`; null while nobody has read it. */
  readAt: string | null
  /** What an analyst set; null: the computed one counts. */
  tier: Tier | null
  /** The most urgent one the program ever computed; null before the first time. */
  reachedTier: Tier | null
  reliability: string | null
  assigned: string | null
  deadline: string | null
  group: string | null
  title: string | null
  /** Corrections of the tip's own fields, by path. */
  corrections: ReadonlyMap<string, ChangeOf<'set'>>
  /** By index into `tip.persons`. */
  persons: ReadonlyMap<
    number,
    { personId: string | null; confirmed: boolean | null; guide: boolean | null }
  >
  notes: readonly ChangeOf<'note'>[]
  links: readonly ChangeOf<'link'>[]
  contacts: readonly ChangeOf<'contact'>[]
  /** The latest recorded word per recipient; goes before what the tip says. */
  consent: readonly ChangeOf<'consent'>[]
  /** Answers to the questions of UN forms, by field: `law`, `persons.0.occupation`. */
  formAnswers: ReadonlyMap<string, string>
  /** Wordings of the source that an analyst confirmed, by path; the digest says which value. */
  confirmations: ReadonlyMap<string, ChangeOf<'confirm'>>
  /** Files that an analyst released, by the digest of the attachment. */
  releases: ReadonlyMap<string, ChangeOf<'release'>>
}

/**
 * Why a case is in its tier: `code` for programs, `text` for the card (English, one short
 * sentence).
 */
export interface TriageReason {
  code: string
  text: string
}

/**
 * The time a government is known to take before it hands people over, and where in it a case
 * stands.
 */
export interface ReturnWindow {
  /** ISO 3166-1 alpha-2. */
  custody: string
  destination: string
  days: number
  /** Where the number comes from. */
  source: string
  /** Whole days since the earliest day the detention can have been. */
  elapsedDays: number
  /** `days - elapsedDays`; negative: it is over, and that says nothing about the person. */
  leftDays: number
  /** The day it ends. */
  endsOn: string
}

/** The day to act by, and what sets it. */
export interface ActBy {
  /** `YYYY-MM-DD`. */
  day: string
  /** The return that the source expects, the end of the window, or the analyst's deadline. */
  why: 'expected' | 'window' | 'deadline'
  /** Whole days from today; negative when the day has passed. */
  leftDays: number
}

export interface Triage {
  /** What counts: never less urgent than it ever was, unless an analyst said so. */
  tier: Tier
  /** What the rules say today. */
  computed: Tier
  /** Who decided: the rules today, the rules at an earlier day, an analyst. */
  decidedBy: 'rules' | 'earlier' | 'analyst'
  reasons: TriageReason[]
  window: ReturnWindow | null
  /** Null when neither the source, a window nor an analyst sets a day. */
  actBy: ActBy | null
  /** Somebody must have looked by then; UTC instant. */
  dueAt: string
  /** Nobody has read it, and `dueAt` has passed. */
  isOverdue: boolean
  /** HURIDOCS micro-thesaurus 46. */
  priority: 'Urgent' | 'High priority' | 'Priority' | 'Low priority'
}

export interface PersonView {
  /** `RECEIPT#INDEX`: this person, in this tip. */
  key: string
  index: number
  person: Person
  /** The analyst's: equal ones are one human being, across tips. */
  personId: string | null
  confirmed: boolean | null
  guide: boolean | null
  /** The first name as the source wrote it, else `unnamed person N`. */
  displayName: string
  /** At the time of detention, international reckoning, whole years; null: not known. */
  age: { min: number; max: number } | null
  minor: 'yes' | 'no' | 'possible' | 'unknown'
  elderly: 'yes' | 'no' | 'possible' | 'unknown'
}

/** All that is known of one case: what every board, sheet, list, report and export is made from. */
export interface CaseView {
  receipt: string
  /**
   * The shortest beginning of the receipt, 8 hex digits or more, that is unique in the casebook.
   */
  id: string
  /**
   * For lists: the analyst's title, else names and number of persons, else the beginning of the
   * narrative.
   */
  title: string
  opened: OpenedRecord
  /** As the source wrote it; null when there is none to read (`opened.problems` says why). */
  original: DetentionTip | null
  /** With the analyst's corrections. */
  tip: DetentionTip | null
  /** Fields of `tip.json` that this version does not know, as they came. */
  unknownFields: readonly UnknownField[]
  state: CaseState
  changes: readonly Change[]
  triage: Triage
  persons: readonly PersonView[]
  /** People the tip speaks of, named or not: from `people_count`, `persons` and `companions`. */
  peopleCount: { min: number; max: number }
  detained: EdtfRange | null
  /**
   * What counts today for each of the six recipients: recorded consent before the tip's, silence is
   * `ask_first`.
   */
  consent: readonly Consent[]
}
