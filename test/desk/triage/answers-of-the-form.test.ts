import { describe, expect, it } from 'vitest'
import { stateOf } from '../../../src/desk/casebook/state.ts'
import { triage } from '../../../src/desk/triage/triage.ts'
import { builtInWindows } from '../../../src/desk/triage/windows.ts'
import { personsOf } from '../../../src/desk/view/persons-of.ts'
import { type Answers, emptyDraft, newItem } from '../../../src/page/app/draft.ts'
import { tipFromDraft } from '../../../src/page/app/draft-to-tip.ts'
import { noDate } from '../../../src/page/app/vague-date.ts'

/** A Chinese citizen held in China, so that only the answers in question can suggest a return. */
function triageOf(change: Partial<Answers>) {
  const draft = {
    ...emptyDraft,
    narrative: '.',
    whereCountry: 'CN',
    persons: [{ ...newItem.persons(0), name: '김', age: '30', nationality: 'CN' }],
    whenDate: {
      ...noDate,
      choice: 'day' as const,
      start: { year: '2017', month: '11', day: '4' },
    },
    ...change,
  }
  const tip = tipFromDraft(draft, 'ko', new Date(2017, 10, 5))
  return triage({
    tip,
    openedAt: '2017-11-05T09:00:00Z',
    state: { status: 'read', tier: null, reachedTier: null, deadline: null },
    persons: personsOf(tip, 'r', stateOf([]), '2017-11-05'),
    now: new Date('2017-11-05T10:00:00Z'),
    windows: builtInWindows,
  })
}

const reasonsOf = (change: Partial<Answers>) => triageOf(change).reasons.map(({ code }) => code)

describe('the answers of the quick form', () => {
  it('"within days" makes the case most urgent, with a day to act by', () => {
    const result = triageOf({ sentBack: 'soon' })
    expect(result.computed).toBe(0)
    expect(result.actBy).not.toBeNull()
    expect(reasonsOf({ sentBack: 'soon' })).toEqual(
      expect.arrayContaining(['EXPECTED_SOON', 'RETURN_RISK', 'SOURCE_SAYS_NOW']),
    )
  })

  it('"yes" is a risk of return, and not by itself the most urgent', () => {
    expect(triageOf({ sentBack: 'yes' }).computed).toBe(1)
    expect(reasonsOf({ sentBack: 'yes' })).toContain('RETURN_RISK')
  })

  it('"already sent back" is a reported return', () => {
    expect(reasonsOf({ sentBack: 'returned' })).toContain('RETURN_REPORTED')
    expect(triageOf({ sentBack: 'returned' }).computed).toBe(0)
  })

  it.each(['no', 'unsure', ''] as const)('"%s" adds no risk that nobody named', (sentBack) => {
    expect(triageOf({ sentBack }).computed).toBe(2)
  })

  it('"still held" is shown among the reasons and raises nothing', () => {
    expect(triageOf({ stillHeld: 'yes' }).computed).toBe(2)
    expect(reasonsOf({ stillHeld: 'yes' })).toContain('SOURCE_SAYS_NOW')
  })
})
