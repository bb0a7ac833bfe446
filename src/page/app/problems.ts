import type { Draft } from './draft.ts'
import { isWrongNumber, maxAge, maxCount } from './numbers.ts'
import { problemOfDate, type DateProblem, type VagueDate } from './vague-date.ts'

export type ProblemCode = 'narrative' | 'number' | 'file' | DateProblem

export interface Problem {
  /** Id of the control to go to. */
  field: string
  code: ProblemCode
}

const wrongNumber = (field: string, typed: string, maximum: number): Problem[] =>
  isWrongNumber(typed, maximum) ? [{ field, code: 'number' }] : []

/** The first small field of a date, or of its second day, is where the reader is sent. */
function wrongDate(id: string, date: VagueDate): Problem[] {
  const code = problemOfDate(date)
  return code === null ? [] : [{ field: `${id}-start-year`, code }]
}

/** What keeps the draft from being sent, in the order of the page. */
export function problemsOf(draft: Draft): Problem[] {
  return [
    ...(draft.narrative.trim() === '' ? [{ field: 'narrative', code: 'narrative' } as const] : []),
    ...draft.persons.flatMap((person) =>
      wrongNumber(`persons-${person.key}-age`, person.age, maxAge(person.ageUnit)),
    ),
    ...wrongDate('whenDate', draft.whenDate),
    ...draft.files
      .filter(({ state }) => state.at === 'unreadable')
      .map(({ key }) => ({ field: `files-${key}-remove`, code: 'file' as const })),
    ...draft.persons.flatMap((person) => wrongDate(`persons-${person.key}-birth`, person.birth)),
    ...wrongNumber('atLeast', draft.atLeast, maxCount),
    ...wrongNumber('atMost', draft.atMost, maxCount),
    ...draft.transfers.flatMap((transfer) =>
      wrongDate(`transfers-${transfer.key}-when`, transfer.when),
    ),
    ...wrongDate('returnWhen', draft.returnWhen),
    ...wrongDate('lastContact', draft.lastContact),
    ...wrongNumber('companions', draft.companions, maxCount),
    ...wrongNumber('guides', draft.guides, maxCount),
    ...draft.steps.flatMap((step) => wrongDate(`steps-${step.key}-when`, step.when)),
  ]
}
