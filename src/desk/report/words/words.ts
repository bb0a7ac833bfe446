import type {
  acknowledgements,
  authorities,
  personStatuses,
  sexes,
  stepsTaken,
  waysTaken,
  yesNoUnknown,
} from '../../../tip/codes.ts'
import type { NeededItem } from '../meter.ts'
import type { ShownRisk } from '../document.ts'

/** The languages in which the UN's special procedures take submissions. */
export const reportLanguages = ['en', 'fr', 'es'] as const
export type ReportLanguage = (typeof reportLanguages)[number]

type Named<Codes extends readonly string[]> = Readonly<Record<Codes[number], string>>

/** All of our own words in a report, in one language. A missing word is a compile error. */
export interface ReportWords {
  language: ReportLanguage
  /** Words for the codes in a tip. */
  codes: {
    yesNo: Named<typeof yesNoUnknown>
    sex: Named<typeof sexes>
    status: Named<typeof personStatuses>
    authority: Named<typeof authorities>
    wayTaken: Named<typeof waysTaken>
    acknowledged: Named<typeof acknowledgements>
    step: Named<typeof stepsTaken>
    risk: Readonly<Record<ShownRisk, string>>
  }
  dates: {
    unknown: string
    about(date: string): string
    perhaps(date: string): string
    between(from: string, to: string): string
    since(date: string): string
    until(date: string): string
  }
  age(years: string): string
  underOneYear: string
  range(from: string, to: string): string
  transfer(from: string, to: string): string
  minor: { yes: string; possible: string }
  /** Words that occur in every form. */
  common: { of(number: string, total: string): string; needed: string; made(day: string): string }
  identity: Readonly<
    Record<
      | 'name'
      | 'otherNames'
      | 'sex'
      | 'birth'
      | 'age'
      | 'under18'
      | 'nationality'
      | 'papers'
      | 'idIssued'
      | 'origin'
      | 'ethnicity'
      | 'health'
      | 'occupation'
      | 'address',
      string
    >
  >
  event: Readonly<
    Record<
      | 'when'
      | 'where'
      | 'heldWhere'
      | 'transfers'
      | 'forces'
      | 'acknowledged'
      | 'warrant'
      | 'warrantIssuer'
      | 'reasons'
      | 'law'
      | 'how'
      | 'status'
      | 'duration'
      | 'orderedBy'
      | 'heldBy'
      | 'detentionReasons'
      | 'detentionLaw'
      | 'remedies'
      | 'told'
      | 'returnRisk'
      | 'public'
      | 'steps',
      string
    >
  >
  returnRisk(country: string | null, expected: string | null): string
  submitter: Readonly<
    Record<
      'organisation' | 'person' | 'address' | 'phone' | 'email' | 'confidential' | 'family',
      string
    >
  > & { confidentialYes: string; familyYes: string }
  wgeid: {
    group: string
    title: string
    urgent: string
    standard: string
    toGovernment: string
  } & Readonly<
    Record<
      'identity' | 'date' | 'place' | 'forces' | 'circumstances' | 'steps' | 'submitter',
      string
    >
  >
  wgad: { group: string; title: string; toGovernment: string } & Readonly<
    Record<
      | 'identity'
      | 'arrest'
      | 'detention'
      | 'circumstances'
      | 'whyArbitrary'
      | 'reasons'
      | 'remedies'
      | 'submitter',
      string
    >
  >
  meter: {
    title: string
    takeOut: string
    person: string
    have: string
    missing: string
    items: Readonly<Record<NeededItem, string>>
  }
  summary: SummaryWords
}

export interface SummaryWords {
  title(people: string, country: string | null): string
  atRisk(country: string | null): string
  people(count: string): string
  moreUnnamed(count: string): string
  /** How many of the people are female, children, and so on. */
  counted(count: number, what: 'female' | 'male' | 'minor' | 'elderly'): string
  sections: Readonly<Record<'who' | 'where' | 'known' | 'deadline' | 'demands', string>>
  taken: string
  held: string
  heldNotKnown: string
  /** How long governments usually take. The text must promise nothing. */
  deadline(custody: string, destination: string, days: number, from: string, to: string): string
  deadlineExpected(when: string): string
  deadlineNone: string
  demandsTo: (country: string | null) => string
  demands: {
    noReturn(country: string | null): string
    disclose: string
    access: string
    noIllTreatment: string
    release: string
    children: string
    care: string
    afterReturn: string
  }
}
