import type { EdtfRange } from '../../tip/edtf.ts'
import { parseEdtf } from '../../tip/edtf.ts'
import type { Person } from '../../tip/person.ts'
import { daysBetween } from '../../time/day.ts'

const daysPerYear = 365.2425
/** Convention on the Rights of the Child, article 1. */
const adultYears = 18
/** The United Nations count people from the age of 60 as older persons. */
const elderlyYears = 60

export interface AgeRange {
  min: number
  max: number
}

type Answer = 'yes' | 'no' | 'possible' | 'unknown'

/**
 * Age at the time of detention in whole years, by international reckoning. Korean counting adds one
 * or two years, so an age without a stated reckoning is read both ways. `toldOn` replaces unknown
 * dates.
 */
export function ageAtDetention(
  person: Person,
  detained: EdtfRange | null,
  toldOn: string,
): AgeRange | null {
  const at = { earliest: detained?.earliest ?? toldOn, latest: detained?.latest ?? toldOn }
  return ageFromBirth(person, at) ?? ageAsTold(person, at, toldOn)
}

interface Days {
  earliest: string
  latest: string
}

function ageFromBirth({ birth }: Person, at: Days): AgeRange | null {
  if (birth === null || birth === undefined) return null
  const { earliest, latest } = parseEdtf(birth)
  if (earliest === null || latest === null) return null
  return ageRange(birthdaysBetween(latest, at.earliest), birthdaysBetween(earliest, at.latest))
}

function ageAsTold({ age }: Person, at: Days, toldOn: string): AgeRange | null {
  if (!age) return null
  const asOf = age.as_of === null || age.as_of === undefined ? null : parseEdtf(age.as_of)
  const [low, high] = toldYears(age)
  // A person said to be 4 may be just under 5.
  const sinceMin = yearsBetween(at.latest, asOf?.earliest ?? toldOn)
  const sinceMax = yearsBetween(at.earliest, asOf?.latest ?? toldOn)
  return ageRange(low - sinceMax, high + 0.999 - sinceMin)
}

function toldYears(age: NonNullable<Person['age']>): [number, number] {
  if (age.unit === 'months') return [age.value / 12, age.value / 12 - 0.999 + 0.084]
  switch (age.reckoning) {
    case 'international':
      return [age.value, age.value]
    case 'counting':
      return [age.value - 2, age.value - 1]
    default:
      return [age.value - 2, age.value]
  }
}

function ageRange(min: number, max: number): AgeRange {
  const whole = (years: number) => Math.max(0, Math.floor(years))
  return { min: whole(min), max: Math.max(whole(min), whole(max)) }
}

/**
 * Counts birthdays by the calendar, so that a person is still 17 on the day before the 18th
 * birthday.
 */
function birthdaysBetween(birth: string, day: string): number {
  const hadBirthday = day.slice(4) >= birth.slice(4)
  return Number(day.slice(0, 4)) - Number(birth.slice(0, 4)) - (hadBirthday ? 0 : 1)
}

function yearsBetween(from: string, to: string): number {
  const years = daysBetween(from, to) / daysPerYear
  // Rounds off the error of leap days, which would otherwise hide a birthday.
  return Math.abs(years - Math.round(years)) < 0.003 ? Math.round(years) : years
}

/**
 * Whether a person is a minor, from the tip and the age. A possible child is never treated as an
 * adult.
 */
export function minorOf(person: Person, age: AgeRange | null): Answer {
  const byAge =
    age === null
      ? 'unknown'
      : age.max < adultYears
        ? 'yes'
        : age.min >= adultYears
          ? 'no'
          : 'possible'
  if (person.minor === 'yes' || byAge === 'yes') return 'yes'
  if (person.minor === 'possible' || byAge === 'possible') return 'possible'
  return person.minor === 'no' ? 'no' : byAge
}

export function elderlyOf(person: Person, age: AgeRange | null): Answer {
  if (person.risk_flags?.includes('elderly') === true) return 'yes'
  if (age === null) return 'unknown'
  return age.min >= elderlyYears ? 'yes' : age.max < elderlyYears ? 'no' : 'possible'
}
