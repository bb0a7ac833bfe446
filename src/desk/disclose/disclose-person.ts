import type { ConsentRecipient } from '../../tip/consent.ts'
import type { Person } from '../../tip/person.ts'
import type { CaseView, PersonView } from '../files/case-view.ts'
import type { Disclosed, DisclosedPerson } from './disclosed.ts'
import { refOf } from './refs.ts'

/** Recipients who are bound to secrecy, and cannot help without knowing papers and needs. */
const trustedWithPapers: readonly ConsentRecipient[] = ['un', 'unhcr', 'icrc', 'embassy']
export const mayHavePapers = (recipient: ConsentRecipient): boolean =>
  trustedWithPapers.includes(recipient)
/** People are punished for these after a return, so they never leave as bare facts. */
const punishedFlags = ['contact_south_korea', 'official_family']

export function disclosePerson(
  view: CaseView,
  shown: PersonView,
  level: Disclosed['level'],
  recipient: ConsentRecipient,
  answers: CaseView['state']['formAnswers'],
): DisclosedPerson {
  const { person } = shown
  const facts = {
    ref: refOf(view, shown.index),
    sex: person.sex ?? null,
    minor: shown.minor,
    elderly: shown.elderly,
    nationality: person.nationality ?? [],
    ethnicity: null,
    status: person.status ?? null,
    guide: shown.guide,
    confirmed: shown.confirmed,
    riskFlags: (person.risk_flags ?? []).filter((flag) => !punishedFlags.includes(flag)),
    names: [],
    birth: null,
    age: null,
    originPlace: null,
    medical: null,
    idDocs: [],
    occupation: null,
    address: null,
    idIssued: null,
  }
  if (level === 'facts_only') return facts
  const hasPapers = mayHavePapers(recipient)
  return {
    ...facts,
    names: (person.names ?? []).map(discloseName),
    birth: person.birth ?? null,
    age: shown.age,
    originPlace: person.origin_place ?? null,
    ethnicity: person.ethnicity ?? null,
    riskFlags: recipient === 'media' ? facts.riskFlags : (person.risk_flags ?? []),
    medical: hasPapers ? (person.medical ?? null) : null,
    idDocs: hasPapers
      ? (person.id_docs ?? []).map(({ type, number }) => ({
          type: type ?? null,
          number: number ?? null,
        }))
      : [],
    occupation: hasPapers ? (answers.get(`persons.${shown.index}.occupation`) ?? null) : null,
    address: hasPapers ? (answers.get(`persons.${shown.index}.address`) ?? null) : null,
    idIssued: hasPapers ? (answers.get(`persons.${shown.index}.id_issued`) ?? null) : null,
  }
}

type Name = NonNullable<Person['names']>[number]

function discloseName({ text, script, kind, by }: Name): Name {
  return { text, script: script ?? null, kind: kind ?? null, by: by ?? null }
}
