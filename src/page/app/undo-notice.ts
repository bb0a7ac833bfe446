import { h, type ComponentChild } from 'preact'
import { isWorthUndoing, type ItemOf, type ListName } from './draft.ts'
import type { FormContext } from './form-context.ts'

/**
 * Offers to restore an item removed by mistake, at its old place, until another item is removed.
 */
export function UndoNotice<List extends ListName>(
  { texts, draft, actions }: FormContext,
  list: List,
  nameOf: (item: ItemOf<List>) => string,
): ComponentChild {
  const { removed } = draft
  if (removed?.list !== list || !isWorthUndoing(removed)) return null
  const [before, after] = texts.removed.split('{what}')
  return h(
    'p',
    { class: 'notice undo' },
    h('span', null, before, h('bdi', null, nameOf(removed.item as ItemOf<List>)), after),
    ' ',
    h(
      'button',
      { type: 'button', class: 'button button-quiet', id: 'undo', onClick: actions.undo },
      texts.undo,
    ),
  )
}
