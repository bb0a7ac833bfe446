import type { DetentionTip } from '../../../src/tip/schema.ts'
import { seedTip } from '../support/sample-view.ts'

/**
 * Tips and the answers expected for them on 6 November 2017, WRITTEN BY HAND from docs/domain.md,
 * section 2: nothing in this file was printed by the program, and only types are imported from it.
 * Mainland China returns people to North Korea after about 14 days: between day 10 and day 21 a
 * case is urgent.
 */
export const today = '2017-11-06'
export const countedFrom = '2017-07-01'
export const countedTo = '2017-12-31'
export const months = ['2017-07', '2017-08', '2017-09', '2017-10', '2017-11', '2017-12'] as const
export type Month = (typeof months)[number]

/** What may be shared. `-` means nothing; `photo` includes names and files. */
export type Told = '-' | 'facts' | 'named' | 'photo'

export interface Answer {
  id: string
  tip: DetentionTip
  tier: 0 | 1 | 2 | 3
  why: string
  /**
   * Number of persons. `in` is the month in which they were certainly detained, `maybe` the months
   * in which they may have been. Neither is set if the tip has no date, or only dates in another
   * year.
   */
  persons: number
  in?: Month
  maybe?: readonly Month[]
  /** The month is uncertain, but it is certainly between `countedFrom` and `countedTo`. */
  inPeriod?: true
  isUndated?: true
  minors?: number
  elderly?: number
  guides?: number
  un: Told
  media: Told
  /** Number of files that may be shared with the UN. */
  files?: number
  /** What analysts do after opening the tip: arguments of `tumen case`, with `ID` for the case. */
  then?: readonly (readonly string[])[]
  /**
   * Duplicate of the previous row. An analyst links the two, and the persons of this row are those
   * of the previous one.
   */
  isDuplicateOfPrevious?: true
}

type Person = NonNullable<DetentionTip['persons']>[number]
type Event = NonNullable<DetentionTip['event']>

const korean = (more: Person = {}): Person => ({
  names: [{ text: '김철수' }],
  nationality: ['KP'],
  status: 'held',
  ...more,
})
const uyghur = (more: Person = {}): Person => ({
  names: [{ text: 'مەمەت تۇرسۇن', script: 'Arab' }],
  nationality: ['CN'],
  ethnicity: 'Uyghur',
  status: 'held',
  ...more,
})
const tip = (
  person: Person | Person[],
  detained_when: string,
  more: Partial<DetentionTip> = {},
  event: Event = {},
  country = 'CN',
): DetentionTip => ({
  narrative: '잡혀갔습니다',
  persons: [person].flat(),
  event: { detained_when, where_taken: { text: '옌지', country }, ...event },
  ...more,
})
const consent = (...levels: [string, string][]) =>
  ({ consent: levels.map(([recipient, level]) => ({ recipient, level })) }) as Pick<
    DetentionTip,
    'consent'
  >
const none = { un: '-', media: '-' } as const
const years = (value: number, reckoning: 'international' | 'counting' | 'unknown', as_of: string) =>
  ({ age: { value, unit: 'years', reckoning, as_of } }) as const

