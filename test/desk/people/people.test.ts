import { describe, expect, it } from 'vitest'
import { stateOf } from '../../../src/desk/casebook/state.ts'
import type { Change } from '../../../src/desk/files/case-file.ts'
import { ageAtDetention, elderlyOf, minorOf } from '../../../src/desk/people/ages.ts'
import { findDuplicates } from '../../../src/desk/people/duplicates.ts'
import { findGroups } from '../../../src/desk/people/groups.ts'
import { peopleCountOf } from '../../../src/desk/people/people-count.ts'
import { personsOf } from '../../../src/desk/view/persons-of.ts'
import type { CaseView } from '../../../src/desk/files/case-view.ts'
import { parseEdtf } from '../../../src/tip/edtf.ts'
import type { Person } from '../../../src/tip/person.ts'
import { sampleView } from '../support/sample-view.ts'

const on = (day: string) => parseEdtf(day)
type Age = NonNullable<Person['age']>
const age = (value: number, change: Partial<Age> = {}): Person => ({
  age: { value, unit: 'years', ...change },
})

describe('ageAtDetention', () => {
  it.each<[string, Person, string, [number, number]]>([
    [
      'international, on that day',
      age(30, { reckoning: 'international', as_of: '2017-11-04' }),
      '2017-11-04',
      [30, 30],
    ],
    [
      'Korean counting',
      age(30, { reckoning: 'counting', as_of: '2017-11-04' }),
      '2017-11-04',
      [28, 29],
    ],
    ['nobody told how', age(30, { as_of: '2017-11-04' }), '2017-11-04', [28, 30]],
    ['months', age(20, { unit: 'months', as_of: '2017-11-04' }), '2017-11-04', [1, 1]],
    [
      'told ten years later',
      age(30, { reckoning: 'international', as_of: '2027-11-04' }),
      '2017-11-04',
      [20, 20],
    ],
    [
      'told before it',
      age(16, { reckoning: 'international', as_of: '2015-11-04' }),
      '2017-11-04',
      [18, 18],
    ],
    ['born on a day', { birth: '2000-11-05' }, '2017-11-04', [16, 16]],
    ['born a day later: not yet 18', { birth: '1999-11-05' }, '2017-11-04', [17, 17]],
    ['born on that day', { birth: '1999-11-04' }, '2017-11-04', [18, 18]],
    ['born in a year', { birth: '2000' }, '2017-11-04', [16, 17]],
    [
      'born and told: the birth counts',
      { birth: '1987-01-01', ...age(99) },
      '2017-11-04',
      [30, 30],
    ],
    [
      'counted from nothing',
      age(1, { reckoning: 'counting', as_of: '2017-11-04' }),
      '2017-11-04',
      [0, 0],
    ],
  ])('of somebody %s', (_what, person, day, [min, max]) => {
    expect(ageAtDetention(person, on(day), '2017-11-05')).toEqual({ min, max })
  })

  it('is not known without an age', () => {
    expect(ageAtDetention({}, on('2017'), '2017-11-05')).toBeNull()
    expect(ageAtDetention({ birth: 'unknown' }, null, '2017-11-05')).toBeNull()
  })
})

describe('minorOf and elderlyOf', () => {
  it.each<[Person, [number, number] | null, string, string]>([
    [{}, null, 'unknown', 'unknown'],
    [{}, [4, 4], 'yes', 'no'],
    [{}, [17, 18], 'possible', 'no'],
    [{}, [18, 19], 'no', 'no'],
    [{}, [58, 60], 'no', 'possible'],
    [{}, [60, 61], 'no', 'yes'],
    [{ minor: 'no' }, [16, 17], 'yes', 'no'],
    [{ minor: 'yes' }, [30, 30], 'yes', 'no'],
    [{ minor: 'possible' }, null, 'possible', 'unknown'],
    [{ risk_flags: ['elderly'] }, null, 'unknown', 'yes'],
  ])('of %j aged %j', (person, range, minor, elderly) => {
    const years = range === null ? null : { min: range[0], max: range[1] }
    expect([minorOf(person, years), elderlyOf(person, years)]).toEqual([minor, elderly])
  })
})

