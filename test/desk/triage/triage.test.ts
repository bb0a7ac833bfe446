import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { stateOf } from '../../../src/desk/casebook/state.ts'
import { personsOf } from '../../../src/desk/view/persons-of.ts'
import { newlyReachedTier, triage } from '../../../src/desk/triage/triage.ts'
import { builtInWindows, parseWindows } from '../../../src/desk/triage/windows.ts'
import type { Triage } from '../../../src/desk/files/case-view.ts'
import type { Person } from '../../../src/tip/person.ts'
import type { DetentionTip } from '../../../src/tip/schema.ts'
import { generateTips } from '../corpus/generate-tips.ts'
import { seedTip } from '../support/sample-view.ts'

const openedAt = '2017-11-05T09:00:00Z'
const read = { status: 'read', tier: null, reachedTier: null, deadline: null } as const

function triaged(
  tip: DetentionTip | null,
  options: { day?: string; state?: Parameters<typeof triage>[0]['state'] } = {},
): Triage {
  const persons = personsOf(tip, 'r', stateOf([]), '2017-11-05')
  return triage({
    tip,
    openedAt,
    state: options.state ?? read,
    persons,
    now: new Date(`${options.day ?? '2017-11-05'}T10:00:00Z`),
    windows: builtInWindows,
  })
}

const codes = (result: Triage) => result.reasons.map(({ code }) => code)
const grown = {
  names: [{ text: '김철수' }],
  age: { value: 30, unit: 'years' as const, reckoning: 'international' as const },
  status: 'held' as const,
  nationality: ['CN'],
} satisfies Person
const tip = (
  change: Partial<DetentionTip>,
  event: Partial<NonNullable<DetentionTip['event']>> = {},
): DetentionTip => ({
  narrative: '.',
  persons: [{ ...grown }],
  event: { detained_when: '2017-11-04', where_taken: { country: 'CN' }, ...event },
  ...change,
})

