import type { EdtfRange } from '../../tip/edtf.ts'
import { Union } from '../people/union.ts'
import { alikeScore, nameSimilarity } from '../people/similarity.ts'
import type { CaseView, PersonView } from '../files/case-view.ts'

/** Somebody who was detained, however many tips tell of them. */
export interface HumanBeing {
  /** Of one of their persons, or of the tip and a number for somebody nobody named. */
  key: string
  detained: Pick<EdtfRange, 'earliest' | 'latest'>
  isConfirmed: boolean
  isGuide: boolean
  isMinor: boolean
  isElderly: boolean
  sex: string
  status: string
  /** Of the tip with the first receipt. */
  place: string
  country: string
  authorities: readonly string[]
}

/**
 * Persons, not tips. Two of different tips are one when an analyst gave them one `person_id`, or
 * linked their tips as duplicates and their names are alike; never because a program thinks so.
 * Whoever is only counted ("ten people", two named) is there without a name, at the least number
 * told; of linked tips of one event the largest such number counts once.
 */
export function humanBeings(views: readonly CaseView[]): HumanBeing[] {
  const union = unionOfPersons(views)
  const persons = views.flatMap((view) => view.persons.map((person) => ({ view, person })))
  const named = [...Map.groupBy(persons, ({ person }) => union.find(person.key))].map(
    ([key, members]) => beingOf(key, members),
  )
  return [...named, ...unnamed(views, union)]
}

interface Member {
  view: CaseView
  person: PersonView
}

function unionOfPersons(views: readonly CaseView[]): Union {
  const union = new Union()
  const byReceipt = new Map(views.map((view) => [view.receipt, view]))
  for (const view of views) {
    for (const person of view.persons)
      if (person.personId !== null) union.join(person.key, `=${person.personId}`)
    for (const { to, as } of view.state.links) {
      const other = as === 'duplicate' ? byReceipt.get(to) : undefined
      if (other !== undefined) joinAlike(union, view.persons, other.persons)
    }
  }
  return union
}

function joinAlike(union: Union, ones: readonly PersonView[], others: readonly PersonView[]): void {
  // One person each: the analyst has said that they are one, whatever they are called.
  const isOneEach = ones.length === 1 && others.length === 1
  for (const one of ones) {
    const alike = others.find((other) => isOneEach || areAlike(one, other))
    if (alike !== undefined) union.join(one.key, alike.key)
  }
}

function areAlike({ person: one }: PersonView, { person: other }: PersonView): boolean {
  return (one.names ?? []).some((name) =>
    (other.names ?? []).some((each) => nameSimilarity(name.text, each.text).score >= alikeScore),
  )
}

function beingOf(key: string, members: readonly Member[]): HumanBeing {
  const first = members[0] as Member
  const statuses = members.map(({ person }) => person.person.status ?? 'unknown')
  return {
    key,
    detained: narrowest(members.map(({ view }) => view.detained)),
    isConfirmed: members.some(({ person }) => person.confirmed === true),
    isGuide: members.some(({ person }) => person.guide === true),
    isMinor: members.some(({ person }) => person.minor === 'yes'),
    isElderly: members.some(({ person }) => person.elderly === 'yes'),
    sex:
      members
        .map(({ person }) => person.person.sex ?? 'unknown')
        .find((sex) => sex !== 'unknown') ?? 'unknown',
    status: statuses.find((status) => status !== 'unknown') ?? 'unknown',
    ...whereOf(first.view),
  }
}

/** The most exact thing anybody said. */
function narrowest(ranges: readonly (EdtfRange | null)[]): HumanBeing['detained'] {
  const known = ranges
    .filter((range) => range !== null && (range.earliest !== null || range.latest !== null))
    .map((range) => range as EdtfRange)
  const width = ({ earliest, latest }: EdtfRange) =>
    earliest === null || latest === null ? Infinity : Date.parse(latest) - Date.parse(earliest)
  const [best] = known.toSorted((one, other) => width(one) - width(other))
  return { earliest: best?.earliest ?? null, latest: best?.latest ?? null }
}

function unnamed(views: readonly CaseView[], persons: Union): HumanBeing[] {
  const union = new Union()
  const known = new Set(views.map(({ receipt }) => receipt))
  for (const { receipt, state } of views) {
    for (const { to, as } of state.links)
      if (as !== 'related' && known.has(to)) union.join(receipt, to)
  }
  return [...Map.groupBy(views, ({ receipt }) => union.find(receipt)).values()].flatMap(
    (members) => {
      const named = new Set(
        members.flatMap((view) => view.persons.map(({ key }) => persons.find(key))),
      ).size
      const told = members.toSorted(
        (one, other) => other.peopleCount.min - one.peopleCount.min,
      )[0] as CaseView
      const missing = Math.max(0, told.peopleCount.min - named)
      return Array.from({ length: missing }, (_, index) => unnamedBeing(told, index))
    },
  )
}

function unnamedBeing(view: CaseView, index: number): HumanBeing {
  return {
    key: `${view.receipt}+${index}`,
    detained: narrowest([view.detained]),
    isConfirmed: false,
    isGuide: false,
    isMinor: false,
    isElderly: false,
    sex: 'unknown',
    status: 'unknown',
    ...whereOf(view),
  }
}

function whereOf({ tip }: CaseView): Pick<HumanBeing, 'place' | 'country' | 'authorities'> {
  const place = tip?.event?.where_taken
  return {
    place: place?.admin ?? place?.text ?? 'unknown',
    country: place?.country ?? 'unknown',
    authorities: tip?.event?.authority ?? ['unknown'],
  }
}
