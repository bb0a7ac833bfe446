import { h, type ComponentChild } from 'preact'
import { writeBytes } from './bytes.ts'
import type { FileDraft } from './draft.ts'
import { Group } from './fields.ts'
import { glossOf, type FormContext } from './form-context.ts'
import { problemOfFile } from './problems.ts'
import { UndoNotice } from './undo-notice.ts'

const wishes = ['remove', 'keep'] as const

/** The state of a file in words. For a file that cannot be cleaned the words say why. */
function stateOf({ texts: { files } }: FormContext, { state, kind }: FileDraft): string {
  if (state.at === 'preparing') return files.preparing
  if (state.at === 'unreadable' || state.at === 'empty') return files[state.at]
  const { metadata, remark } = state
  const isUncleaned = metadata === 'cannot_be_removed' && kind !== null
  const isPicture = kind === 'picture'
  return [
    files.outcomes[metadata],
    isUncleaned && !isPicture && files.kinds[kind],
    isUncleaned && isPicture && (remark === 'damaged' ? files.damaged : files.unusual),
    remark === 'print_profile' && files.printProfile,
  ]
    .filter(Boolean)
    .join(' ')
}

const Wishes = (
  { texts: { files }, actions }: FormContext,
  { key, wish }: FileDraft,
): ComponentChild =>
  h(
    'fieldset',
    { class: 'choices' },
    h('legend', null, files.choice),
    wishes.map((choice) =>
      h(
        'label',
        { class: 'choice', for: `files-${key}-metadata-${choice}` },
        h('input', {
          type: 'radio',
          id: `files-${key}-metadata-${choice}`,
          name: `files-${key}-metadata`,
          value: choice,
          checked: wish === choice,
          autocomplete: 'off',
          onChange: () => actions.setWish(key, choice),
        }),
        h('span', null, files[choice]),
      ),
    ),
  )

function FileItem(context: FormContext, item: FileDraft): ComponentChild {
  const { texts, state, actions } = context
  const id = `files-${item.key}`
  const isBad = item.state.at === 'unreadable' || item.state.at === 'empty'
  const isAsked = problemOfFile(item) === 'uncleaned' && state.askedFiles.includes(item.key)
  const bytes = item.state.at === 'ready' ? item.state.bytes : item.file.size
  return h(
    'li',
    { key: item.key, class: 'file', 'data-file-state': item.state.at },
    h(
      'p',
      { class: 'file-name' },
      h('bdi', null, item.file.name),
      ' ',
      h('span', { class: 'hint' }, writeBytes(bytes, state.texts.language)),
    ),
    item.kind === 'picture' && !isBad && Wishes(context, item),
    h(
      'p',
      { class: isBad || isAsked ? 'problem' : 'hint', id: `${id}-state` },
      stateOf(context, item),
    ),
    h(
      'button',
      {
        type: 'button',
        class: 'button button-quiet',
        id: `${id}-remove`,
        'aria-label': `${texts.remove}: ${item.file.name}`,
        'aria-describedby': `${id}-state`,
        onClick: () => actions.remove('files', item.key),
      },
      texts.remove,
    ),
    (isBad || isAsked) && ' ',
    (isBad || isAsked) &&
      h(
        'button',
        {
          type: 'button',
          class: 'button button-quiet',
          id: `${id}-send-without`,
          'aria-label': `${texts.files.sendWithout}: ${item.file.name}`,
          onClick: () => actions.sendWithout(item.key),
        },
        texts.files.sendWithout,
      ),
  )
}

/** Clears the field, so that the same file can be chosen again after it was removed. */
function takeFrom(input: HTMLInputElement, { actions }: FormContext): void {
  actions.addFiles(Array.from(input.files ?? []))
  input.value = ''
}

function takeDropped(event: DragEvent, { actions }: FormContext): void {
  event.preventDefault()
  actions.addFiles(Array.from(event.dataTransfer?.files ?? []))
}

/** Files can be dropped here, but the button does the same. */
export function Files(context: FormContext): ComponentChild {
  const { texts, draft } = context
  return h(
    'div',
    {
      class: 'files',
      onDragOver: (event: DragEvent) => event.preventDefault(),
      onDrop: (event: DragEvent) => takeDropped(event, context),
    },
    Group(
      {
        id: 'files-group',
        label: texts.ask.files,
        hint: texts.hint.files,
        gloss: glossOf(context, 'files', 'filesHint'),
      },
      draft.files.length > 0 &&
        h(
          'ul',
          { class: 'file-list' },
          draft.files.map((file) => FileItem(context, file)),
        ),
      UndoNotice(context, 'files', ({ file }) => file.name),
      h(
        'label',
        { class: 'button button-quiet file-button', for: 'files' },
        texts.add.file,
        h('input', {
          type: 'file',
          id: 'files',
          name: 'files',
          multiple: true,
          class: 'file-input',
          'aria-describedby': 'files-group-hint',
          autocomplete: 'off',
          onChange: (event: { currentTarget: HTMLInputElement }) =>
            takeFrom(event.currentTarget, context),
        }),
      ),
    ),
  )
}
