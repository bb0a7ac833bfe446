import { ageInYears } from '../people/age-words.ts'
import type { PersonView, TriageReason } from '../files/case-view.ts'

const flagTexts: Readonly<Record<string, string>> = {
  pregnant: 'somebody is pregnant',
  medical: 'somebody is ill',
  elderly: 'somebody is elderly',
  child_alone: 'a child is alone',
  contact_south_korea: 'somebody had contact with South Korea',
  previously_returned: 'somebody was sent back before',
}

/** Facts about the persons that make a case one tier more urgent, each listed once. */
export function vulnerabilitiesOf(persons: readonly PersonView[]): TriageReason[] {
  const found = new Map<string, string>()
  for (const { person, minor, elderly, age } of persons) {
    if (minor === 'yes') found.set('MINOR', age === null ? 'a child' : `a child of ${ageText(age)}`)
    else if (minor === 'possible' && !found.has('MINOR')) found.set('MINOR', 'perhaps a child')
    if (elderly === 'yes') found.set('ELDERLY', 'somebody is elderly')
    for (const flag of person.risk_flags ?? [])
      if (flagTexts[flag] !== undefined) found.set(flag.toUpperCase(), flagTexts[flag])
  }
  return [...found].map(([code, text]) => ({ code, text }))
}

function ageText(age: NonNullable<PersonView['age']>): string {
  return age.max === 0 ? 'less than a year' : ageInYears(age)
}
