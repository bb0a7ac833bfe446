import type {
  acknowledgements,
  ageReckonings,
  ageUnits,
  authorities,
  consentLevels,
  consentRecipients,
  contactWays,
  knowledgeBases,
  nameKinds,
  personStatuses,
  relations,
  riskFlags,
  sexes,
  stepsTaken,
  topics,
  waysTaken,
  yesNoPreferNot,
  yesNoUnknown,
  yesNoUnsure,
} from '../../tip/codes.ts'
import type { MetadataOutcome, SealingErrorCode, SendingPhase } from '../sealing/sealer.ts'
import type { ConsentChoice } from '../../tip/consent-choice.ts'
import type { SentBack } from './draft.ts'
import type { FileKind } from './file-draft.ts'
import type { DateChoice } from './vague-date.ts'

type Labels<Codes extends readonly string[]> = Readonly<Record<Codes[number], string>>

/** The words of the form as it is shown first. `{n}` and similar names are placeholders. */
export interface FormTexts {
  choose: string
  remove: string
  undo: string
  removed: string
  year: string
  month: string
  day: string
  /** The questions, by the name of their field. */
  ask: Readonly<
    Record<
      | 'narrative'
      | 'who'
      | 'name'
      | 'age'
      | 'person'
      | 'when'
      | 'whenDate'
      | 'where'
      | 'stillHeld'
      | 'sentBack'
      | 'returnWhen'
      | 'files',
      string
    >
  >
  hint: Readonly<Record<'narrative' | 'who' | 'when' | 'where' | 'files', string>>
  add: Readonly<Record<'person' | 'file', string>>
  /** The optional part of the form. */
  more: Readonly<
    Record<
      | 'open'
      | 'intro'
      | 'persons'
      | 'event'
      | 'steps'
      | 'source'
      | 'consent'
      | 'loading'
      | 'failed',
      string
    >
  >
  dates: Readonly<Record<DateChoice, string>>
  dateFrom: string
  dateTo: string
  stillHeld: Labels<typeof yesNoUnsure>
  sentBack: Readonly<Record<SentBack, string>>
  /** The mark of the one field that must be filled in. */
  required: string
  consent: ConsentTexts
  files: {
    choice: string
    remove: string
    keep: string
    preparing: string
    unreadable: string
    empty: string
    /** The picture breaks the rules of its format. */
    damaged: string
    /** The picture has a part that the page does not know. */
    unusual: string
    printProfile: string
    /** The question when Send is pressed; quotes `{send}` and `{without}`. */
    uncleaned: string
    sendWithout: string
    outcomes: Readonly<Record<MetadataOutcome, string>>
    /** The kinds of file in which hidden place and time remain. */
    kinds: Readonly<Record<Exclude<FileKind, 'picture'>, string>>
    tooMany: string
  }
  problems: Readonly<Record<'heading' | 'narrative' | 'too_long' | 'draft_too_long', string>>
  send: Readonly<
    Record<'button' | 'sealedTo' | 'fingerprint' | 'loading' | 'again' | 'demo', string>
  >
  /** The way to the answers, for people who have sent something before. */
  returning: string
  /** What staff have signed about the keys. Contain `{day}` or `{issued}`. */
  keys: Readonly<
    Record<
      'issued' | 'confirmed' | 'not_confirmed_yet' | 'replayed' | 'unknown' | 'compare',
      string
    >
  >
  failures: Readonly<Record<EarlyFailure, string>>
  languageFailed: string
  broken: string
}

/** The question whom staff may tell, with what each answer means. */
export interface ConsentTexts {
  question: string
  choices: Readonly<Record<ConsentChoice, string>>
  hints: Readonly<Record<ConsentChoice, string>>
  /** The line that has to be ticked as well before the UN gets a name. */
  un: string
  /** What the UN does with the name. Always visible. */
  unHint: string
  /** True for every choice. */
  always: readonly string[]
  /** Shown once when Send is pressed without a choice. */
  unchosen: string
}

