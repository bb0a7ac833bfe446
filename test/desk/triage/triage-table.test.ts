import { describe, expect, it } from 'vitest'
import { stateOf } from '../../../src/desk/casebook/state.ts'
import type { Triage } from '../../../src/desk/files/case-view.ts'
import { triage } from '../../../src/desk/triage/triage.ts'
import { builtInWindows } from '../../../src/desk/triage/windows.ts'
import { personsOf } from '../../../src/desk/view/persons-of.ts'
import type { Person } from '../../../src/tip/person.ts'
import type { DetentionTip } from '../../../src/tip/schema.ts'

/*
 * The rows were written from docs/domain.md, section 2, before the code. Unless a row says
 * otherwise, the day is 5 November 2017 and an analyst has read the case, so that no reading limit
 * raises its tier.
 */

type Event = NonNullable<DetentionTip['event']>
interface Row {
  what: string
  tip: DetentionTip | null
  day?: string
  deadline?: string
  tier: 0 | 1 | 2 | 3
  /** `DAY WHY`, or null if there is no day to act by. */
  actBy: string | null
  codes?: string[]
}

const adult: Person = {
  names: [{ text: 'someone' }],
  age: { value: 30, unit: 'years', reckoning: 'international' },
  status: 'held',
}
const northKorean: Person = { ...adult, nationality: ['KP'] }
const chinese: Person = { ...adult, nationality: ['CN'] }
const southKorean: Person = { ...adult, nationality: ['KR'] }

/** A tip about people held in China since 4 November 2017, unless `event` says otherwise. */
const held = (
  person: Person | Person[],
  event: Partial<Event> = {},
  more: Partial<DetentionTip> = {},
): DetentionTip => ({
  narrative: '.',
  persons: [person].flat(),
  event: { detained_when: '2017-11-04', where_taken: { country: 'CN' }, ...event },
  ...more,
})
const returnRisk = (expected?: string, toCountry = 'KP'): Partial<Event> => ({
  return_risk: { to_country: toCountry, ...(expected === undefined ? {} : { expected }) },
})
const inThailand: Partial<Event> = { where_taken: { country: 'TH' } }

const missing: Row[] = [
  { what: 'no tip to read', tip: null, tier: 1, actBy: null, codes: ['DATE_UNKNOWN'] },
  {
    what: 'a bare narrative',
    tip: { narrative: '도와주세요' },
    tier: 1,
    actBy: null,
    codes: ['DATE_UNKNOWN', 'CUSTODY_UNKNOWN', 'NATIONALITY_UNKNOWN'],
  },
  {
    what: 'a bare narrative with a date',
    tip: { narrative: 'help', event: { detained_when: '2017-11-04' } },
    tier: 1,
    actBy: null,
    codes: ['CUSTODY_UNKNOWN', 'NATIONALITY_UNKNOWN'],
  },
  {
    what: 'a bare narrative with a date two years ago',
    tip: { narrative: 'help', event: { detained_when: '2015-11-04' } },
    tier: 1,
    actBy: null,
  },
  {
    what: 'a North Korean without a place',
    tip: { narrative: '.', persons: [northKorean], event: { detained_when: '2017-11-04' } },
    tier: 1,
    actBy: null,
    codes: ['CUSTODY_UNKNOWN'],
  },
  {
    what: 'a South Korean without a place',
    tip: { narrative: '.', persons: [southKorean], event: { detained_when: '2017-11-04' } },
    tier: 1,
    actBy: null,
    codes: ['CUSTODY_UNKNOWN'],
  },
  { what: 'nationality not said', tip: held(adult), tier: 1, actBy: null },
  {
    what: 'an empty list of nationalities',
    tip: held({ ...adult, nationality: [] }),
    tier: 1,
    actBy: null,
    codes: ['NATIONALITY_UNKNOWN'],
  },
  { what: 'nationality null', tip: held({ ...adult, nationality: null }), tier: 1, actBy: null },
  {
    what: 'nobody described',
    tip: { narrative: '.', event: { detained_when: '2017-11-04', where_taken: { country: 'CN' } } },
    tier: 1,
    actBy: null,
  },
  {
    what: 'the nationality of one of two not said',
    tip: held([chinese, adult]),
    tier: 1,
    actBy: null,
    codes: ['NATIONALITY_UNKNOWN'],
  },
  {
    what: 'three people, one of them described',
    tip: held(chinese, {}, { people_count: { min: 3, max: 3 } }),
    tier: 1,
    actBy: null,
    codes: ['NATIONALITY_UNKNOWN'],
  },
  {
    what: 'companions who are not described',
    tip: held(chinese, { companions: 2 }),
    tier: 1,
    actBy: null,
  },
  {
    what: 'a place without a country',
    tip: held(chinese, { where_taken: { text: 'the market' } }),
    tier: 1,
    actBy: null,
    codes: ['CUSTODY_UNKNOWN'],
  },
  {
    what: 'the date unknown to the source',
    tip: held(chinese, { detained_when: 'unknown' }),
    tier: 1,
    actBy: null,
    codes: ['DATE_UNKNOWN'],
  },
  {
    what: 'an open beginning',
    tip: held(chinese, { detained_when: '../2017-11-04' }),
    tier: 1,
    actBy: null,
    codes: ['DATE_UNKNOWN'],
  },
  {
    what: 'no event at all',
    tip: { narrative: '.', persons: [chinese] },
    tier: 1,
    actBy: null,
    codes: ['DATE_UNKNOWN', 'CUSTODY_UNKNOWN'],
  },
  {
    what: 'custody known from the officers alone',
    tip: held(chinese, { where_taken: null, authority: ['cn_public_security'] }),
    tier: 2,
    actBy: null,
  },
  {
    what: 'officers of no known country',
    tip: held(chinese, { where_taken: null, authority: ['unknown'] }),
    tier: 1,
    actBy: null,
  },
]

