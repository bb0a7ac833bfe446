import type { EdtfRange } from '../../tip/edtf.ts'
import { findDuplicates } from '../people/duplicates.ts'
import { alikeScore, nameSimilarity } from '../people/similarity.ts'
import { Union } from '../people/union.ts'
import type { CaseView, PersonView } from '../files/case-view.ts'

/** A detained person, who may occur in several tips. */
export interface HumanBeing {
  /**
   * The key of one of the matching persons in tips; for an unnamed person, the tip and a number.
   */
  key: string
  detained: Pick<EdtfRange, 'earliest' | 'latest'>
  isConfirmed: boolean
  isGuide: boolean
  isMinor: boolean
  isElderly: boolean
  sex: string
  status: string
  place: string
  authorities: readonly string[]
}

export interface HumanBeings {
  /** The people if no two persons are the same, except those whom an analyst merged. */
  apart: readonly HumanBeing[]
  /** The people if the two persons of every open pair are the same. */
  merged: readonly HumanBeing[]
  /** Pairs of persons who may be the same, on which no analyst has decided. */
  openPairs: number
}

/** Names the place of a tip in a table. */
export type PlaceOf = (view: CaseView) => string

/**
 * Counts persons, not tips. Persons of two tips are the same if an analyst gave them one
 * `person_id`, or linked the tips as duplicates and the names are alike. A program's guess only
 * lowers the floor. People who are only counted ("ten people", two of them named) are included
 * without a name, at the lowest number reported; of linked tips about one event only the largest
 * such number counts.
 */
export function humanBeings(views: readonly CaseView[], placeOf: PlaceOf): HumanBeings {
  const union = unionOfPersons(views)
  const open = findDuplicates(views).filter(({ a, b }) => union.find(a) !== union.find(b))
  const persons = views.flatMap((view) => view.persons.map((person) => ({ view, person })))
  const named = [...Map.groupBy(persons, ({ person }) => union.find(person.key))].map(
    ([key, members]) => beingOf(key, members, placeOf),
  )
  const guessed = new Union()
  for (const { a, b } of open) guessed.join(union.find(a), union.find(b))
  const guessedTips = open.map(({ a, b }) => [receiptOf(a), receiptOf(b)] as const)
  const groups = [...Map.groupBy(named, ({ key }) => guessed.find(key)).values()]
  const keyOf = (person: string) => guessed.find(union.find(person))
  return {
    apart: [...named, ...unnamed(views, (person) => union.find(person), [], placeOf)],
    merged: [...groups.map(mergeBeings), ...unnamed(views, keyOf, guessedTips, placeOf)],
    openPairs: open.length,
  }
}

const receiptOf = (personKey: string): string => personKey.slice(0, personKey.indexOf('#'))

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
  // If each tip has one person, linking the tips says that the two are the same, whatever their
  // names.
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

function beingOf(key: string, members: readonly Member[], placeOf: PlaceOf): HumanBeing {
  const firstKnown = (values: readonly string[]) =>
    values.find((value) => value !== 'unknown') ?? 'unknown'
  return {
    key,
    detained: narrowest(members.map(({ view }) => view.detained)),
    isConfirmed: members.some(({ person }) => person.confirmed === true),
    isGuide: members.some(({ person }) => person.guide === true),
    isMinor: members.some(({ person }) => person.minor === 'yes'),
    isElderly: members.some(({ person }) => person.elderly === 'yes'),
    sex: firstKnown(members.map(({ person }) => person.person.sex ?? 'unknown')),
    status: firstKnown(members.map(({ person }) => person.person.status ?? 'unknown')),
    place: firstNamed(members.map(({ view }) => placeOf(view))),
    authorities: authoritiesOf((members[0] as Member).view),
  }
}

/** A code that tables show in words. */
export const placeNotKnown = 'unknown'
export const placeNotNamed = 'not named'

/** The first place that may be named: what one tip allows is enough. */
function firstNamed(places: readonly string[]): string {
  return (
    places.find((place) => place !== placeNotNamed && place !== placeNotKnown) ??
    places.find((place) => place === placeNotNamed) ??
    placeNotKnown
  )
}