/** Failures that can happen before anything is sent. */
export type EarlyFailure =
  | 'KEYRING_UNREACHABLE'
  | 'KEYRING_UNTRUSTED'
  | 'KEYRING_EXPIRED'
  | 'KEYRING_REPLAYED'
  | 'NOT_STARTED'
  | 'BROKEN'

/**
 * The words that are loaded after the first paint: "more, if you can", sending, and the receipt.
 */
export interface DeferredTexts {
  country: string
  ask: Readonly<
    Record<
      | 'otherName'
      | 'nameKind'
      | 'ageUnit'
      | 'reckoning'
      | 'sex'
      | 'birth'
      | 'nationality'
      | 'originPlace'
      | 'ethnicity'
      | 'riskFlags'
      | 'medical'
      | 'status'
      | 'count'
      | 'atLeast'
      | 'atMost'
      | 'topic'
      | 'authority'
      | 'authorityText'
      | 'howTaken'
      | 'held'
      | 'transfers'
      | 'transferWhen'
      | 'transferFrom'
      | 'transferTo'
      | 'returnRisk'
      | 'returnCountry'
      | 'whereCountry'
      | 'returnBasis'
      | 'lastContact'
      | 'companions'
      | 'guides'
      | 'warrant'
      | 'reasons'
      | 'acknowledged'
      | 'steps'
      | 'stepWhen'
      | 'stepResult'
      | 'public'
      | 'relation'
      | 'basis'
      | 'inside'
      | 'contact'
      | 'contactText'
      | 'safeTimes'
      | 'consent'
      | 'givenBy'
      | 'familyAgrees'
      | 'wish',
      string
    >
  >
  hint: Readonly<
    Record<
      'otherName' | 'reckoning' | 'riskFlags' | 'guides' | 'contactText' | 'consent' | 'source',
      string
    >
  >
  add: Readonly<Record<'name' | 'transfer', string>>
  yesNo: Labels<typeof yesNoUnknown>
  inside: Labels<typeof yesNoPreferNot>
  topics: Labels<typeof topics>
  nameKinds: Labels<typeof nameKinds>
  sexes: Labels<typeof sexes>
  ageUnits: Labels<typeof ageUnits>
  reckonings: Labels<typeof ageReckonings>
  risks: Labels<typeof riskFlags>
  statuses: Labels<typeof personStatuses>
  ways: Labels<typeof waysTaken>
  authorities: Labels<typeof authorities>
  acknowledgements: Labels<typeof acknowledgements>
  steps: Labels<typeof stepsTaken>
  relations: Labels<typeof relations>
  bases: Labels<typeof knowledgeBases>
  contactWays: Labels<typeof contactWays>
  recipients: Labels<typeof consentRecipients>
  levels: Labels<typeof consentLevels>
  sending: Readonly<
    Record<
      | 'heading'
      | 'bar'
      | 'amount'
      | 'rate'
      | 'minutesLeft'
      | 'secondsLeft'
      | 'hoursLeft'
      | 'interruptions'
      | 'keepOpen'
      | 'told'
      | 'pause'
      | 'resume'
      | 'cancel'
      | 'askCancel'
      | 'cancelYes'
      | 'cancelNo',
      string
    >
  > & { phases: Readonly<Record<SendingPhase, string>> }
  failures: Readonly<Record<Exclude<SealingErrorCode, EarlyFailure>, string>>
  failureHeading: string
  receipt: Readonly<Record<'ask' | 'asking' | 'unreachable', string>>
}

export type AllTexts = FormTexts & DeferredTexts

export const joinTexts = (first: FormTexts, later: DeferredTexts): AllTexts => ({
  ...first,
  ...later,
  ask: { ...first.ask, ...later.ask },
  hint: { ...first.hint, ...later.hint },
  add: { ...first.add, ...later.add },
  failures: { ...first.failures, ...later.failures },
})