const windows: Row[] = [
  {
    what: 'a North Korean held in China',
    tip: held(northKorean),
    tier: 1,
    actBy: '2017-11-18 window',
  },
  {
    what: 'the same five days before the end',
    tip: held(northKorean),
    day: '2017-11-13',
    tier: 1,
    actBy: '2017-11-18 window',
  },
  {
    what: 'the same four days before the end',
    tip: held(northKorean),
    day: '2017-11-14',
    tier: 0,
    actBy: '2017-11-18 window',
  },
  {
    what: 'the same a week after the end',
    tip: held(northKorean),
    day: '2017-11-25',
    tier: 0,
    actBy: '2017-11-18 window',
    codes: ['WINDOW'],
  },
  {
    what: 'the same eight days after the end',
    tip: held(northKorean),
    day: '2017-11-26',
    tier: 1,
    actBy: '2017-11-18 window',
  },
  {
    what: 'a North Korean held in China for a year',
    tip: held(northKorean, { detained_when: '2016-11-04' }),
    tier: 1,
    actBy: '2016-11-18 window',
  },
  {
    what: 'the first day of a vague month',
    tip: held(northKorean, { detained_when: '2017-11~' }),
    tier: 1,
    actBy: '2017-11-15 window',
  },
  {
    what: 'a vague month in which the window may end today',
    tip: held(northKorean, { detained_when: '2017-11' }),
    day: '2017-11-28',
    tier: 1,
    actBy: '2017-11-28 window',
  },
  {
    what: 'an interval: its first day',
    tip: held(northKorean, { detained_when: '2017-10-25/2017-11-02' }),
    tier: 0,
    actBy: '2017-11-08 window',
  },
  {
    what: 'a North Korean in Thailand, for which there is no window',
    tip: held(northKorean, inThailand),
    tier: 1,
    actBy: null,
    codes: ['RETURN_RISK'],
  },
  {
    what: 'a North Korean held in South Korea',
    tip: held(northKorean, { where_taken: { country: 'KR' } }),
    tier: 2,
    actBy: null,
  },
  {
    what: 'a North Korean arrested in North Korea',
    tip: held(northKorean, { where_taken: { country: 'KP' } }),
    tier: 2,
    actBy: null,
  },
  {
    what: 'a Chinese citizen held in Thailand',
    tip: held(chinese, inThailand),
    tier: 1,
    actBy: null,
    codes: ['RETURN_RISK'],
  },
  {
    what: 'a Chinese citizen held in China',
    tip: held(chinese),
    tier: 2,
    actBy: null,
    codes: ['RECENT'],
  },
  { what: 'a South Korean held in China', tip: held(southKorean), tier: 2, actBy: null },
  {
    what: 'a source that names a milder destination than the nationality',
    tip: held(northKorean, returnRisk(undefined, 'KR')),
    tier: 1,
    actBy: '2017-11-18 window',
  },
]