describe('triage', () => {
  it('puts the seed case into tier 1 by the return, and 0 by the child', () => {
    const seed = triaged(seedTip)
    expect(seed).toMatchObject({
      tier: 0,
      computed: 0,
      priority: 'Urgent',
      window: {
        custody: 'CN',
        destination: 'KP',
        days: 14,
        elapsedDays: 1,
        leftDays: 13,
        endsOn: '2017-11-18',
      },
    })
    expect(codes(seed)).toEqual(expect.arrayContaining(['RETURN_RISK', 'WINDOW', 'MINOR']))
    const withoutChild = {
      ...seedTip,
      persons: [{ ...seedTip.persons?.[0], age: { value: 30, unit: 'years' as const } }],
    }
    expect(triaged(withoutChild)).toMatchObject({ tier: 1 })
  })

  it.each<[string, DetentionTip | null, string, number, string]>([
    ['nothing but a sentence', { narrative: '도와주세요' }, '2017-11-05', 1, 'DATE_UNKNOWN'],
    ['no tip at all', null, '2017-11-05', 1, 'DATE_UNKNOWN'],
    ['a return feared', tip({ topic: 'return_feared' }), '2017-11-05', 1, 'RETURN_RISK'],
    [
      'North Koreans held in China',
      tip({ persons: [{ ...grown, nationality: ['KP'] }] }),
      '2017-11-05',
      1,
      'WINDOW',
    ],
    [
      'the same, ten days on: four before the end',
      tip({ persons: [{ ...grown, nationality: ['KP'] }] }),
      '2017-11-14',
      0,
      'WINDOW',
    ],
    [
      'the same, nine days on',
      tip({ persons: [{ ...grown, nationality: ['KP'] }] }),
      '2017-11-13',
      1,
      'WINDOW',
    ],
    [
      'the same, a week after the end',
      tip({ persons: [{ ...grown, nationality: ['KP'] }] }),
      '2017-11-25',
      0,
      'WINDOW',
    ],
    [
      'the same, later',
      tip({ persons: [{ ...grown, nationality: ['KP'] }] }),
      '2017-11-26',
      1,
      'WINDOW',
    ],
    [
      'moved',
      tip({ topic: 'return_feared', persons: [{ ...grown, status: 'moved' }] }),
      '2017-11-05',
      0,
      'MOVED',
    ],
    [
      'moved within a country',
      tip({ persons: [{ ...grown, status: 'moved' }] }),
      '2017-11-05',
      2,
      'RECENT',
    ],
    [
      'expected in three days',
      tip({}, { return_risk: { to_country: 'KP', expected: '2017-11-08' } }),
      '2017-11-05',
      0,
      'EXPECTED_SOON',
    ],
    [
      'expected in four',
      tip({}, { return_risk: { to_country: 'KP', expected: '2017-11-09' } }),
      '2017-11-05',
      1,
      'RETURN_RISK',
    ],
    [
      'one of two returned',
      tip({ persons: [{ ...grown, status: 'returned' }, { ...grown }] }),
      '2017-11-05',
      0,
      'RETURN_REPORTED',
    ],
    [
      'a return reported, status not said',
      tip({ topic: 'returned', persons: [{ names: [{ text: 'x' }], age: grown.age }] }),
      '2017-11-05',
      0,
      'RETURN_REPORTED',
    ],
    [
      'all returned',
      tip({ topic: 'returned', persons: [{ ...grown, status: 'returned' }] }),
      '2017-11-05',
      3,
      'OVER',
    ],
    ['all released', tip({ persons: [{ ...grown, status: 'released' }] }), '2017-11-05', 3, 'OVER'],
    ['held for ninety days, no return', tip({}), '2018-02-02', 2, 'RECENT'],
    ['held for longer', tip({}), '2018-02-03', 3, 'OLDER'],
    [
      'in the middle of a vague month: its first day counts',
      tip({}, { detained_when: '2017-11~' }),
      '2018-01-30',
      2,
      'RECENT',
    ],
    [
      'an open beginning',
      tip({}, { detained_when: '../2017-11-04' }),
      '2017-11-05',
      1,
      'DATE_UNKNOWN',
    ],
  ])('of %s', (_what, of, day, tier, code) => {
    const result = triaged(of, { day })
    expect(result.tier).toBe(tier)
    expect(codes(result)).toContain(code)
  })

  it.each(['pregnant', 'medical', 'elderly', 'child_alone', 'previously_returned'] as const)(
    'is one tier more urgent for somebody who is %s',
    (flag) => {
      expect(triaged(tip({ persons: [{ ...grown, risk_flags: [flag] }] }))).toMatchObject({
        tier: 1,
      })
      expect(codes(triaged(tip({ persons: [{ ...grown, risk_flags: [flag] }] })))).toContain(
        flag.toUpperCase(),
      )
    },
  )

  it('treats a possible child as a child, and a hint only as a hint', () => {
    expect(triaged(tip({ persons: [{ ...grown, age: { value: 19, unit: 'years' } }] })).tier).toBe(
      1,
    )
    expect(triaged(tip({ persons: [{ ...grown, age: { value: 21, unit: 'years' } }] })).tier).toBe(
      2,
    )
    const hinted = triaged(tip({ urgent_now: 'yes' }))
    expect(hinted.tier).toBe(2)
    expect(codes(hinted)).toContain('SOURCE_SAYS_NOW')
  })

  it('makes an unread case more urgent, and says by when to read it', () => {
    const unread = { ...read, status: 'new' as const }
    expect(triaged(tip({}), { state: unread })).toMatchObject({
      tier: 2,
      isOverdue: false,
      dueAt: '2017-11-08T09:00:00Z',
    })
    expect(triaged(tip({}), { state: unread, day: '2017-11-08' })).toMatchObject({
      tier: 1,
      isOverdue: true,
    })
    expect(triaged(tip({}), { day: '2017-11-08' })).toMatchObject({ tier: 2, isOverdue: false })
  })

  it('never makes a case less urgent by itself, but obeys an analyst', () => {
    expect(triaged(tip({}), { state: { ...read, reachedTier: 0 } })).toMatchObject({
      tier: 0,
      computed: 2,
      decidedBy: 'earlier',
    })
    expect(triaged(seedTip, { state: { ...read, tier: 3, reachedTier: 0 } })).toMatchObject({
      tier: 3,
      computed: 0,
      decidedBy: 'analyst',
    })
  })

  it('is never less urgent when a fact is missing', () => {
    for (const made of generateTips(80)) {
      const { event: _event, ...withoutEvent } = made
      const { detained_when: _when, ...undated } = made.event ?? {}
      const before = triaged(made)
      // Cases that are over are skipped: the persons' status says so, with or without the event.
      if (!codes(before).includes('OVER'))
        expect(triaged({ ...made, event: undated }).tier, made.narrative).toBeLessThanOrEqual(
          Math.max(1, before.tier),
        )
      expect(triaged(withoutEvent).tier).toBeLessThanOrEqual(3)
    }
  })

  it('never throws, on any day', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...generateTips(60)),
        fc.integer({ min: 0, max: 20_000 }),
        (made, days) => {
          const now = new Date(Date.UTC(2000, 0, 1) + days * 86_400_000)
          const result = triage({
            tip: made,
            openedAt,
            state: { status: 'new', tier: null, reachedTier: null, deadline: null },
            persons: personsOf(made, 'r', stateOf([]), '2017-11-05'),
            now,
            windows: builtInWindows,
          })
          expect([0, 1, 2, 3]).toContain(result.tier)
          expect(result.reasons.length).toBeGreaterThan(0)
          for (const { text } of result.reasons) expect(text).not.toMatch(/NaN|undefined|null/)
        },
      ),
    )
  })
})

