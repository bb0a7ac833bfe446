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
import type { ConsentChoice } from '../../tip/consent-choice.ts'
import type { FileKind, FileState } from './file-draft.ts'
import { noDate, type VagueDate } from './vague-date.ts'

/**
 * The answers typed so far: plain values that exist only in memory and do not depend on the
 * language.
 */

type Code<Codes extends readonly string[]> = Codes[number]
/** A code, or an empty text if the question was not asked or not answered. */
type Answer<Codes extends readonly string[]> = '' | Code<Codes>

export interface NameDraft {
  readonly key: number
  readonly text: string
  readonly kind: Answer<typeof nameKinds>
}

export interface PersonDraft {
  readonly key: number
  readonly name: string
  readonly age: string
  readonly ageUnit: Code<typeof ageUnits>
  readonly reckoning: Answer<typeof ageReckonings>
  readonly otherNames: readonly NameDraft[]
  readonly sex: Answer<typeof sexes>
  readonly birth: VagueDate
  readonly nationality: string
  readonly originPlace: string
  readonly ethnicity: string
  readonly riskFlags: readonly Code<typeof riskFlags>[]
  readonly medical: string
  readonly status: Answer<typeof personStatuses>
}

export interface TransferDraft {
  readonly key: number
  readonly when: VagueDate
  readonly from: string
  readonly to: string
}

export interface StepDraft {
  readonly key: number
  readonly action: Code<typeof stepsTaken>
  readonly when: VagueDate
  readonly result: string
}

export interface FileDraft {
  readonly key: number
  /** The browser's handle. Its content is never read into the draft. */
  readonly file: File
  readonly wish: 'remove' | 'keep'
  /** Null until the file's first bytes have been read. */
  readonly kind: FileKind | null
  readonly state: FileState
}

/** Answers of a recipient's own, which refine the choice for all recipients. */
export type ConsentDraft = Readonly<
  Partial<Record<Code<typeof consentRecipients>, Code<typeof consentLevels>>>
>

/** The answers to "Could they be sent back by force?" */
export const sentBackCodes = ['soon', 'yes', 'returned', 'no', 'unsure'] as const
export type SentBack = (typeof sentBackCodes)[number]

/** Every question with a single answer, by the name of its field on the page. */
export interface Answers {
  readonly narrative: string
  readonly stillHeld: Answer<typeof yesNoUnsure>
  readonly sentBack: '' | SentBack
  readonly when: string
  readonly whenDate: VagueDate
  readonly where: string
  readonly whereCountry: string
  readonly topic: Answer<typeof topics>
  readonly atLeast: string
  readonly atMost: string
  readonly authority: readonly Code<typeof authorities>[]
  readonly authorityText: string
  readonly howTaken: Answer<typeof waysTaken>
  readonly held: string
  readonly heldCountry: string
  readonly returnCountry: string
  readonly returnWhen: VagueDate
  readonly returnBasis: string
  readonly lastContact: VagueDate
  readonly companions: string
  readonly guides: string
  readonly warrant: Answer<typeof yesNoUnknown>
  readonly reasons: string
  readonly acknowledged: Answer<typeof acknowledgements>
  readonly public: Answer<typeof yesNoUnknown>
  readonly relation: Answer<typeof relations>
  readonly basis: Answer<typeof knowledgeBases>
  readonly inside: Answer<typeof yesNoPreferNot>
  readonly contactWay: Code<typeof contactWays>
  readonly contactText: string
  readonly safeTimes: string
  readonly consentChoice: '' | ConsentChoice
  /** Whether the UN may be told too. Counts only together with names. */
  readonly isUnToo: boolean
  readonly consent: ConsentDraft
  readonly givenBy: string
  readonly familyAgrees: Answer<typeof yesNoUnknown>
  readonly wish: string
}

export interface Lists {
  readonly persons: readonly PersonDraft[]
  readonly transfers: readonly TransferDraft[]
  readonly steps: readonly StepDraft[]
  readonly files: readonly FileDraft[]
}

export type ListName = keyof Lists
export type ItemOf<List extends ListName> = Lists[List][number]

/** The item that was removed last, so that a removal by mistake can be undone. */
export type Removed = {
  [List in ListName]: { list: List; index: number; item: ItemOf<List> }
}[ListName]

/** A text was rejected because it is too long. The field keeps its previous text. */
export interface Refusal {
  /**
   * The id of the field, such as `persons-3-medical`; `draft` when all texts together are too long.
   */
  field: string
  maxChars: number
}

export interface Draft extends Answers, Lists {
  readonly nextKey: number
  readonly removed: Removed | null
  readonly refusal: Refusal | null
}

const newPerson = (key: number): PersonDraft => ({
  key,
  name: '',
  age: '',
  ageUnit: 'years',
  reckoning: '',
  otherNames: [],
  sex: '',
  birth: noDate,
  nationality: '',
  originPlace: '',
  ethnicity: '',
  riskFlags: [],
  medical: '',
  status: '',
})

/** Makes blank list items. Files and steps start with the file or kind they are about. */
export const newItem = {
  persons: newPerson,
  transfers: (key: number): TransferDraft => ({ key, when: noDate, from: '', to: '' }),
}

export const newStep = (action: StepDraft['action']): Omit<StepDraft, 'key'> => ({
  action,
  when: noDate,
  result: '',
})

export const emptyDraft: Draft = {
  narrative: '',
  stillHeld: '',
  sentBack: '',
  when: '',
  whenDate: noDate,
  where: '',
  whereCountry: '',
  topic: '',
  atLeast: '',
  atMost: '',
  authority: [],
  authorityText: '',
  howTaken: '',
  held: '',
  heldCountry: '',
  returnCountry: '',
  returnWhen: noDate,
  returnBasis: '',
  lastContact: noDate,
  companions: '',
  guides: '',
  warrant: '',
  reasons: '',
  acknowledged: '',
  public: '',
  relation: '',
  basis: '',
  inside: '',
  contactWay: 'return_here',
  contactText: '',
  safeTimes: '',
  consentChoice: '',
  isUnToo: false,
  consent: {},
  givenBy: '',
  familyAgrees: '',
  wish: '',
  persons: [newPerson(0)],
  transfers: [],
  steps: [],
  files: [],
  nextKey: 1,
  removed: null,
  refusal: null,
}

/** Whether a person, transfer or step has no answers yet. */
function isBlankItem(item: ItemOf<ListName>): boolean {
  if ('file' in item) return false
  const blank =
    'name' in item
      ? newItem.persons(item.key)
      : 'from' in item
        ? newItem.transfers(item.key)
        : { ...newStep(item.action), key: item.key }
  return JSON.stringify(item) === JSON.stringify(blank)
}

const answersOf = ({ nextKey: _, removed: __, refusal: ___, ...answers }: Draft): string =>
  JSON.stringify({ ...answers, persons: [], files: [] })
const emptyAnswers = answersOf(emptyDraft)

/** Whether the draft has no answers, so that leaving the page loses nothing. */
export const isEmpty = (draft: Draft): boolean =>
  // The longest text is compared first, because this runs at every keystroke.
  draft.narrative === '' &&
  draft.files.length === 0 &&
  draft.persons.every(isBlankItem) &&
  answersOf(draft) === emptyAnswers

export const isWorthUndoing = ({ item }: Removed): boolean => !isBlankItem(item)