const expectedReturns: Row[] = [
  {
    what: 'a return expected in two days, the window over',
    tip: held(northKorean, { detained_when: '2017-10-12', ...returnRisk('2017-11-07') }),
    tier: 0,
    actBy: '2017-11-07 expected',
    codes: ['EXPECTED_SOON'],
  },
  {
    what: 'the same with the window over since yesterday',
    tip: held(northKorean, { detained_when: '2017-10-21', ...returnRisk('2017-11-07') }),
    tier: 0,
    actBy: '2017-11-07 expected',
  },
  {
    what: 'a return expected in three days',
    tip: held(chinese, returnRisk('2017-11-08')),
    tier: 0,
    actBy: '2017-11-08 expected',
  },
  {
    what: 'a return expected in four days',
    tip: held(chinese, returnRisk('2017-11-09')),
    tier: 1,
    actBy: '2017-11-09 expected',
  },
  {
    what: 'a return expected before the window ends',
    tip: held(northKorean, returnRisk('2017-11-10')),
    tier: 1,
    actBy: '2017-11-10 expected',
  },
  {
    what: 'a return expected after the window ends',
    tip: held(northKorean, returnRisk('2017-12-10')),
    tier: 1,
    actBy: '2017-11-18 window',
  },
  {
    what: 'a return expected from a country without a window',
    tip: held(northKorean, { ...inThailand, ...returnRisk('2017-12-01') }),
    tier: 1,
    actBy: '2017-12-01 expected',
  },
  {
    what: 'a return expected in an interval that has begun',
    tip: held(northKorean, { ...inThailand, ...returnRisk('2017-11-01/2017-11-20') }),
    tier: 0,
    actBy: '2017-11-05 expected',
  },
  {
    what: 'a return expected by a day at the latest',
    tip: held(northKorean, { ...inThailand, ...returnRisk('../2017-11-20') }),
    tier: 0,
    actBy: '2017-11-20 expected',
  },
  {
    what: 'a return expected yesterday',
    tip: held(northKorean, returnRisk('2017-11-04')),
    tier: 0,
    actBy: '2017-11-04 expected',
  },
  {
    what: 'a return expected long ago, the window ahead',
    tip: held(northKorean, returnRisk('2017-10-01')),
    tier: 0,
    actBy: '2017-11-18 window',
  },
  {
    what: 'a return expected at an unknown date',
    tip: held(chinese, { ...inThailand, ...returnRisk('unknown') }),
    tier: 1,
    actBy: null,
  },
  {
    what: 'a return possible, nothing more said',
    tip: held(chinese, { return_risk: {} }),
    tier: 1,
    actBy: null,
    codes: ['RETURN_RISK'],
  },
  {
    what: 'a return feared by the source',
    tip: held(chinese, {}, { topic: 'return_feared' }),
    tier: 1,
    actBy: null,
  },
  {
    what: 'an expected return without a date of detention',
    tip: held(northKorean, { detained_when: null, ...returnRisk('2017-11-07') }),
    tier: 0,
    actBy: '2017-11-07 expected',
  },
]

