import { expect, it } from 'vitest'
import { ageInYears } from '../../../src/desk/people/age-words.ts'
import { ageIn } from '../../../src/desk/report/in-words.ts'
import { wordsOf } from '../../../src/desk/report/words/find-words.ts'

it.each([
  [{ min: 0, max: 0 }, 'under 1', 'under 1 year', 'moins d’un an', 'menos de un año'],
  [
    { min: 0, max: 1 },
    'under 1 to 1',
    'under 1 year to 1 year',
    'moins d’un an à 1 an',
    'menos de un año a 1 año',
  ],
  [{ min: 1, max: 1 }, '1', '1 year', '1 an', '1 año'],
  [{ min: 4, max: 5 }, '4 to 5', '4 to 5 years', '4 à 5 ans', '4 a 5 años'],
])('says the age of %j', (age, inLists, ...inReports) => {
  expect(ageInYears(age)).toBe(inLists)
  const languages = ['en', 'fr', 'es'] as const
  expect(languages.map((language) => ageIn(wordsOf(language), age))).toEqual(inReports)
})
