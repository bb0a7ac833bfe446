import type { Change } from '../files/case-file.ts'
import type { CaseView } from '../files/case-view.ts'
import type { DraftChange } from './store.ts'

const reason = 'taken back by the analyst who did it'

type SetChange = Extract<Change, { kind: 'set' }>

/**
 * The change that restores the current value of a field. Must be called before the field is set.
 */
export function invertSet(view: CaseView, field: string): DraftChange {
  const earlier = view.changes.findLast(
    (change): change is SetChange => change.kind === 'set' && change.field === field,
  )
  return { kind: 'set', field, value: earlier?.value ?? null, reason }
}

/**
 * The change that reverts another one. Nothing is deleted: the original stays in the log, and the
 * new change says that it no longer counts.
 */
export function invertDraft(view: CaseView, draft: DraftChange): DraftChange {
  switch (draft.kind) {
    case 'set':
      return invertSet(view, draft.field)
    case 'note':
      return { kind: 'note', text: `Taken back: my note “${beginningOf(draft.text)}”` }
    case 'contact':
      return {
        kind: 'note',
        text: `Taken back: my contact entry of ${draft.day} “${beginningOf(draft.text)}”`,
      }
    case 'consent':
      return invertConsent(view, draft)
    case 'link':
      return invertLink(view, draft.to)
    case 'unlink':
      return invertLink(view, draft.to)
    case 'confirm':
      return { ...draft, sha256: view.state.confirmations.get(draft.field)?.sha256 ?? null }
    case 'release':
      return { ...draft, as: 'nothing' }
    case 'reply':
      return { kind: 'withdraw_reply', id: draft.id, reason }
    case 'withdraw_reply':
      return { kind: 'note', text: `The answer ${draft.id.slice(0, 8)} stays taken back` }
    case 'close_thread':
      return { kind: 'close_thread', closed: !draft.closed, reason }
  }
}

function invertConsent(
  view: CaseView,
  draft: Extract<DraftChange, { kind: 'consent' }>,
): DraftChange {
  const { recipient } = draft
  const earlier = view.state.consent.find((consent) => consent.recipient === recipient)
  const level =
    view.consent.find((consent) => consent.recipient === recipient)?.level ?? 'ask_first'
  return {
    kind: 'consent',
    recipient,
    level,
    given_by: earlier?.given_by ?? 'as before: the tip',
    reason,
  }
}

function invertLink(view: CaseView, to: string): DraftChange {
  const earlier = view.state.links.findLast((link) => link.to === to)
  return earlier === undefined
    ? { kind: 'unlink', to, reason }
    : { kind: 'link', to, as: earlier.as, reason }
}

function beginningOf(text: string): string {
  const [line = ''] = text.trim().split('\n')
  return line.length > 60 ? `${line.slice(0, 60)}…` : line
}
