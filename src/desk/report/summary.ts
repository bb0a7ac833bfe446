import { parseEdtf } from '../../tip/edtf.ts'
import type { Disclosed, DisclosedPerson } from '../disclose/disclosed.ts'
import { byKind } from '../people/name-order.ts'
import { addDays } from '../../time/day.ts'
import type { ReturnWindow } from '../files/case-view.ts'
import type { Block, Line, ReportDocument } from './document.ts'
import { fields, heading, note, paragraph, said, shownRisks } from './document.ts'
import { eventFields } from './event-fields.ts'
import { countryIn, dateIn, dayIn, ageIn, rangeIn } from './in-words.ts'
import type { ReportWords } from './words/words.ts'

/**
 * `window`: how long a government usually takes. It has no dates, because these are calculated only
 * from what may leave.
 */
export interface SummaryCase {
  disclosed: Disclosed
  window: Pick<ReturnWindow, 'custody' | 'destination' | 'days'> | null
}

/**
 * A summary for an appeal: who is held, where, until when to act, and what is demanded. This is the
 * order of Amnesty International's urgent actions (ASA 17/006/2012, read in full: people, place of
 * detention, day the return was planned, calls on the authorities). One page for each case.
 */
export function summaryReport(
  words: ReportWords,
  cases: readonly SummaryCase[],
  day: string,
): ReportDocument {
  const pages = cases.map((each) => summaryOf(words, each, day))
  const [only] = cases
  const title =
    only !== undefined && cases.length === 1
      ? titleOf(words, only.disclosed)
      : words.summary.sections.who
  return {
    title,
    language: words.language,
    day,
    blocks: pages.flatMap((blocks, index) =>
      index === 0 ? blocks : [{ kind: 'page' } as const, ...blocks],
    ),
  }
}

function summaryOf(words: ReportWords, { disclosed, window }: SummaryCase, day: string): Block[] {
  const { sections } = words.summary
  return [
    heading(1, titleOf(words, disclosed)),
    ...(isReturnFeared(disclosed)
      ? [paragraph({ strong: words.summary.atRisk(destinationOf(words, disclosed)) })]
      : []),
    note(`${words.common.made(dayIn(words, day))} · ${disclosed.ref}`),
    heading(2, sections.who),
    whoOf(words, disclosed),
    heading(2, sections.where),
    whereOf(words, disclosed),
    ...knownOf(words, disclosed),
    heading(2, sections.deadline),
    ...deadlineOf(words, disclosed, window),
    heading(2, sections.demands),
    ...demandsOf(words, disclosed),
  ]
}

const isReturnFeared = ({ event, topic }: Disclosed) =>
  topic === 'return_feared' || Boolean(event?.return_risk)

function custodyOf(words: ReportWords, { event }: Disclosed): string | null {
  const code = event?.held_where?.country ?? event?.where_taken?.country
  return code ? countryIn(words, code) : null
}

function destinationOf(words: ReportWords, { event }: Disclosed): string | null {
  return event?.return_risk?.to_country ? countryIn(words, event.return_risk.to_country) : null
}

function titleOf(words: ReportWords, disclosed: Disclosed): string {
  return words.summary.title(
    words.summary.people(rangeIn(words, disclosed.peopleCount)),
    custodyOf(words, disclosed),
  )
}

/** The persons by name if names may leave; else only their number and groups. */
function whoOf(words: ReportWords, disclosed: Disclosed): Block {
  const { persons, peopleCount } = disclosed
  const named = persons.filter(({ names }) => names.length > 0)
  if (named.length === 0)
    return {
      kind: 'list',
      items: [
        [words.summary.people(rangeIn(words, peopleCount))],
        ...kindsOf(words, persons).map((text): Line => [text]),
      ],
    }
  const [least, most] = [peopleCount.min, peopleCount.max].map((count) =>
    Math.max(0, count - named.length),
  )
  const more = rangeIn(words, { min: least ?? 0, max: most ?? 0 })
  return {
    kind: 'list',
    items: [
      ...named.map((person) => personLine(words, person)),
      ...(most === 0 ? [] : [[words.summary.moreUnnamed(more)]]),
    ],
  }
}

function kindsOf(words: ReportWords, persons: readonly DisclosedPerson[]): string[] {
  const count = (
    what: 'female' | 'male' | 'minor' | 'elderly',
    isOne: (person: DisclosedPerson) => boolean,
  ) => {
    const number = persons.filter(isOne).length
    return number === 0 ? [] : [words.summary.counted(number, what)]
  }
  return [
    ...count('female', ({ sex }) => sex === 'female'),
    ...count('male', ({ sex }) => sex === 'male'),
    ...count('minor', ({ minor }) => minor === 'yes'),
    ...count('elderly', ({ elderly }) => elderly === 'yes'),
  ]
}