export const answers: readonly Answer[] = [
  {
    id: 'seed',
    tip: seedTip,
    tier: 0,
    why: 'return feared: 1; a child of four: 0',
    persons: 10,
    in: '2017-11',
    minors: 1,
    un: 'named',
    media: '-',
  },
  {
    id: 'sentence',
    tip: { narrative: '전화가 끊겼습니다.' },
    tier: 1,
    why: 'nobody knows when',
    persons: 1,
    isUndated: true,
    ...none,
  },
  {
    id: 'now',
    tip: { narrative: '지금 잡혀갑니다.', urgent_now: 'yes' },
    tier: 1,
    why: 'urgent_now is a hint alone',
    persons: 1,
    isUndated: true,
    ...none,
  },
  // Urgency window: detained N days ago.
  {
    id: 'day-2',
    tip: tip(korean(), '2017-11-04'),
    tier: 1,
    why: 'North Korean in China, day 2',
    persons: 1,
    in: '2017-11',
    ...none,
  },
  {
    id: 'day-9',
    tip: tip(korean(), '2017-10-28'),
    tier: 1,
    why: 'day 9: five are left',
    persons: 1,
    in: '2017-10',
    ...none,
  },
  {
    id: 'day-10',
    tip: tip(korean(), '2017-10-27'),
    tier: 0,
    why: 'day 10: four are left',
    persons: 1,
    in: '2017-10',
    ...none,
  },
  {
    id: 'day-12',
    tip: tip(korean(), '2017-10-25'),
    tier: 0,
    why: 'day 12',
    persons: 1,
    in: '2017-10',
    ...none,
  },
  {
    id: 'day-21',
    tip: tip(korean(), '2017-10-16'),
    tier: 0,
    why: 'day 21: a week over',
    persons: 1,
    in: '2017-10',
    ...none,
  },
  {
    id: 'day-22',
    tip: tip(korean(), '2017-10-15'),
    tier: 1,
    why: 'day 22: not urgent by the window, and still a risk',
    persons: 1,
    in: '2017-10',
    ...none,
  },
  {
    id: 'thailand',
    tip: tip(korean(), '2017-10-25', {}, {}, 'TH'),
    tier: 1,
    why: 'no window is known from Thailand',
    persons: 1,
    in: '2017-10',
    ...none,
  },
  // Facts that make a return likely soon.
  {
    id: 'moved',
    tip: tip(korean({ status: 'moved' }), '2017-11-03'),
    tier: 0,
    why: 'moved, perhaps to the border',
    persons: 1,
    in: '2017-11',
    ...none,
  },
  {
    id: 'expected-3',
    tip: tip(
      korean(),
      '2017-11-05',
      {},
      { return_risk: { to_country: 'KP', expected: '2017-11-09' } },
    ),
    tier: 0,
    why: 'expected in three days',
    persons: 1,
    in: '2017-11',
    ...none,
  },
  {
    id: 'expected-4',
    tip: tip(
      korean(),
      '2017-11-05',
      {},
      { return_risk: { to_country: 'KP', expected: '2017-11-10' } },
    ),
    tier: 1,
    why: 'expected in four days',
    persons: 1,
    in: '2017-11',
    ...none,
  },
  {
    id: 'one-returned',
    tip: tip(
      [korean({ status: 'returned' }), korean({ names: [{ text: '박영희' }] })],
      '2017-11-01',
    ),
    tier: 0,
    why: 'one was returned, one is held',
    persons: 2,
    in: '2017-11',
    ...none,
  },
  {
    id: 'feared-by-source',
    tip: tip(
      uyghur(),
      '2017-11-01',
      { topic: 'return_feared' },
      { return_risk: { to_country: 'CN' } },
      'TH',
    ),
    tier: 1,
    why: 'feared from Thailand to China',
    persons: 1,
    in: '2017-11',
    ...none,
  },
  // Cases that are over.
  {
    id: 'returned',
    tip: tip(korean({ status: 'returned' }), '2017-10-20'),
    tier: 3,
    why: 'everybody is back',
    persons: 1,
    in: '2017-10',
    ...none,
  },
  {
    id: 'dead',
    tip: tip(uyghur({ status: 'dead' }), '2017-09-03'),
    tier: 3,
    why: 'dead',
    persons: 1,
    in: '2017-09',
    ...none,
  },
  {
    id: 'child-released',
    tip: tip(
      korean({ status: 'released', ...years(9, 'international', '2017-09-10') }),
      '2017-09-10',
    ),
    tier: 2,
    why: 'released: 3; a child: 2',
    persons: 1,
    in: '2017-09',
    minors: 1,
    ...none,
  },
  {
    id: 'returned-nobody-named',
    tip: { narrative: '북송됐답니다', topic: 'returned', event: { detained_when: '2017-10' } },
    tier: 0,
    why: 'a return is reported, and nobody says of whom',
    persons: 1,
    in: '2017-10',
    ...none,
  },
  // Days since the detention, in countries that do not return people.
  {
    id: 'uyghur-36',
    tip: tip(uyghur(), '2017-10-01'),
    tier: 2,
    why: 'day 36',
    persons: 1,
    in: '2017-10',
    ...none,
  },
  {
    id: 'uyghur-90',
    tip: tip(uyghur(), '2017-08-08'),
    tier: 2,
    why: 'day 90: 23 + 30 + 31 + 6',
    persons: 1,
    in: '2017-08',
    ...none,
  },
  {
    id: 'uyghur-91',
    tip: tip(uyghur(), '2017-08-07'),
    tier: 3,
    why: 'day 91',
    persons: 1,
    in: '2017-08',
    ...none,
  },
  {
    id: 'missing',
    tip: tip(uyghur({ status: 'missing' }), '2017-08-31'),
    tier: 2,
    why: 'missing since day 67',
    persons: 1,
    in: '2017-08',
    ...none,
  },
  {
    id: 'last-year',
    tip: tip(uyghur(), '2016-12-20'),
    tier: 3,
    why: 'last year, and in no count of this one',
    persons: 1,
    ...none,
  },
  // Dates that nobody knows exactly.
  {
    id: 'unknown-day',
    tip: tip(uyghur(), 'unknown'),
    tier: 1,
    why: 'nobody knows when',
    persons: 1,
    isUndated: true,
    ...none,
  },
  {
    id: 'some-day-of-the-year',
    tip: tip(uyghur(), '2017'),
    tier: 2,
    why: 'perhaps last week: a vague date is not an old one',
    persons: 1,
    maybe: months,
    ...none,
  },
  {
    id: 'over-the-end-of-a-month',
    tip: tip(uyghur(), '2017-10-28/2017-11-03'),
    tier: 2,
    why: 'at most nine days',
    persons: 1,
    maybe: ['2017-10', '2017-11'],
    inPeriod: true,
    ...none,
  },
  {
    id: 'about-a-month',
    tip: tip(uyghur(), '2017-11~'),
    tier: 2,
    why: 'at most five days',
    persons: 1,
    in: '2017-11',
    ...none,
  },
  {
    id: 'since',
    tip: tip(uyghur(), '2017-09-15/..'),
    tier: 2,
    why: 'at most 52 days',
    persons: 1,
    maybe: ['2017-09', '2017-10', '2017-11', '2017-12'],
    ...none,
  },
  {
    id: 'before',
    tip: tip(uyghur(), '../2017-10-10'),
    tier: 1,
    why: 'no first day: nobody knows how long',
    persons: 1,
    maybe: ['2017-07', '2017-08', '2017-09', '2017-10'],
    ...none,
  },
  // Ages. Korean counting gives one or two years more.
  {
    id: 'counting-18',
    tip: tip(korean(years(18, 'counting', '2017-11-04')), '2017-11-04'),
    tier: 0,
    why: '16 or 17',
    persons: 1,
    in: '2017-11',
    minors: 1,
    ...none,
  },
  {
    id: 'counting-19',
    tip: tip(korean(years(19, 'counting', '2017-11-04')), '2017-11-04'),
    tier: 0,
    why: '17 or 18: perhaps a child, and not counted as one',
    persons: 1,
    in: '2017-11',
    ...none,
  },
  {
    id: 'counting-20',
    tip: tip(korean(years(20, 'counting', '2017-11-04')), '2017-11-04'),
    tier: 1,
    why: '18 or 19',
    persons: 1,
    in: '2017-11',
    ...none,
  },
  {
    id: 'unsaid-19',
    tip: tip(korean(years(19, 'unknown', '2017-11-04')), '2017-11-04'),
    tier: 0,
    why: '17 to 19',
    persons: 1,
    in: '2017-11',
    ...none,
  },
  {
    id: 'counting-61',
    tip: tip(korean(years(61, 'counting', '2017-11-04')), '2017-11-04'),
    tier: 1,
    why: '59 or 60: not certainly elderly',
    persons: 1,
    in: '2017-11',
    ...none,
  },
  {
    id: 'counting-62',
    tip: tip(korean(years(62, 'counting', '2017-11-04')), '2017-11-04'),
    tier: 0,
    why: '60 or 61',
    persons: 1,
    in: '2017-11',
    elderly: 1,
    ...none,
  },
  {
    id: 'eve-of-18',
    tip: tip(korean({ birth: '1999-11-05' }), '2017-11-04'),
    tier: 0,
    why: '17 for one more day',
    persons: 1,
    in: '2017-11',
    minors: 1,
    ...none,
  },
  {
    id: 'birthday-18',
    tip: tip(korean({ birth: '1999-11-04' }), '2017-11-04'),
    tier: 1,
    why: '18 that day',
    persons: 1,
    in: '2017-11',
    ...none,
  },
  {
    id: 'baby',
    tip: tip(uyghur({ age: { value: 8, unit: 'months', as_of: '2017-11-01' } }), '2017-11-01'),
    tier: 1,
    why: 'no return: 2; a baby: 1',
    persons: 1,
    in: '2017-11',
    minors: 1,
    ...none,
  },
  {
    id: 'elderly-uyghur',
    tip: tip(uyghur(years(63, 'international', '2017-08-07')), '2017-08-07'),
    tier: 2,
    why: 'day 91: 3; 63 years old: 2',
    persons: 1,
    in: '2017-08',
    elderly: 1,
    ...none,
  },
  // Other reasons to raise a case by one tier.
  {
    id: 'pregnant',
    tip: tip(uyghur({ risk_flags: ['pregnant'] }), '2017-10-01'),
    tier: 1,
    why: 'day 36: 2; pregnant: 1',
    persons: 1,
    in: '2017-10',
    ...none,
  },
  {
    id: 'south-korea',
    tip: tip(korean({ risk_flags: ['contact_south_korea'] }), '2017-11-04'),
    tier: 0,
    why: 'a risk: 1; contact with South Korea: 0',
    persons: 1,
    in: '2017-11',
    ...none,
  },
  {
    id: 'official-family',
    tip: tip(korean({ risk_flags: ['official_family'] }), '2017-11-04'),
    tier: 1,
    why: 'not among the reasons to go up',
    persons: 1,
    in: '2017-11',
    ...none,
  },
  // Persons who are counted.
  {
    id: 'group',
    tip: tip([korean(), korean({ names: [{ text: '최은경' }] })], '2017-11-04', {
      people_count: { min: 5, max: 8 },
    }),
    tier: 1,
    why: 'day 2',
    persons: 5,
    in: '2017-11',
    ...none,
  },
  {
    id: 'companions',
    tip: tip(korean(), '2017-11-04', {}, { companions: 3 }),
    tier: 1,
    why: 'day 2',
    persons: 4,
    in: '2017-11',
    ...none,
  },
  {
    id: 'guide',
    tip: tip([korean(), korean({ names: [{ text: '왕' }] })], '2017-11-02'),
    tier: 1,
    why: 'day 4',
    persons: 1,
    guides: 1,
    in: '2017-11',
    then: [['set', 'ID', 'persons.1.guide', 'true']],
    ...none,
  },
  {
    id: 'once',
    tip: tip(korean({ names: [{ text: '리성철', script: 'Hang' }] }), '2017-11-03'),
    tier: 1,
    why: 'day 3',
    persons: 1,
    in: '2017-11',
    ...none,
  },
  {
    id: 'and-again',
    tip: tip(korean({ names: [{ text: '李成哲', script: 'Hani' }] }), '2017-11'),
    tier: 1,
    why: 'at most day 5',
    persons: 0,
    isDuplicateOfPrevious: true,
    ...none,
  },
  {
    id: 'alike-and-not-said-to-be-one',
    tip: tip(korean({ names: [{ text: 'Lee Sung-chul', script: 'Latn' }] }), '2017-11-03'),
    tier: 1,
    why: 'day 3; a program never makes two people one',
    persons: 1,
    in: '2017-11',
    ...none,
  },
  // Recipients with whom a case may be shared.
  {
    id: 'withdrawn',
    tip: tip(korean(), '2017-11-04', {
      ...consent(['un', 'named']),
      consent_meta: { withdrawn: 'yes' },
    }),
    tier: 1,
    why: 'day 2',
    persons: 1,
    in: '2017-11',
    un: '-',
    media: '-',
  },
  {
    id: 'asked-later',
    tip: tip(korean(), '2017-11-04', { narrative: '아직 말하지 마세요' }),
    tier: 1,
    why: 'day 2',
    persons: 1,
    in: '2017-11',
    un: 'named',
    media: '-',
    then: [['consent', 'ID', 'un', 'named', '--given-by', 'the wife, by telephone']],
  },
  {
    id: 'taken-back-later',
    tip: tip(korean(), '2017-11-04', consent(['un', 'named'], ['media', 'facts_only'])),
    tier: 1,
    why: 'day 2',
    persons: 1,
    in: '2017-11',
    un: '-',
    media: 'facts',
    then: [['consent', 'ID', 'un', 'no', '--given-by', 'the wife, by telephone']],
  },
  {
    id: 'facts',
    tip: tip(korean(), '2017-11-04', consent(['un', 'facts_only'], ['media', 'facts_only'])),
    tier: 1,
    why: 'day 2',
    persons: 1,
    in: '2017-11',
    un: 'facts',
    media: 'facts',
  },
  {
    id: 'two-words',
    tip: tip(korean(), '2017-11-04', consent(['un', 'named'], ['un', 'facts_only'])),
    tier: 1,
    why: 'day 2; the narrower word counts',
    persons: 1,
    in: '2017-11',
    un: 'facts',
    media: '-',
  },
  {
    id: 'media-only',
    tip: tip(korean(), '2017-11-04', consent(['media', 'named'])),
    tier: 1,
    why: 'day 2',
    persons: 1,
    in: '2017-11',
    un: '-',
    media: 'named',
  },
  {
    id: 'ask-first',
    tip: tip(korean(), '2017-11-04', consent(['un', 'ask_first'])),
    tier: 1,
    why: 'day 2',
    persons: 1,
    in: '2017-11',
    un: '-',
    media: '-',
  },
  {
    id: 'with-photos',
    tip: tip(korean(), '2017-11-04', consent(['un', 'named_photo'])),
    tier: 1,
    why: 'day 2',
    persons: 1,
    in: '2017-11',
    un: 'photo',
    media: '-',
    files: 1,
  },
  {
    id: 'hostile-text',
    tier: 1,
    why: 'day 2',
    persons: 1,
    in: '2017-11',
    un: 'named',
    media: '-',
    tip: tip(
      korean({
        names: [{ text: '=HYPERLINK("http://x.example/")' }],
        origin_place: '@SUM(1)|평양',
      }),
      '2017-11-04',
      {
        ...consent(['un', 'named']),
        narrative: '<script>alert(1)</script>\u202e=1+1|<img src=x onerror=alert(1)>',
      },
      { where_taken: { text: '<b>옌지</b>|\u202egnay', country: 'CN' } },
    ),
  },
]

