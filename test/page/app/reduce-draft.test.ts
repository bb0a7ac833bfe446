import { describe, expect, it } from 'vitest'
import { maxListItems } from '../../../src/page/app/draft-bounds.ts'
import { emptyDraft, isEmpty, type Draft } from '../../../src/page/app/draft.ts'
import { problemsOf } from '../../../src/page/app/problems.ts'
import { reduceDraft, type DraftAction } from '../../../src/page/app/reduce-draft.ts'
import { noDate } from '../../../src/page/app/vague-date.ts'
import {
  maxLineChars,
  maxNarrativeChars,
  maxNoteChars,
  maxRepeats,
} from '../../../src/tip/bounds.ts'

const after = (...actions: DraftAction[]): Draft => actions.reduce(reduceDraft, emptyDraft)
const change = (change: Extract<DraftAction, { type: 'change' }>['change']): DraftAction => ({
  type: 'change',
  change,
})
const rename = (key: number, name: string): DraftAction => ({
  type: 'patch',
  list: 'persons',
  key,
  change: { name },
})

describe('reduceDraft', () => {
  it.each([
    ['narrative', maxNarrativeChars],
    ['where', maxLineChars],
    ['reasons', maxNoteChars],
  ] as const)(
    'accepts %s of up to %i characters, and rejects anything longer',
    (field, maxChars) => {
      const full = after(change({ [field]: 'x'.repeat(maxChars) }))
      expect(full[field]).toHaveLength(maxChars)
      expect(full.refusal).toBeNull()
      const refused = reduceDraft(full, change({ [field]: 'y'.repeat(maxChars + 1) }))
      expect(refused).toEqual({ ...full, refusal: { field, maxChars } })
      expect(reduceDraft(refused, change({ [field]: 'short' })).refusal).toBeNull()
    },
  )

  it('identifies a field of an item by the key of the item', () => {
    const draft = after({ type: 'add_blank', list: 'persons' }, rename(1, 'x'.repeat(501)))
    expect(draft.refusal).toEqual({ field: 'persons-1-name', maxChars: 500 })
    expect(draft.persons.map(({ name }) => name)).toEqual(['', ''])
    expect(
      after(
        { type: 'add_name', person: 0 },
        { type: 'patch_name', person: 0, key: 1, change: { text: 'x'.repeat(501) } },
      ).refusal?.field,
    ).toBe('persons-0-otherNames-1-text')
  })

  it('adds no more items than a list may hold', () => {
    const many = <Action extends DraftAction>(action: Action) =>
      after(...Array.from({ length: 1_100 }, () => action))
    expect(many({ type: 'add_blank', list: 'persons' }).persons).toHaveLength(maxListItems.persons)
    expect(many({ type: 'add_blank', list: 'transfers' }).transfers).toHaveLength(maxRepeats)
    expect(many({ type: 'add_name', person: 0 }).persons[0]?.otherNames).toHaveLength(
      maxRepeats - 1,
    )
  })

  it('restores a removed item in its place, and keeps what was typed since', () => {
    const three = after(
      rename(0, '하나'),
      { type: 'add_blank', list: 'persons' },
      rename(1, '둘'),
      { type: 'add_blank', list: 'persons' },
      rename(2, '셋'),
    )
    const back = [
      { type: 'remove', list: 'persons', key: 1 },
      rename(2, '셋째'),
      { type: 'undo' },
    ] as const
    expect(back.reduce<Draft>(reduceDraft, three).persons.map(({ name }) => name)).toEqual([
      '하나',
      '둘',
      '셋째',
    ])
    expect(back.reduce<Draft>(reduceDraft, three).removed).toBeNull()
  })

  it('keeps an empty name field when the last person is removed', () => {
    const draft = after(rename(0, '하나'), { type: 'remove', list: 'persons', key: 0 })
    expect(draft.persons.map(({ key, name }) => [key, name])).toEqual([[1, '']])
  })

  it('does not change the draft it was given', () => {
    const before = JSON.stringify(emptyDraft)
    after(
      rename(0, '하나'),
      { type: 'add_blank', list: 'transfers' },
      { type: 'remove', list: 'persons', key: 0 },
      { type: 'undo' },
    )
    expect(JSON.stringify(emptyDraft)).toBe(before)
  })
})

describe('isEmpty', () => {
  it.each<[string, DraftAction, boolean]>([
    ['a letter', change({ where: '선' }), false],
    ['a name', rename(0, '리'), false],
    ['a changed consent', change({ consent: { ...emptyDraft.consent, media: 'no' } }), false],
    [
      'a file',
      {
        type: 'add',
        list: 'files',
        item: {
          file: new File(['x'], 'x'),
          wish: 'remove',
          kind: null,
          state: { at: 'preparing' },
        },
      },
      false,
    ],
    ['a blank line more', { type: 'add_blank', list: 'persons' }, true],
    ['what was typed and deleted', change({ narrative: '' }), true],
  ])('of %s', (_, action, expected) => {
    expect(isEmpty(after(action))).toBe(expected)
  })
})

describe('problemsOf', () => {
  it('requires only the narrative', () => {
    expect(problemsOf(emptyDraft)).toEqual([{ field: 'narrative', code: 'narrative' }])
    expect(problemsOf(after(change({ narrative: ' \n' })))).toHaveLength(1)
    expect(problemsOf(after(change({ narrative: '잡혀갔습니다' })))).toEqual([])
  })

  it('never refuses a tip because of an age, a number or a date', () => {
    const draft = after(
      change({
        narrative: 'x',
        guides: 'two or so',
        whenDate: { ...noDate, choice: 'day', start: { year: '2017', month: '2', day: '30' } },
      }),
      { type: 'patch', list: 'persons', key: 0, change: { age: 'old' } },
    )
    expect(problemsOf(draft)).toEqual([])
  })

  it.each(['unreadable', 'empty'] as const)('reports a file that is %s', (at) => {
    const item = {
      file: new File(['x'], 'a.jpg'),
      wish: 'remove',
      kind: null,
      state: { at },
    } as const
    const draft = after(change({ narrative: 'x' }), { type: 'add', list: 'files', item })
    expect(problemsOf(draft)).toEqual([{ field: 'files-1-remove', code: at, fileName: 'a.jpg' }])
  })
})
