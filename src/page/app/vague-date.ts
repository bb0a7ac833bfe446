import { dayOfInstant } from '../../time/day.ts'

/** Dates as people remember them, typed into text fields. `edtf-of` reads them. */

export const dateChoices = [
  'today',
  'yesterday',
  'day',
  'about_day',
  'about_month',
  'between',
  'since',
  'unknown',
] as const
export type DateChoice = (typeof dateChoices)[number]

/** The choices for a birth, or for a day in the future, where the others make no sense. */
export const plainDateChoices = [
  'day',
  'about_day',
  'unknown',
] as const satisfies readonly DateChoice[]

export interface DateParts {
  year: string
  month: string
  day: string
}

export interface VagueDate {
  /** Empty when the question has not been answered. */
  choice: '' | DateChoice
  start: DateParts
  end: DateParts
}

const noParts: DateParts = { year: '', month: '', day: '' }
export const noDate: VagueDate = { choice: '', start: noParts, end: noParts }

export const usesFields = ({ choice }: VagueDate): boolean =>
  choice !== '' && choice !== 'today' && choice !== 'yesterday' && choice !== 'unknown'

/**
 * The parts of the first day that count. A day typed before the choice became a month is no longer
 * shown, so it is left out.
 */
export const startOf = ({ choice, start }: VagueDate): DateParts =>
  choice === 'about_month' ? { ...start, day: '' } : start

/** `YYYY-MM-DD` by the clock of this device, which is UTC in Tor Browser. */
export const dayOf = (at: Date, daysBack = 0): string => {
  const day = new Date(Date.UTC(at.getFullYear(), at.getMonth(), at.getDate() - daysBack))
  return dayOfInstant(day)
}
