import { dayOfInstant } from '../../time/day.ts'

/** Days as people remember them, in fields a keyboard can fill. `edtf-of` reads them. */

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

/** For a birth or a day that may lie ahead the other choices make no sense. */
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
  /** Empty: not asked. */
  choice: '' | DateChoice
  start: DateParts
  end: DateParts
}

const noParts: DateParts = { year: '', month: '', day: '' }
export const noDate: VagueDate = { choice: '', start: noParts, end: noParts }

export const usesFields = ({ choice }: VagueDate): boolean =>
  choice !== '' && choice !== 'today' && choice !== 'yesterday' && choice !== 'unknown'

/** A day that was typed before the choice became a month is not shown, so it must not count. */
export const startOf = ({ choice, start }: VagueDate): DateParts =>
  choice === 'about_month' ? { ...start, day: '' } : start

/** `YYYY-MM-DD` of this device's clock; in Tor Browser that is UTC. */
export const dayOf = (at: Date, daysBack = 0): string => {
  const day = new Date(Date.UTC(at.getFullYear(), at.getMonth(), at.getDate() - daysBack))
  return dayOfInstant(day)
}