function personLine(words: ReportWords, person: DisclosedPerson): Line {
  const facts = [
    person.sex && person.sex !== 'unknown' ? words.codes.sex[person.sex].toLowerCase() : null,
    person.age === null ? null : ageIn(words, person.age),
    ...person.nationality.map((code) => countryIn(words, code)),
    ...shownRisks
      .filter((risk) => person.riskFlags.includes(risk))
      .map((risk) => words.codes.risk[risk]),
    person.status && person.status !== 'unknown' ? words.codes.status[person.status] : null,
  ].filter((fact) => fact !== null)
  const names = byKind(person.names).flatMap(
    ({ text }, index): Line => (index === 0 ? [said(text)] : [' / ', said(text)]),
  )
  return facts.length === 0 ? names : [...names, `, ${facts.join(', ')}`]
}

function whereOf(words: ReportWords, disclosed: Disclosed): Block {
  const rows = eventFields(words, disclosed, nobody)
  return fields({
    ...rows.heldWhere,
    label: words.summary.held,
    lines: rows.heldWhere.lines.length > 0 ? rows.heldWhere.lines : [[words.summary.heldNotKnown]],
  })
}

/** A placeholder person, for rows of an event that do not depend on a person. */
const nobody: DisclosedPerson = {
  ref: '',
  names: [],
  sex: null,
  birth: null,
  age: null,
  minor: 'unknown',
  elderly: 'unknown',
  nationality: [],
  originPlace: null,
  ethnicity: null,
  riskFlags: [],
  medical: null,
  idDocs: [],
  occupation: null,
  address: null,
  idIssued: null,
  status: null,
  guide: null,
  confirmed: null,
}

function knownOf(words: ReportWords, disclosed: Disclosed): Block[] {
  const rows = eventFields(words, disclosed, nobody)
  const known = [
    { ...rows.when, label: words.summary.taken },
    rows.where,
    rows.forces,
    rows.how,
    rows.acknowledged,
    rows.transfers,
    rows.told,
  ].filter(({ lines }) => lines.length > 0)
  return known.length === 0 ? [] : [heading(2, words.summary.sections.known), fields(...known)]
}

function deadlineOf(
  words: ReportWords,
  { event, persons }: Disclosed,
  window: SummaryCase['window'],
): Block[] {
  const { summary } = words
  const expected = dateIn(words, event?.return_risk?.expected)
  const lines =
    expected === null || event?.return_risk?.expected === 'unknown'
      ? []
      : [summary.deadlineExpected(expected)]
  const isOver =
    persons.length > 0 &&
    persons.every(
      ({ status }) => status === 'returned' || status === 'released' || status === 'dead',
    )
  const { earliest, latest } = parseEdtf(event?.detained_when ?? 'unknown')
  if (
    window !== null &&
    isTold(window, event, persons) &&
    !isOver &&
    earliest !== null &&
    latest !== null
  ) {
    const [from, to] = [earliest, latest].map((each) => dayIn(words, addDays(each, window.days)))
    lines.push(
      summary.deadline(
        countryIn(words, window.custody),
        countryIn(words, window.destination),
        window.days,
        from ?? '',
        to ?? '',
      ),
    )
  }
  return (lines.length > 0 ? lines : [summary.deadlineNone]).map((line) => paragraph(line))
}

/**
 * Whether the report names both countries of a window anyway. A country that a program found in
 * free text would reveal more than an analyst confirmed.
 */
function isTold(
  { custody, destination }: NonNullable<SummaryCase['window']>,
  event: Disclosed['event'],
  persons: readonly DisclosedPerson[],
): boolean {
  const holders = [event?.held_where?.country, event?.where_taken?.country]
  const byAuthority = (event?.authority ?? []).map((code) => code.slice(0, 2).toUpperCase())
  const isDestinationTold =
    event?.return_risk?.to_country === destination ||
    persons.some(({ nationality }) => nationality.includes(destination))
  return [...holders, ...byAuthority].includes(custody) && isDestinationTold
}

function demandsOf(words: ReportWords, disclosed: Disclosed): Block[] {
  const { demands, demandsTo } = words.summary
  const { persons } = disclosed
  const is = (status: DisclosedPerson['status']) =>
    persons.some((person) => person.status === status)
  const items = [
    isReturnFeared(disclosed) ? demands.noReturn(destinationOf(words, disclosed)) : null,
    demands.disclose,
    demands.access,
    demands.noIllTreatment,
    persons.some(({ minor }) => minor === 'yes' || minor === 'possible') ? demands.children : null,
    persons.some(({ riskFlags }) =>
      riskFlags.some((flag) => flag === 'pregnant' || flag === 'medical'),
    )
      ? demands.care
      : null,
    is('returned') ? demands.afterReturn : null,
    demands.release,
  ].filter((demand) => demand !== null)
  return [
    paragraph(demandsTo(custodyOf(words, disclosed))),
    { kind: 'list', items: items.map((item) => [item]) },
  ]
}