const deadlines: Row[] = [
  {
    what: "an analyst's deadline before the window ends",
    tip: held(northKorean),
    deadline: '2017-11-10',
    tier: 1,
    actBy: '2017-11-10 deadline',
  },
  {
    what: "an analyst's deadline after the window ends",
    tip: held(northKorean),
    deadline: '2017-11-30',
    tier: 1,
    actBy: '2017-11-18 window',
  },
  {
    what: "an analyst's deadline before the expected return",
    tip: held(chinese, { ...inThailand, ...returnRisk('2017-11-20') }),
    deadline: '2017-11-19',
    tier: 1,
    actBy: '2017-11-19 deadline',
  },
  {
    what: "an analyst's deadline alone",
    tip: held(chinese),
    deadline: '2017-12-01',
    tier: 2,
    actBy: '2017-12-01 deadline',
  },
  {
    what: "an analyst's deadline that has passed",
    tip: held(northKorean),
    deadline: '2017-10-01',
    tier: 1,
    actBy: '2017-10-01 deadline',
  },
  {
    what: "an analyst's deadline long after a window that has just ended",
    tip: held(northKorean, { detained_when: '2017-10-20' }),
    deadline: '2017-12-01',
    tier: 0,
    actBy: '2017-11-03 window',
  },
  {
    what: "an analyst's deadline and a window over for long",
    tip: held(northKorean, { detained_when: '2017-09-01' }),
    deadline: '2017-12-01',
    tier: 1,
    actBy: '2017-12-01 deadline',
  },
  {
    what: "an analyst's deadline for people who are released",
    tip: held({ ...northKorean, status: 'released' }),
    deadline: '2017-12-01',
    tier: 3,
    actBy: '2017-12-01 deadline',
  },
]

const future: Row[] = [
  {
    what: 'a date two months ahead',
    tip: held(northKorean, { detained_when: '2018-01-04' }),
    tier: 1,
    actBy: null,
    codes: ['DATE_UNKNOWN'],
  },
  {
    what: 'the same with an expected return',
    tip: held(northKorean, { detained_when: '2018-01-04', ...returnRisk('2017-11-20') }),
    tier: 1,
    actBy: '2017-11-20 expected',
  },
  {
    what: 'a date of tomorrow, as zones east of Greenwich have it',
    tip: held(northKorean, { detained_when: '2017-11-06' }),
    tier: 1,
    actBy: '2017-11-19 window',
  },
  {
    what: 'a date two days ahead',
    tip: held(northKorean, { detained_when: '2017-11-07' }),
    tier: 1,
    actBy: null,
  },
  {
    what: 'a date ahead of somebody at no known risk',
    tip: held(chinese, { detained_when: '2027-11-04' }),
    tier: 1,
    actBy: null,
    codes: ['DATE_UNKNOWN'],
  },
]

const moves: Row[] = [
  {
    what: 'a North Korean who was moved',
    tip: held({ ...northKorean, status: 'moved' }),
    tier: 0,
    actBy: '2017-11-18 window',
    codes: ['MOVED'],
  },
  {
    what: 'somebody of unknown nationality who was moved',
    tip: held({ ...adult, status: 'moved' }),
    tier: 0,
    actBy: null,
    codes: ['MOVED'],
  },
  {
    what: 'a Chinese citizen moved within China',
    tip: held({ ...chinese, status: 'moved' }),
    tier: 2,
    actBy: null,
  },
  {
    what: 'a transfer of a North Korean',
    tip: held(northKorean, { transfers: [{ to: { text: 'another centre' } }] }),
    tier: 0,
    actBy: '2017-11-18 window',
  },
  {
    what: 'one of two returned',
    tip: held([{ ...northKorean, status: 'returned' }, northKorean]),
    tier: 0,
    actBy: '2017-11-18 window',
    codes: ['RETURN_REPORTED'],
  },
  {
    what: 'a return reported of people whose status is not said',
    tip: held({ ...northKorean, status: null }, {}, { topic: 'returned' }),
    tier: 0,
    actBy: '2017-11-18 window',
    codes: ['RETURN_REPORTED'],
  },
  {
    what: 'a return reported of people who are not described',
    tip: { narrative: '.', topic: 'returned' },
    tier: 0,
    actBy: null,
    codes: ['RETURN_REPORTED'],
  },
  {
    what: 'taken in China, now held in North Korea',
    tip: held(northKorean, { held_where: { country: 'KP' } }),
    tier: 0,
    actBy: null,
    codes: ['RETURN_REPORTED'],
  },
  {
    what: 'all returned',
    tip: held({ ...northKorean, status: 'returned' }, {}, { topic: 'returned' }),
    tier: 3,
    actBy: null,
    codes: ['OVER'],
  },
  { what: 'all released', tip: held({ ...adult, status: 'released' }), tier: 3, actBy: null },
  { what: 'all dead', tip: held({ ...adult, status: 'dead' }), tier: 3, actBy: null },
  {
    what: 'a release reported, nobody described',
    tip: { narrative: '.', topic: 'released' },
    tier: 3,
    actBy: null,
  },
  {
    what: 'one released of three, the others not described',
    tip: held({ ...northKorean, status: 'released' }, {}, { people_count: { min: 3 } }),
    tier: 1,
    actBy: '2017-11-18 window',
  },
  {
    what: 'a release reported while somebody is still held',
    tip: held(chinese, {}, { topic: 'released' }),
    tier: 2,
    actBy: null,
  },
]