describe('personsOf', () => {
  it('shows names without what hides or turns them', () => {
    const [person] = personsOf(
      { narrative: '.', persons: [{ names: [{ text: '\u202eevil\u001b[31m\nname' }] }] },
      'r',
      stateOf([]),
      '2017-11-05',
    )
    expect(person?.displayName).toBe('evil name')
    expect(
      personsOf({ narrative: '.', persons: [{}] }, 'r', stateOf([]), '2017-11-05')[0]?.displayName,
    ).toBe('unnamed person 1')
  })
})

describe('peopleCountOf', () => {
  it.each([
    [null, 1, 1],
    [{ narrative: '.' }, 1, 1],
    [{ narrative: '.', people_count: { min: 10, max: 12 } }, 10, 12],
    [{ narrative: '.', persons: [{}, {}], event: { companions: 8 } }, 9, 10],
    [{ narrative: '.', persons: [{}, {}, {}], people_count: { min: 2 } }, 3, 3],
  ])('of %j', (tip, min, max) => {
    expect(peopleCountOf(tip)).toEqual({ min, max })
  })
})

const person = (name: string, more: Person = {}): Person => ({ names: [{ text: name }], ...more })
const caseOf = (persons: Person[], when = '2017-11-04', change: Partial<CaseView> = {}): CaseView =>
  sampleView(
    {
      narrative: `${JSON.stringify(persons)}${when}`,
      persons,
      event: { detained_when: when, where_taken: { text: '선양', country: 'CN' } },
    },
    change,
  )
const withChanges = (view: CaseView, ...changes: Change[]): CaseView => {
  const state = stateOf(changes)
  return { ...view, state, persons: personsOf(view.tip, view.receipt, state, '2017-11-05') }
}
const stamp = { at: '2017-11-05T10:00:00Z', by: 'kim' }

describe('findDuplicates', () => {
  const one = caseOf([person('리영희', { sex: 'female', age: { value: 30, unit: 'years' } })])

  it('puts two spellings side by side, and says why', () => {
    const other = caseOf(
      [person('Lee Young-hee', { sex: 'female', age: { value: 31, unit: 'years' } })],
      '2017-11~',
    )
    const [found] = findDuplicates([one, other])
    expect(found?.score).toBeGreaterThan(0.9)
    expect(found?.why).toEqual(
      expect.arrayContaining([
        'the same name in another spelling or script',
        'the same sex',
        'ages 1 apart',
        'detained at the same time',
        'taken at the same place',
      ]),
    )
  })

  it.each<[string, CaseView]>([
    ['another sex', caseOf([person('이영희', { sex: 'male' })])],
    ['forty years older', caseOf([person('이영희', { age: { value: 70, unit: 'years' } })])],
    ['another name', caseOf([person('김철수')])],
  ])('leaves out somebody of %s', (_what, other) => {
    expect(findDuplicates([one, other])).toEqual([])
  })

  it('leaves to analysts what they have decided', () => {
    const other = caseOf([person('이영희')])
    const marked = (view: CaseView, value: string) =>
      withChanges(view, { kind: 'set', ...stamp, field: 'persons.0.person_id', value })
    expect(findDuplicates([one, other])).toHaveLength(1)
    expect(findDuplicates([marked(one, 'a'), marked(other, 'b')])).toEqual([])
  })

  it('handles a thousand persons of one name', () => {
    const many = Array.from({ length: 1_000 }, (_, index) =>
      caseOf(
        [person('김영철')],
        `2017-${String((index % 12) + 1).padStart(2, '0')}-${String((index % 28) + 1).padStart(2, '0')}`,
        { id: `${index}` },
      ),
    )
    const views = many.map((view, index) => ({
      ...view,
      persons: view.persons.map((each) => ({ ...each, key: `${index}#0` })),
    }))
    expect(findDuplicates(views).length).toBeGreaterThan(1_000)
  })
})

describe('findGroups', () => {
  it('suggests people taken at one place on one day, until an analyst decides', () => {
    const [one, other, later] = [
      caseOf([person('리영희')]),
      caseOf([person('김철수')], '2017-11-05'),
      caseOf([person('박철수')], '2017-12-05'),
    ]
    const [group] = findGroups([one, other, later])
    expect(group).toMatchObject({ suggested: true, receipts: [one.receipt, other.receipt].sort() })
    const named = [one, other].map((view) =>
      withChanges(view, { kind: 'set', ...stamp, field: 'group', value: 'Shenyang' }),
    )
    expect(findGroups([...named, later])).toEqual([
      expect.objectContaining({ suggested: false, name: 'Shenyang' }),
    ])
  })
})
