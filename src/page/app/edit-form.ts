import { maxListItems } from './draft-bounds.ts'
import { isWorthUndoing, type Draft, type ListName } from './draft.ts'
import type { FileEvents, FileSync } from './file-sync.ts'
import { refusalMessage, tooManyFiles } from './form-context.ts'
import { reduceDraft, withFileChange } from './reduce-draft.ts'
import type { ShownState } from './shown-state.ts'
import type { Actions } from './state.ts'

type FormActions = Pick<
  Actions,
  'act' | 'addBlank' | 'remove' | 'undo' | 'addFiles' | 'setWish' | 'openMore' | 'goTo'
>

/** What the person does in the form: each action changes the draft, and moves the focus. */
export class FormEditing implements FormActions {
  readonly #shown: ShownState
  readonly #files: FileSync

  constructor(shown: ShownState, files: FileSync) {
    this.#shown = shown
    this.#files = files
  }

  act: Actions['act'] = (action) => {
    const {
      draft: before,
      texts: { form },
    } = this.#shown.current
    const draft = reduceDraft(before, action)
    const isNewlyRefused = draft.refusal && draft.refusal !== before.refusal
    this.#shown.change({
      draft,
      notice: null,
      ...(isNewlyRefused ? { spoken: refusalMessage(draft, form) } : {}),
    })
    if (draft.files !== before.files) this.#files.match(draft.files)
  }

  /**
   * Takes in what the page itself has found out about a file. The message about the person's last
   * action stays: nobody may have read it yet.
   */
  readonly learnOfFile: FileEvents['changed'] = (key, change) =>
    this.#shown.change({ draft: withFileChange(this.#shown.current.draft, key, change) })

  addBlank: Actions['addBlank'] = (list) => {
    const { nextKey } = this.#shown.current.draft
    this.act({ type: 'add_blank', list })
    this.#shown.focus(
      list === 'persons' ? `persons-${nextKey}-name` : `transfers-${nextKey}-when-choice`,
    )
  }

  remove: Actions['remove'] = (list, key) => {
    this.act({ type: 'remove', list, key })
    const { removed } = this.#shown.current.draft
    const isUndoable = removed !== null && isWorthUndoing(removed)
    // The pressed button no longer exists: the focus must not fall back to the top of the page.
    if (list !== 'steps') this.#shown.focus(isUndoable ? 'undo' : addButtons[list])
  }

  undo = (): void => {
    const { removed } = this.#shown.current.draft
    this.act({ type: 'undo' })
    if (removed !== null) this.#shown.focus(fieldOf(removed))
  }

  addFiles: Actions['addFiles'] = (files) => {
    const all = [...files]
    const freePlaces = maxListItems.files - this.#shown.current.draft.files.length
    for (const file of all.slice(0, freePlaces)) {
      this.act({
        type: 'add',
        list: 'files',
        item: { file, wish: 'remove', kind: null, state: { at: 'preparing' } },
      })
    }
    if (all.length > freePlaces)
      this.#shown.change({
        notice: 'too_many_files',
        spoken: tooManyFiles(this.#shown.current.texts.form),
      })
  }

  setWish: Actions['setWish'] = (key, wish) => {
    this.act({ type: 'patch', list: 'files', key, change: { wish, state: { at: 'preparing' } } })
  }

  openMore: Actions['openMore'] = (isMoreOpen) => {
    if (isMoreOpen !== this.#shown.current.isMoreOpen) this.#shown.change({ isMoreOpen })
  }

  goTo: Actions['goTo'] = (field) => this.#shown.focus(field)
}

/** The buttons that add an item to a list. A step has none. */
const addButtons: Readonly<Record<Exclude<ListName, 'steps'>, string>> = {
  persons: 'add-person',
  transfers: 'add-transfer',
  files: 'files',
}

const firstFields: Readonly<Record<ListName, string>> = {
  persons: 'name',
  steps: 'result',
  transfers: 'remove',
  files: 'remove',
}

const fieldOf = ({ list, item }: NonNullable<Draft['removed']>): string =>
  `${list}-${item.key}-${firstFields[list]}`