/**
 * The rows above, added up by hand, row by row, one tip for each row as it is written there.
 * Persons certainly detained in one month: July 0; August 4 (90, 91, missing, elderly); September 2
 * (dead, child); October 10 (day 9, 10, 12, 21, 22, Thailand, returned, nobody named, 36,
 * pregnant). November, as a running total: seed 10, day 2, moved, expected-3, expected-4, two of
 * one-returned, feared: 17; about-a-month 18; ages: four of counting and unsaid up to 62, that is
 * 6: 24; eve, birthday, baby: 27; South Korea, official family: 29; group 5: 34; companions 4: 38;
 * guide's one: 39; once and again: 40; alike: 41; withdrawn, later, taken back, facts, two words,
 * media, ask first, photos: 49; hostile: 50.
 */
export const addedUp = {
  tips: 58,
  // Tier 0: seed, day 10, 12, 21, moved, expected-3, one returned, nobody named, 18, 19, unsaid 19,
  // 62, eve, South Korea. Tier 3: returned, dead, 91, last year. Tier 2: child released, 36, 90,
  // missing, some day of the year, end of a month, about a month, since, elderly. Tier 1: the rest
  // of 58.
  tiers: [14, 31, 9, 4],
  certain: { '2017-07': 0, '2017-08': 4, '2017-09': 2, '2017-10': 10, '2017-11': 50, '2017-12': 0 },
  // A tip that gives only the year counts in all six months, "since 15 September" and "before 10
  // October" in four each, "the end of October" in two.
  uncertain: { '2017-07': 2, '2017-08': 2, '2017-09': 3, '2017-10': 4, '2017-11': 3, '2017-12': 2 },
  // 4 + 2 + 10 + 50, and the person who was detained at the end of October or the beginning of
  // November.
  inPeriod: 67,
  uncertainOfPeriod: 3,
  undated: 3,
  // seed, child, 18, eve, baby; 62 and 63.
  minors: 5,
  elderly: 2,
  guides: 1,
  // seed, asked later, facts, two words, photos, hostile; taken back, facts, media only.
  un: 6,
  media: 3,
  files: 1,
} as const