/** Merges beings that may be the same person into one. */
function mergeBeings(beings: readonly HumanBeing[]): HumanBeing {
  const first = beings[0] as HumanBeing
  if (beings.length === 1) return first
  const firstKnown = (values: readonly string[]) =>
    values.find((value) => value !== 'unknown') ?? 'unknown'
  return {
    ...first,
    detained: together(beings.map(({ detained }) => detained)),
    isConfirmed: beings.some(({ isConfirmed }) => isConfirmed),
    isGuide: beings.some(({ isGuide }) => isGuide),
    isMinor: beings.some(({ isMinor }) => isMinor),
    isElderly: beings.some(({ isElderly }) => isElderly),
    sex: firstKnown(beings.map(({ sex }) => sex)),
    status: firstKnown(beings.map(({ status }) => status)),
    place: firstNamed(beings.map(({ place }) => place)),
  }
}

type Range = HumanBeing['detained']
const isKnown = ({ earliest, latest }: Range) => earliest !== null || latest !== null

/** The days on which all ranges agree; if there are none, the span of all ranges. */
function together(ranges: readonly Range[]): Range {
  const known = ranges.filter(isKnown)
  const starts = known.map(({ earliest }) => earliest).filter((day) => day !== null)
  const ends = known.map(({ latest }) => latest).filter((day) => day !== null)
  const [latestStart, earliestEnd] = [starts.toSorted().at(-1), ends.toSorted()[0]]
  const isAgreed =
    latestStart === undefined || earliestEnd === undefined || latestStart <= earliestEnd
  if (isAgreed) return { earliest: latestStart ?? null, latest: earliestEnd ?? null }
  return {
    earliest: starts.length < known.length ? null : (starts.toSorted()[0] ?? null),
    latest: ends.length < known.length ? null : (ends.toSorted().at(-1) ?? null),
  }
}

/** The most exact of several date ranges of one detention. */
function narrowest(ranges: readonly (EdtfRange | null)[]): Range {
  const known = ranges.filter((range) => range !== null).filter(isKnown)
  const width = ({ earliest, latest }: EdtfRange) =>
    earliest === null || latest === null ? Infinity : Date.parse(latest) - Date.parse(earliest)
  const [best] = known.toSorted((one, other) => width(one) - width(other))
  return { earliest: best?.earliest ?? null, latest: best?.latest ?? null }
}

function unnamed(
  views: readonly CaseView[],
  keyOfPerson: (person: string) => string,
  sameTips: readonly (readonly [string, string])[],
  placeOf: PlaceOf,
): HumanBeing[] {
  const union = new Union()
  const known = new Set(views.map(({ receipt }) => receipt))
  for (const [one, other] of sameTips) union.join(one, other)
  for (const { receipt, state } of views) {
    for (const { to, as } of state.links)
      if (as !== 'related' && known.has(to)) union.join(receipt, to)
  }
  return [...Map.groupBy(views, ({ receipt }) => union.find(receipt)).values()].flatMap(
    (members) => {
      const named = new Set(
        members.flatMap((view) => view.persons.map(({ key }) => keyOfPerson(key))),
      ).size
      const told = members.toSorted(
        (one, other) => other.peopleCount.min - one.peopleCount.min,
      )[0] as CaseView
      const missing = Math.max(0, told.peopleCount.min - named)
      return Array.from({ length: missing }, (_, index) => unnamedBeing(told, index, placeOf))
    },
  )
}

function unnamedBeing(view: CaseView, index: number, placeOf: PlaceOf): HumanBeing {
  return {
    key: `${view.receipt}+${index}`,
    detained: narrowest([view.detained]),
    isConfirmed: false,
    isGuide: false,
    isMinor: false,
    isElderly: false,
    sex: 'unknown',
    status: 'unknown',
    place: placeOf(view),
    authorities: authoritiesOf(view),
  }
}

function authoritiesOf({ tip }: CaseView): readonly string[] {
  return tip?.event?.authority ?? ['unknown']
}
