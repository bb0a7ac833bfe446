import { maxRepeats } from '../../tip/bounds.ts'
import { maxListItems, refusalOf } from './draft-bounds.ts'
import {
  newItem,
  type Answers,
  type Draft,
  type ItemOf,
  type ListName,
  type Lists,
} from './draft.ts'

type Change = { type: 'change'; change: Partial<Answers> }
type Patch = {
  [List in ListName]: {
    type: 'patch'
    list: List
    key: number
    change: Partial<Omit<ItemOf<List>, 'key'>>
  }
}[ListName]
type Add = {
  [List in ListName]: { type: 'add'; list: List; item: Omit<ItemOf<List>, 'key'> }
}[ListName]

export type DraftAction =
  | Change
  | Patch
  /** Adds an item. The draft stays unchanged if the list is full. */
  | Add
  | { type: 'add_blank'; list: keyof typeof newItem }
  | { type: 'remove'; list: ListName; key: number }
  | { type: 'undo' }
  | { type: 'add_name'; person: number }
  | {
      type: 'patch_name'
      person: number
      key: number
      change: Partial<Omit<Draft['persons'][number]['otherNames'][number], 'key'>>
    }

type Keyed = { readonly key: number }
type List = readonly Keyed[]

// This is the only place where a list is chosen by its name without a check of its item type. The
// action types above ensure that the items fit the list.
const withList = (draft: Draft, list: ListName, items: List): Draft => ({ ...draft, [list]: items })
const listOf = (draft: Draft, list: ListName): List => draft[list]

const patched = (items: List, key: number, change: object): List =>
  items.map((item) => (item.key === key ? { ...item, ...change } : item))

const added = (draft: Draft, list: ListName, item: object): Draft =>
  draft[list].length >= maxListItems[list]
    ? draft
    : {
        ...withList(draft, list, [...draft[list], { ...item, key: draft.nextKey }]),
        nextKey: draft.nextKey + 1,
      }

function removedFrom(draft: Draft, list: ListName, key: number): Draft {
  const index = listOf(draft, list).findIndex((item) => item.key === key)
  const item = draft[list][index]
  if (item === undefined) return draft
  const rest = withList(
    draft,
    list,
    listOf(draft, list).filter((other) => other !== item),
  )
  // At least one empty line for a name always remains.
  const left =
    list === 'persons' && rest.persons.length === 0
      ? added(rest, 'persons', newItem.persons(0))
      : rest
  return { ...left, removed: { list, index, item } as NonNullable<Draft['removed']> }
}

function restored(draft: Draft): Draft {
  if (
    draft.removed === null ||
    draft[draft.removed.list].length >= maxListItems[draft.removed.list]
  )
    return draft
  const { list, index, item } = draft.removed
  const items = listOf(draft, list)
  return {
    ...withList(draft, list, [...items.slice(0, index), item, ...items.slice(index)]),
    removed: null,
  }
}

type Names = Lists['persons'][number]['otherNames']

const withNames = (draft: Draft, person: number, change: (names: Names) => List): Draft => ({
  ...draft,
  persons: draft.persons.map((item) =>
    item.key === person ? { ...item, otherNames: change(item.otherNames) as Names } : item,
  ),
})

function changed(draft: Draft, action: DraftAction): Draft {
  switch (action.type) {
    case 'change':
      return { ...draft, ...action.change }
    case 'patch':
      return withList(
        draft,
        action.list,
        patched(listOf(draft, action.list), action.key, action.change),
      )
    case 'add':
      return added(draft, action.list, action.item)
    case 'add_blank':
      return added(draft, action.list, newItem[action.list](0))
    case 'remove':
      return removedFrom(draft, action.list, action.key)
    case 'undo':
      return restored(draft)
    case 'add_name':
      return {
        ...withNames(draft, action.person, (names) =>
          // The limit is one less than in a tip, because the first name has a line of its own.
          names.length >= maxRepeats - 1
            ? names
            : [...names, { key: draft.nextKey, text: '', kind: '' }],
        ),
        nextKey: draft.nextKey + 1,
      }
    case 'patch_name':
      return withNames(draft, action.person, (names) => patched(names, action.key, action.change))
  }
}

/** Unlike an action of the person, it leaves a refusal as it is. */
export const withFileChange = (
  draft: Draft,
  key: number,
  change: Partial<Omit<ItemOf<'files'>, 'key'>>,
): Draft => withList(draft, 'files', patched(draft.files, key, change))

/**
 * A text that is too long is neither accepted nor cut: the draft keeps the previous text and a
 * refusal that names the field.
 */
export function reduceDraft(draft: Draft, action: DraftAction): Draft {
  const next = changed(draft, action)
  if (next === draft) return draft
  const refusal = refusalOf(next)
  return refusal === null ? { ...next, refusal: null } : { ...draft, refusal }
}
