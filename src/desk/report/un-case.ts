import type { Account } from '../disclose/account.ts'
import { isWithheld, review } from '../disclose/disclose.ts'
import type { Disclosed, DisclosedPerson, Withheld } from '../disclose/disclosed.ts'
import { textsOf } from '../disclose/tip-texts.ts'
import { isLatin } from '../exports/names.ts'
import { gazetteerPlaceOf } from '../places/find-place.ts'
import type { CaseView } from '../files/case-view.ts'

/** The form for one person of a case: the UN takes one form for each person. */
export interface UnForm {
  disclosed: Disclosed
  person: DisclosedPerson
  /** For the analyst only, never in a document. */
  at: {
    id: string
    /** The person's index in the tip. */
    index: number
    /** How many names the tip has for the person. */
    names: number
    /** The Latin name of the place of arrest, if it is in the gazetteer: a suggestion. */
    placeInLatin: string | null
    /** Paths of texts in Latin letters that are withheld only because nobody confirmed them. */
    confirmable: readonly string[]
  }
}

export interface UnCases {
  forms: UnForm[]
  withheld: Withheld[]
  /** One account for each case that has a form. */
  accounts: { view: CaseView; account: Account }[]
}

/** Help texts, notes and refusals all include this, so that nobody learns it too late. */
export const toGovernment =
  'the Working Group sends the case, with the name, to the government that holds the person'

/**
 * The forms that may go to a working group of the UN. They need the source's consent to names for
 * the UN, and the family's prior consent, as an organisation submits on its behalf (ohchr.org,
 * "Reporting a disappearance to the Working Group").
 */
export function unCases(
  views: readonly CaseView[],
  othersOf: (view: CaseView) => readonly CaseView[] = () => [],
): UnCases {
  const forms: UnForm[] = []
  const withheld: Withheld[] = []
  const accounts: UnCases['accounts'] = []
  for (const view of views) {
    const { result: disclosed, account } = review(view, 'un', othersOf(view))
    if (isWithheld(disclosed)) {
      withheld.push(
        disclosed.code === 'ASK_FIRST'
          ? { ...disclosed, detail: `${disclosed.detail}; say that ${toGovernment}` }
          : disclosed,
      )
      continue
    }
    const refusal = refusalOf(view, disclosed)
    if (refusal !== null)
      withheld.push({ receipt: view.receipt, id: view.id, recipient: 'un', ...refusal })
    else {
      accounts.push({ view, account })
      forms.push(
        ...disclosed.persons.map((person, index) => ({
          disclosed,
          person,
          at: placeOf(view, index, account),
        })),
      )
    }
  }
  return { forms, withheld, accounts }
}

function placeOf({ id, persons, tip }: CaseView, at: number, { held }: Account): UnForm['at'] {
  const { index = at, person } = persons[at] ?? {}
  const confirmable = textsOf(tip)
    .filter(({ path, text }) => held.includes(path) && isLatin(text))
    .map(({ path }) => path)
  const placeInLatin = gazetteerPlaceOf(tip?.event?.where_taken)?.latin ?? null
  return { id, index, names: person?.names?.length ?? 0, placeInLatin, confirmable }
}

function refusalOf(
  { id, tip }: CaseView,
  { level, persons }: Disclosed,
): Pick<Withheld, 'code' | 'detail'> | null {
  if (level === 'facts_only')
    return {
      code: 'NAME_NEEDED',
      detail: `no case is taken without the name: ask the source, and say that ${toGovernment}; then: tumen case consent ${id} un named --given-by WHO`,
    }
  const family = tip?.consent_meta?.family_agrees
  if (family === 'no')
    return {
      code: 'FAMILY_REFUSED',
      detail: 'the family does not agree; only they can change that',
    }
  if (family !== 'yes')
    return {
      code: 'FAMILY_NOT_ASKED',
      detail: `ask the family whether they agree, and say that ${toGovernment}; then: tumen case set ${id} consent_meta.family_agrees yes --reason "WHO agreed, WHEN"`,
    }
  if (persons.length === 0)
    return {
      code: 'NOBODY_LISTED',
      detail: `the tip lists no person, and a form is for one: tumen case set ${id} persons.0.names.0.text NAME`,
    }
  return null
}
