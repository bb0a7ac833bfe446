import { describe, expect, it } from 'vitest'
import type { Change } from '../../../src/desk/files/case-file.ts'
import { stateOf } from '../../../src/desk/casebook/state.ts'
import { countCases } from '../../../src/desk/counts/count-cases.ts'
import { countsTable, smallCells } from '../../../src/desk/counts/counts-table.ts'
import { placeAsTold, placeFor } from '../../../src/desk/counts/place-names.ts'
import type { ConsentLevel } from '../../../src/tip/consent.ts'
import { monthsIn, periodsOf } from '../../../src/desk/counts/periods.ts'
import { peopleCountOf } from '../../../src/desk/people/people-count.ts'
import { personsOf } from '../../../src/desk/view/persons-of.ts'
import type { CaseView } from '../../../src/desk/files/case-view.ts'
import type { DetentionTip } from '../../../src/tip/schema.ts'
import { generateTips } from '../corpus/generate-tips.ts'
import { confirmed } from '../support/confirmed.ts'
import { sampleView, seedTip } from '../support/sample-view.ts'

const stamp = { at: '2017-11-05T10:00:00Z', by: 'kim' }
function viewOf(tip: DetentionTip, ...changes: Change[]): CaseView {
  const view = sampleView(tip)
  const state = stateOf(changes)
  return {
    ...view,
    state,
    persons: personsOf(tip, view.receipt, state, '2017-11-05'),
    peopleCount: peopleCountOf(tip),
  }
}
const set = (field: string, value: unknown): Change => ({ kind: 'set', ...stamp, field, value })
let number = 0
const one = (when: string, ...changes: Change[]) =>
  viewOf(
    {
      narrative: `${number++}`,
      persons: [{ names: [{ text: `Kim ${number}` }], status: 'held' }],
      event: { detained_when: when },
    },
    ...changes,
  )

const request = { from: '2017-01-01', to: '2017-12-31', by: 'month', asOf: '2018-01-01' } as const
const rowOf = (views: readonly CaseView[], label: string) =>
  countCases(views, request).rows.find((row) => row.label === label)