const ages: Row[] = [
  {
    what: 'ninety days',
    tip: held(chinese),
    day: '2018-02-02',
    tier: 2,
    actBy: null,
    codes: ['RECENT'],
  },
  {
    what: 'ninety-one days',
    tip: held(chinese),
    day: '2018-02-03',
    tier: 3,
    actBy: null,
    codes: ['OLDER'],
  },
  {
    what: 'a year alone, which may mean last week',
    tip: held(chinese, { detained_when: '2017' }),
    tier: 2,
    actBy: null,
  },
  {
    what: 'an open end',
    tip: held(chinese, { detained_when: '2017-01-04/..' }),
    tier: 2,
    actBy: null,
  },
  {
    what: 'missing for a month',
    tip: held({ ...chinese, status: 'missing' }, { detained_when: '2017-10-04' }),
    tier: 2,
    actBy: null,
  },
]

const raised: Row[] = [
  ...(['pregnant', 'medical', 'elderly', 'child_alone', 'previously_returned'] as const).map(
    (flag): Row => ({
      what: `somebody ${flag}`,
      tip: held({ ...chinese, risk_flags: [flag] }),
      tier: 1,
      actBy: null,
      codes: [flag.toUpperCase(), 'RAISED'],
    }),
  ),
  {
    what: 'somebody with contact to South Korea',
    tip: held({ ...chinese, risk_flags: ['contact_south_korea'] }),
    tier: 0,
    actBy: null,
    codes: ['CONTACT_SOUTH_KOREA', 'RAISED'],
  },
  {
    what: 'somebody with a disability: not among the reasons',
    tip: held({ ...chinese, risk_flags: ['disability'] }),
    tier: 2,
    actBy: null,
  },
  {
    what: 'somebody of 65 without the flag',
    tip: held({ ...chinese, age: { value: 65, unit: 'years', reckoning: 'international' } }),
    tier: 1,
    actBy: null,
    codes: ['ELDERLY'],
  },
  {
    what: 'somebody of 61 in unknown reckoning, not certainly 60: "possible" raises minors alone',
    tip: held({ ...chinese, age: { value: 61, unit: 'years' } }),
    tier: 2,
    actBy: null,
  },
  {
    what: 'a child among North Koreans in China',
    tip: held({ ...northKorean, age: { value: 4, unit: 'years' } }),
    tier: 0,
    actBy: '2017-11-18 window',
    codes: ['MINOR'],
  },
  {
    what: 'perhaps a child',
    tip: held({ ...chinese, age: { value: 19, unit: 'years' } }),
    tier: 1,
    actBy: null,
    codes: ['MINOR'],
  },
  {
    what: 'a child who is released',
    tip: held({ ...chinese, age: { value: 4, unit: 'years' }, status: 'released' }),
    tier: 2,
    actBy: null,
  },
]

