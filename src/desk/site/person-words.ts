import type { ComponentChild } from 'preact'
import type { CaseView, PersonView } from '../files/case-view.ts'
import { ageInYears } from '../people/age-words.ts'
import { said } from './said.ts'

export interface Someone {
  view: CaseView
  person: PersonView
}

export function nameText({ person: { names }, displayName }: PersonView): ComponentChild {
  const texts = (names ?? []).map(({ text }) => text)
  return texts.length === 0
    ? displayName
    : texts.map((text, index) => [index > 0 ? ' / ' : '', said(text)])
}

export function ageText({ age, minor, elderly }: PersonView): string {
  const years = age === null ? '' : ageInYears(age)
  const mark =
    minor === 'yes'
      ? 'child'
      : minor === 'possible'
        ? 'perhaps a child'
        : elderly === 'yes'
          ? 'elderly'
          : ''
  return mark === '' ? years : years === '' ? mark : `${years} (${mark})`
}