describe('countCases', () => {
  it('counts the ten persons of the seed case, two of them named, one a child', () => {
    const counts = countCases([viewOf(seedTip)], request)
    expect(counts.total).toMatchObject({ persons: 10, confirmed: 0, minors: 1, uncertain: 0 })
    expect(counts.rows.find(({ label }) => label === '2017-11')).toMatchObject({ persons: 10 })
    expect(counts.byAuthority).toEqual({ cn_public_security: 10 })
  })

  it('counts a date that crosses a month as uncertain in both months, and once in total', () => {
    const views = [one('2017-10-28/2017-11-03'), one('2017-11-04')]
    expect(rowOf(views, '2017-10')).toMatchObject({ persons: 0, uncertain: 1 })
    expect(rowOf(views, '2017-11')).toMatchObject({ persons: 1, uncertain: 1 })
    expect(countCases(views, request).total).toMatchObject({ persons: 2, uncertain: 0 })
  })

  it('counts an open end as uncertain, and a missing date separately', () => {
    const counts = countCases(
      [one('2017-11-04/..'), one('unknown'), viewOf({ narrative: 'no event' })],
      request,
    )
    expect(counts.total).toMatchObject({ persons: 0, uncertain: 1 })
    expect(counts.undated.persons).toBe(2)
  })

  it('counts guides separately', () => {
    const counts = countCases(
      [one('2017-11-04', set('persons.0.guide', true)), one('2017-11-04')],
      request,
    )
    expect(counts.total).toMatchObject({ persons: 1, guides: 1 })
  })

  it('counts a person once who is marked as one, or in linked duplicates', () => {
    const [a, b] = [
      one('2017-11-04', set('persons.0.person_id', 'x'), set('persons.0.confirmed', true)),
      one('2017-11~', set('persons.0.person_id', 'x')),
    ]
    expect(countCases([a, b], request).total).toMatchObject({ persons: 1, confirmed: 1 })
    const c = one('2017-11-04')
    const d = one('2017-11-04', { kind: 'link', ...stamp, to: c.receipt, as: 'duplicate' })
    expect(countCases([c, d], request).total.persons).toBe(1)
    const related = one('2017-11-04', { kind: 'link', ...stamp, to: c.receipt, as: 'related' })
    expect(countCases([c, related], request).total.persons).toBe(2)
  })

  const tellsOf = (names: readonly string[], event = { detained_when: '2017-11-04' }) =>
    viewOf({
      narrative: `${number++}`,
      persons: names.map((text) => ({ names: [{ text }] })),
      event,
    })

  it('counts an open pair as two persons, and as one in the floor', () => {
    const counts = countCases([tellsOf(['리영희']), tellsOf(['리영희'])], request)
    expect(counts.total.persons).toBe(2)
    expect(counts.floor.total.persons).toBe(1)
    expect(counts.openPairs).toBe(1)
  })

  it('counts one woman in five tips once in the floor', () => {
    const spellings = ['리영희', '리영희', 'Ri Yong-hui', '李英姬', 'Lee Young-hee']
    const counts = countCases(
      spellings.map((name) => tellsOf([name])),
      request,
    )
    expect(counts.total.persons).toBe(5)
    expect(counts.floor.total.persons).toBe(1)
    expect(countsTable(counts)[0]?.caption).toMatch(
      /at least 1; 5 if no two are the same \(\d+ open pairs\)/,
    )
  })

  it('counts the unnamed companions of an open pair once in the floor', () => {
    const group = () =>
      viewOf({
        narrative: `${number++}`,
        people_count: { min: 10, max: 10 },
        persons: [{ names: [{ text: '리영희' }] }],
        event: { detained_when: '2017-11-04' },
      })
    const counts = countCases([group(), group()], request)
    expect([counts.floor.total.persons, counts.total.persons]).toEqual([10, 20])
  })

  it('puts an open pair of two months into neither month, and into the year once', () => {
    const views = [
      tellsOf(['리영희'], { detained_when: '2017-10-04' }),
      tellsOf(['리영희'], { detained_when: '2017-11-04' }),
    ]
    const { floor } = countCases(views, request)
    expect(floor.rows.map(({ persons }) => persons)).toEqual(Array(12).fill(0))
    expect(floor.total.persons).toBe(1)
  })

  it('has no open pair left once an analyst marked both persons', () => {
    const marked = (id: string) => one('2017-11-04', set('persons.0.person_id', id))
    expect(countCases([marked('x'), marked('y')], request)).toMatchObject({
      openPairs: 0,
      floor: { total: { persons: 2 } },
    })
  })

  it('has no guide in any table of places, authorities, sexes or statuses', () => {
    const guide = viewOf(
      {
        narrative: `${number++}`,
        persons: [{ names: [{ text: '박' }], sex: 'male', status: 'held' }],
        event: {
          detained_when: '2017-11-04',
          where_taken: { text: 'Tumen' },
          authority: ['cn_military'],
        },
      },
      set('persons.0.guide', true),
    )
    const counts = countCases([guide], request)
    for (const { byPlace, byAuthority, bySex, total } of [counts, counts.floor]) {
      expect([byPlace, byAuthority, bySex, total.byStatus]).toEqual([{}, {}, {}, {}])
      expect(total.guides).toBe(1)
    }
  })

  it('counts the nameless of one event once', () => {
    const group = (min: number, ...changes: Change[]) =>
      viewOf(
        {
          narrative: `${number++}`,
          people_count: { min, max: min },
          event: { detained_when: '2017-11-04' },
        },
        ...changes,
      )
    const first = group(10)
    const second = group(8, { kind: 'link', ...stamp, to: first.receipt, as: 'same_event' })
    expect(countCases([first, second], request).total.persons).toBe(10)
    expect(countCases([first, group(8)], request).total.persons).toBe(18)
  })

  it('gives the rates HRW gave: 49 in three months are 16.3, 51 in twelve 4.3', () => {
    const many = (count: number, when: string) =>
      viewOf({
        narrative: `${number++}`,
        people_count: { min: count, max: count },
        event: { detained_when: when },
      })
    expect(
      countCases([many(49, '2017-08-15')], { ...request, from: '2017-07-01', to: '2017-09-30' })
        .ratePerMonth,
    ).toBe(16.3)
    expect(
      countCases([many(51, '2016-12-01')], { ...request, from: '2016-07-01', to: '2017-06-30' })
        .ratePerMonth,
    ).toBe(4.3)
  })

  it('adds up, over all made tips', () => {
    const views = generateTips(150).map((tip) => viewOf(tip))
    const { rows, total, undated, bySex } = countCases(views, {
      ...request,
      from: '1990-01-01',
      to: '2030-12-31',
      by: 'period',
    })
    expect(rows).toEqual([{ ...total, label: rows[0]?.label }])
    expect(Object.values(total.byStatus).reduce((sum, count) => sum + count, 0)).toBe(total.persons)
    expect(Object.values(bySex).reduce((sum, count) => sum + count, 0)).toBe(total.persons)
    expect(total.persons + total.uncertain + undated.persons).toBe(
      views.reduce((sum, { peopleCount }) => sum + peopleCount.min, 0),
    )
  })
})