const hints: Row[] = [
  ...[
    '곧 북송될 것 같다고 합니다',
    '강제 송환을 한답니다',
    '听说要被遣返',
    '听说要被遣送回去',
    '強制遣返',
    'they will be sent back on Friday',
    'they will send all of them back',
    'he faces repatriation',
    'she is to be deported',
    'handed over to the other side',
    'его хотят депортировать',
  ].map(
    (narrative): Row => ({
      what: `a Chinese citizen and the words "${narrative}"`,
      tip: held(chinese, {}, { narrative }),
      tier: 1,
      actBy: null,
      codes: ['HINT_RETURN'],
    }),
  ),
  {
    what: 'such words in another field than the narrative',
    tip: held(chinese, { return_risk: null, when_text: '북송 전날' }),
    tier: 1,
    actBy: null,
    codes: ['HINT_RETURN'],
  },
  {
    what: 'such words denied: a hint is not an answer',
    tip: held(northKorean, {}, { narrative: 'they will not be sent back' }),
    tier: 1,
    actBy: '2017-11-18 window',
  },
  {
    what: 'such words about people who are released',
    tip: held({ ...northKorean, status: 'released' }, {}, { narrative: '북송되지 않았다' }),
    tier: 3,
    actBy: null,
  },
  {
    what: 'Korean script with a place in China',
    tip: held(adult, {}, { narrative: '언니가 잡혀갔어요' }),
    tier: 1,
    actBy: '2017-11-18 window',
    codes: ['HINT_KOREAN_IN_CHINA'],
  },
  {
    what: 'the same near the end of the window',
    tip: held(adult, { detained_when: '2017-10-24' }, { narrative: '언니가 잡혀갔어요' }),
    tier: 0,
    actBy: '2017-11-07 window',
    codes: ['HINT_KOREAN_IN_CHINA'],
  },
  {
    what: 'a Korean name and a Chinese town in the text',
    tip: held({ ...adult, names: [{ text: '김철수' }] }, { where_taken: { text: '沈阳' } }),
    tier: 1,
    actBy: '2017-11-18 window',
    codes: ['HINT_KOREAN_IN_CHINA'],
  },
  {
    what: 'a Korean narrative that names a Chinese town',
    tip: {
      narrative: '심양에서 잡혔습니다',
      event: { detained_when: '2017-11-04' },
    },
    tier: 1,
    actBy: '2017-11-18 window',
    codes: ['HINT_KOREAN_IN_CHINA'],
  },
  {
    what: 'Korean script of people whose nationality is known',
    tip: held(southKorean, {}, { narrative: '언니가 잡혀갔어요' }),
    tier: 2,
    actBy: null,
  },
  {
    what: 'a source who says that it happens now: shown, raises nothing',
    tip: held(chinese, {}, { urgent_now: 'yes' }),
    tier: 2,
    actBy: null,
    codes: ['SOURCE_SAYS_NOW'],
  },
]

function judge({ tip, day = '2017-11-05', deadline }: Row): Triage {
  return triage({
    tip,
    openedAt: '2017-11-05T09:00:00Z',
    state: { status: 'read', tier: null, reachedTier: null, deadline: deadline ?? null },
    persons: personsOf(tip, 'r', stateOf([]), '2017-11-05'),
    now: new Date(`${day}T10:00:00Z`),
    windows: builtInWindows,
  })
}

const groups = { missing, windows, expectedReturns, deadlines, future, moves, ages, raised, hints }

describe.each(Object.entries(groups))('triage of %s', (_name, rows) => {
  it.each(rows)('$what: tier $tier, act by $actBy', (row) => {
    const { tier, actBy, reasons } = judge(row)
    expect(tier).toBe(row.tier)
    expect(actBy === null ? null : `${actBy.day} ${actBy.why}`).toBe(row.actBy)
    expect(reasons.map(({ code }) => code)).toEqual(expect.arrayContaining(row.codes ?? []))
  })
})

it('has at least sixty cases', () => {
  expect(Object.values(groups).flat().length).toBeGreaterThanOrEqual(60)
})
