import { daysBetween } from '../../time/day.ts'
import type { CaseView, PersonView } from '../files/case-view.ts'
import type { ReadyName } from './similarity.ts'
import { alikeScore, readyName, readySimilarity } from './similarity.ts'
import { count } from '../../text/count.ts'

/** Two persons who may be the same human being. An analyst decides. */
export interface DuplicateCandidate {
  /** Keys of the persons, `RECEIPT#INDEX`; `a` sorts before `b`. */
  a: string
  b: string
  /** 0 to 1. */
  score: number
  why: string[]
}

interface Someone {
  view: CaseView
  person: PersonView
  names: ReadyName[]
}

/**
 * Number of neighbours each person is compared with. Among thousands with a similar name, these are
 * the people detained at about the same time.
 */
const neighboursInBlock = 24
/** Ages reported by different people may differ by this much. */
const ageSlackYears = 2
const sameTimeDays = 31
const otherTimeDays = 366

/**
 * Pairs of persons, from different tips or the same one, who may be the same human being, the
 * likeliest first. Pairs that an analyst has decided about are left out.
 */
export function findDuplicates(views: readonly CaseView[]): DuplicateCandidate[] {
  const found = new Map<string, DuplicateCandidate>()
  for (const block of blocksOf(views).values()) {
    block.sort(
      (one, other) =>
        startOf(one).localeCompare(startOf(other)) ||
        one.person.key.localeCompare(other.person.key),
    )
    for (const [index, one] of block.entries()) {
      for (const other of block.slice(index + 1, index + 1 + neighboursInBlock)) {
        const [first, second] = one.person.key < other.person.key ? [one, other] : [other, one]
        const pair = `${first.person.key} ${second.person.key}`
        if (found.has(pair) || isDecided(first, second)) continue
        const candidate = compare(first, second)
        if (candidate !== null) found.set(pair, candidate)
      }
    }
  }
  return [...found.values()].sort(
    (one, other) =>
      other.score - one.score || one.a.localeCompare(other.a) || one.b.localeCompare(other.b),
  )
}

function blocksOf(views: readonly CaseView[]): Map<string, Someone[]> {
  const blocks = new Map<string, Someone[]>()
  const ready = new Map<string, ReadyName>()
  const makeReady = (text: string): ReadyName => {
    const name = ready.get(text) ?? readyName(text)
    ready.set(text, name)
    return name
  }
  for (const view of views) {
    for (const person of view.persons) {
      const names = (person.person.names ?? []).map(({ text }) => makeReady(text))
      const someone = { view, person, names }
      for (const key of new Set(names.flatMap(blocksOfName))) {
        const block = blocks.get(key)
        if (block === undefined) blocks.set(key, [someone])
        else block.push(someone)
      }
    }
  }
  return blocks
}

/** The possible Mandarin readings of a name are compared only as whole codes. */
function blocksOfName({ keys, mandarin }: ReadyName): string[] {
  return [...keys.flatMap(blockKeys), ...mandarin]
}

/** Block keys of a name: the whole code, and its beginning, where spellings differ least. */
function blockKeys(key: string): string[] {
  const [surname = '', given = ''] = key.split(' ')
  return surname === '' || key.startsWith('=') ? [key] : [key, `${surname} ${given.slice(0, 2)}*`]
}

function startOf({ view }: Someone): string {
  return view.detained?.earliest ?? ''
}

/** When an analyst has given both persons an id, the ids already say whether they are the same. */
function isDecided({ person: one }: Someone, { person: other }: Someone): boolean {
  return one.key === other.key || (one.personId !== null && other.personId !== null)
}

function compare(one: Someone, other: Someone): DuplicateCandidate | null {
  const best = one.names
    .flatMap((name) => other.names.map((each) => readySimilarity(name, each)))
    .reduce((a, b) => (b.score > a.score ? b : a), { score: 0, why: '' })
  if (best.score === 0) return null
  const facts = factsOf(one, other)
  const score = Math.max(
    0,
    Math.min(
      1,
      facts.reduce((product, { times }) => product * times, best.score),
    ),
  )
  if (score < alikeScore) return null
  return {
    a: one.person.key,
    b: other.person.key,
    score: Math.round(score * 100) / 100,
    why: [best.why, ...facts.map(({ text }) => text)],
  }
}

interface Fact {
  times: number
  text: string
}

function factsOf(one: Someone, other: Someone): Fact[] {
  return [
    sexFact(one.person, other.person),
    ageFact(one.person, other.person),
    timeFact(one.view, other.view),
    placeFact(one.view, other.view),
  ].filter((fact) => fact !== null)
}

function sexFact(
  { person: { sex: one } }: PersonView,
  { person: { sex: other } }: PersonView,
): Fact | null {
  const isKnown = (sex: typeof one) => sex === 'female' || sex === 'male'
  if (!isKnown(one) || !isKnown(other)) return null
  return one === other
    ? { times: 1.02, text: 'the same sex' }
    : { times: 0.4, text: 'but not the same sex' }
}

function ageFact({ age: one }: PersonView, { age: other }: PersonView): Fact | null {
  if (one === null || other === null) return null
  const gap = Math.max(one.min - other.max, other.min - one.max)
  if (gap <= 0) return { times: 1.05, text: 'ages fit' }
  return gap <= ageSlackYears
    ? { times: 0.95, text: `ages ${gap} apart` }
    : { times: 0.4, text: `but ages ${gap} apart` }
}

function timeFact({ detained: one }: CaseView, { detained: other }: CaseView): Fact | null {
  if (!one?.earliest || !one.latest || !other?.earliest || !other.latest) return null
  const gap = Math.max(
    daysBetween(one.latest, other.earliest),
    daysBetween(other.latest, one.earliest),
  )
  if (gap <= 0) return { times: 1.08, text: 'detained at the same time' }
  if (gap <= sameTimeDays) return { times: 1.02, text: `detained within ${count(gap, 'day')}` }
  return gap > otherTimeDays ? { times: 0.7, text: 'but detained more than a year apart' } : null
}

function placeFact(one: CaseView, other: CaseView): Fact | null {
  const [a, b] = [one, other].map(({ tip }) =>
    tip?.event?.where_taken?.text?.normalize('NFKC').trim().toLowerCase(),
  )
  return a !== undefined && a !== '' && a === b
    ? { times: 1.05, text: 'taken at the same place' }
    : null
}
