import type { DisclosedPerson } from '../disclose/disclosed.ts'
import type { Field, Line } from './document.ts'
import { ownLines, saidLines, shownRisks } from './document.ts'
import { countryIn, dateIn, ageIn } from './in-words.ts'
import type { ReportWords } from './words/words.ts'

type Rows = Readonly<Record<keyof ReportWords['identity'], Field>>

/** Every row that a form may have about a person; each form picks its own, in its order. */
export function personFields(words: ReportWords, person: DisclosedPerson): Rows {
  const { identity: labels, codes } = words
  const row = (label: string, lines: readonly Line[]): Field => ({ label, lines })
  const isProper = ({ kind }: DisclosedPerson['names'][number]) =>
    kind !== 'nickname' && kind !== 'alias'
  return {
    // Names stay as written, not split into family and given name: names in another script are
    // easily split at the wrong place.
    name: row(labels.name, saidLines(...person.names.filter(isProper).map(({ text }) => text))),
    otherNames: row(
      labels.otherNames,
      saidLines(...person.names.filter((name) => !isProper(name)).map(({ text }) => text)),
    ),
    sex: row(labels.sex, ownLines(person.sex ? codes.sex[person.sex] : null)),
    birth: row(labels.birth, ownLines(dateIn(words, person.birth))),
    age: row(labels.age, ownLines(person.age === null ? null : ageIn(words, person.age))),
    under18: row(
      labels.under18,
      ownLines(
        { yes: words.minor.yes, possible: words.minor.possible, no: codes.yesNo.no, unknown: null }[
          person.minor
        ],
      ),
    ),
    nationality: row(
      labels.nationality,
      ownLines(...person.nationality.map((code) => countryIn(words, code))),
    ),
    papers: row(
      labels.papers,
      saidLines(
        ...person.idDocs.map(({ type, number }) => [type, number].filter(Boolean).join(' ')),
      ),
    ),
    idIssued: row(labels.idIssued, saidLines(person.idIssued)),
    origin: row(labels.origin, saidLines(person.originPlace)),
    ethnicity: row(labels.ethnicity, saidLines(person.ethnicity)),
    health: row(labels.health, [
      ...ownLines(
        ...shownRisks
          .filter((risk) => person.riskFlags.includes(risk))
          .map((risk) => codes.risk[risk]),
      ),
      ...saidLines(person.medical),
    ]),
    occupation: row(labels.occupation, saidLines(person.occupation)),
    address: row(labels.address, saidLines(person.address)),
  }
}