describe('periodsOf', () => {
  it.each([
    ['month', ['2017-11', '2017-12', '2018-01', '2018-02']],
    ['quarter', ['2017 Q4', '2018 Q1']],
    ['year', ['2017', '2018']],
    ['period', ['2017-11-15 to 2018-02-10']],
  ] as const)('by %s', (by, labels) => {
    const periods = periodsOf('2017-11-15', '2018-02-10', by)
    expect(periods.map(({ label }) => label)).toEqual(labels)
    expect([periods[0]?.from, periods.at(-1)?.to]).toEqual(['2017-11-15', '2018-02-10'])
  })

  it('ends in the year 9999 too', () => {
    expect(periodsOf('9999-11-01', '9999-12-31', 'month')).toHaveLength(2)
    expect(monthsIn({ from: '2016-07-01', to: '2017-06-30' })).toBe(12)
  })
})

describe('countsTable', () => {
  it('says "at least", as of when, and the rate', () => {
    const [main] = countsTable(
      countCases([viewOf(seedTip)], { ...request, from: '2017-11-01', to: '2017-11-30' }),
    )
    expect(main?.caption).toBe(
      'Persons detained 2017-11-01 to 2017-11-30, as of 2018-01-01: at least 10, 10 a month',
    )
    expect(main?.rows.at(-1)).toEqual(['all, each once', '10', '0', '0', '1', '0', '0', '10'])
  })
})

describe('the tables of a count', () => {
  it('say codes in words', () => {
    const text = JSON.stringify(countsTable(countCases([viewOf(seedTip)], request)))
    expect(text).toContain('China: public security')
    expect(text).not.toMatch(/cn_public_security|"held"|"female"/u)
  })

  it('list the cells that may name somebody', () => {
    const cells = smallCells(countCases([viewOf(seedTip)], request))
    expect(cells).toContain('Sex, Female: 1')
    expect(cells).toContain('2017-11, minors: 1')
    expect(cells.join()).not.toContain(': 10')
  })
})

describe('placeAsTold', () => {
  it('has one name for one place in three scripts', () => {
    const places = ['선양', '沈阳', '심양', 'Shenyang'].map((text) =>
      placeAsTold(sampleView({ narrative: 'x', event: { where_taken: { text } } })),
    )
    expect(new Set(places)).toEqual(new Set(['Shenyang']))
  })
})

describe('placeFor', () => {
  const tip: DetentionTip = {
    narrative: 'x',
    event: { where_taken: { text: 'our flat above the shop', country: 'CN' } },
  }
  const at = (level: ConsentLevel, isConfirmed: boolean) => {
    const view = { ...sampleView(tip), consent: [{ recipient: 'media' as const, level }] }
    return placeFor('media', () => [])(isConfirmed ? confirmed(view) : view)
  }

  it.each([
    ['named', true, 'our flat above the shop'],
    ['named', false, 'China'],
    ['facts_only', true, 'China'],
    ['ask_first', true, 'not named'],
    ['no', true, 'not named'],
  ] as const)('at %s, confirmed: %s, says %s', (level, isConfirmed, name) => {
    expect(at(level, isConfirmed)).toBe(name)
  })

  it('says nothing if another tip of the case says no', () => {
    const view = confirmed(
      { ...sampleView(tip), consent: [{ recipient: 'media', level: 'named' }] },
      undefined,
      [sampleView({ narrative: 'other' })],
    )
    const other = sampleView({ narrative: 'other' })
    const says = (level: ConsentLevel) =>
      placeFor('media', () => [{ ...other, consent: [{ recipient: 'media', level }] }])(view)
    expect(says('ask_first')).toBe('our flat above the shop')
    expect(says('no')).toBe('not named')
  })
})
