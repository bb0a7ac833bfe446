import { describe, expect, it } from 'vitest'
import type { Change } from '../../../src/desk/files/case-file.ts'
import { stateOf } from '../../../src/desk/casebook/state.ts'

const at = (minute: number) => `2017-11-05T09:${String(minute).padStart(2, '0')}:00Z`
const by = 'kim'
const other = 'b'.repeat(64)
const set = (field: string, value: unknown, minute = 0): Change => ({
  kind: 'set',
  at: at(minute),
  by,
  field,
  value,
})

describe('stateOf', () => {
  it('of nothing is a new case', () => {
    expect(stateOf([])).toEqual({
      status: 'new',
      readAt: null,
      tier: null,
      reachedTier: null,
      reliability: null,
      assigned: null,
      deadline: null,
      group: null,
      title: null,
      corrections: new Map(),
      persons: new Map(),
      notes: [],
      links: [],
      contacts: [],
      consent: [],
      formAnswers: new Map(),
      confirmations: new Map(),
      releases: new Map(),
    })
  })

  it('uses the later value, and remembers when it was first read', () => {
    const state = stateOf([
      set('status', 'read', 1),
      set('status', 'new', 2),
      set('status', 'acting', 3),
      set('tier', 2),
      set('tier', 1),
      set('group', '선양 11월'),
    ])
    expect(state).toMatchObject({ status: 'acting', readAt: at(1), tier: 1, group: '선양 11월' })
  })

  it('takes a value back with null', () => {
    const state = stateOf([
      set('status', 'closed'),
      set('status', null),
      set('tier', 0),
      set('tier', null),
      set('event.how_taken', 'raid'),
      set('event.how_taken', null),
    ])
    expect(state).toMatchObject({ status: 'new', tier: null, corrections: new Map() })
  })

  it('marks persons one by one', () => {
    const { persons } = stateOf([
      set('persons.0.person_id', 'ri-1'),
      set('persons.2.guide', true),
      set('persons.0.confirmed', false),
      set('persons.2.guide', null),
    ])
    expect([...persons]).toEqual([
      [0, { personId: 'ri-1', confirmed: false, guide: null }],
      [2, { personId: null, confirmed: null, guide: null }],
    ])
  })

  it('keeps corrections in the order in which they were last set', () => {
    const { corrections } = stateOf([
      set('event', { how_taken: 'raid' }),
      set('event.how_taken', 'border'),
      set('event', { warrant: 'no' }),
    ])
    expect([...corrections.keys()]).toEqual(['event.how_taken', 'event'])
  })

  it('keeps the latest consent for each recipient, and the links that were not taken back', () => {
    const consent = (level: 'named' | 'no'): Change => ({
      kind: 'consent',
      at: at(0),
      by,
      recipient: 'un',
      level,
      given_by: 'the wife',
    })
    const link = (to: string): Change => ({ kind: 'link', at: at(0), by, to, as: 'related' })
    const state = stateOf([
      consent('named'),
      consent('no'),
      link(other),
      link('c'.repeat(64)),
      { kind: 'unlink', at: at(1), by, to: other },
    ])
    expect(state.consent.map(({ level }) => level)).toEqual(['no'])
    expect(state.links.map(({ to }) => to)).toEqual(['c'.repeat(64)])
  })

  it('keeps the most urgent tier ever reached', () => {
    const reached = (tier: 0 | 1 | 2): Change => ({
      kind: 'tier_reached',
      at: at(0),
      by: 'tumen',
      tier,
      reasons: [],
    })
    expect(stateOf([reached(2), reached(0), reached(1)]).reachedTier).toBe(0)
  })

  it.each([
    ['tier', 'urgent'],
    ['tier', 4],
    ['status', 'done'],
    ['deadline', '2017-02-30'],
    ['deadline', '2017-11'],
    ['title', 'a\u001b[31m'],
    ['title', 'x'.repeat(201)],
    ['reliability', 'very'],
    ['persons.0.confirmed', 'yes'],
    ['assigned', 7],
  ])('ignores %s = %j that somebody wrote by hand', (field, value) => {
    expect(stateOf([set(field, value)])).toEqual(stateOf([]))
  })
})