describe('newlyReachedTier', () => {
  it('is recorded the first time and when it becomes more urgent', () => {
    const view = (reachedTier: 0 | 1 | 2 | null) => ({
      triage: triaged(tip({ topic: 'return_feared' })),
      state: { ...stateOf([]), reachedTier },
    })
    expect(newlyReachedTier(view(null))).toMatchObject({ tier: 1 })
    expect(newlyReachedTier(view(2))).toMatchObject({ tier: 1 })
    expect(newlyReachedTier(view(1))).toBeNull()
    expect(newlyReachedTier(view(0))).toBeNull()
  })
})

describe('parseWindows', () => {
  const bytes = (value: unknown) => new TextEncoder().encode(JSON.stringify(value))
  const rule = { custody: 'TH', destination: 'KP', days: 30, source: 'us' }

  it('accepts other windows', () => {
    const file = { schema: 'tumen-windows/1', windows: [rule] }
    expect(parseWindows(bytes(file))).toEqual([rule])
    const asUnicode = Buffer.from(`\ufeff${JSON.stringify(file)}`, 'utf16le')
    expect(parseWindows(asUnicode)).toEqual([rule])
  })

  it.each([
    [{ schema: 'tumen-windows/1', windows: [{ ...rule, days: 0 }] }, 'windows.0.days'],
    [
      { schema: 'tumen-windows/1', windows: [{ ...rule, custody: 'Thailand' }] },
      'windows.0.custody',
    ],
    [{ schema: 'tumen-windows/2', windows: [] }, 'schema'],
    [[], 'the file'],
  ])('refuses %j, naming the field', (value, field) => {
    expect(() => parseWindows(bytes(value))).toThrow(
      expect.objectContaining({ code: 'WINDOWS_INVALID', message: expect.stringContaining(field) }),
    )
  })

  it('refuses invalid JSON, and a text that is too long', () => {
    for (const wrong of [new Uint8Array([0xff]), new Uint8Array(300_000)])
      expect(() => parseWindows(wrong)).toThrow(
        expect.objectContaining({ code: 'WINDOWS_INVALID' }),
      )
  })
})
