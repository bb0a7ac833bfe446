import { h, type ComponentChild } from 'preact'
import { languageAttributes } from '../view/wording.ts'
import {
  formContext,
  messageOf,
  refusalMessage,
  tooManyFiles,
  type FormContext,
} from './form-context.ts'
import { ShortForm } from './short-form.ts'
import { SendPart } from './send-part.ts'
import { formLanguageOf } from './speaking.ts'
import { failureText, type Actions, type AppState, type View } from './state.ts'

/** The list of all problems. Each entry leads to its field. */
const Problems = ({ texts, problems, actions }: FormContext): ComponentChild =>
  problems.length > 0 &&
  h(
    'div',
    {
      class: 'notice notice-warm',
      id: 'problems',
      tabIndex: -1,
      'aria-labelledby': 'problems-heading',
    },
    h('h2', { id: 'problems-heading' }, texts.problems.heading),
    h(
      'ul',
      null,
      problems.map((problem) =>
        h(
          'li',
          null,
          h(
            'a',
            {
              href: `#${problem.field}`,
              onClick: (event: Event) => goTo(problem.field, event, actions),
            },
            problem.code === 'narrative' ? null : [h('bdi', null, problem.fileName), ': '],
            messageOf(problem, texts),
          ),
        ),
      ),
    ),
  )

/**
 * Moves the focus without following the link, which would add an entry to the browser's history.
 */
function goTo(field: string, event: Event, actions: Actions): void {
  event.preventDefault()
  actions.goTo(field)
}

const Failure = ({ state }: FormContext): ComponentChild => {
  const { screen } = state
  if (screen.at !== 'form' || screen.failure === null) return false
  const isOwnWish = screen.failure === 'CANCELLED'
  return h(
    'div',
    {
      class: isOwnWish ? 'notice' : 'notice notice-warm',
      id: 'failure',
      tabIndex: -1,
      'data-failure': screen.failure,
    },
    isOwnWish
      ? null
      : h(
          'h2',
          null,
          typeof state.deferred === 'string' ? '' : state.deferred.texts.failureHeading,
        ),
    h('p', null, failureText(state, screen.failure)),
  )
}

const noticeOf = ({ notice }: AppState, { texts, draft }: FormContext): string => {
  switch (notice) {
    case 'language_failed':
      return texts.languageFailed
    case 'broken':
      return texts.broken
    case 'later_failed':
      return texts.more.failed
    case 'too_many_files':
      return tooManyFiles(texts)
    // This message is repeated at the end of the form, because the field in question may be far up.
    case null:
      return draft.refusal?.field === 'draft' ? refusalMessage(draft, texts) : ''
  }
}

export const Notice = (context: FormContext): ComponentChild => {
  const text = noticeOf(context.state, context)
  return text !== '' && h('p', { class: 'notice notice-warm', id: 'notice' }, text)
}

const Missing = ({ texts, actions }: FormContext, deferred: 'loading' | 'failed'): ComponentChild =>
  h(
    'div',
    { class: 'field' },
    h('p', null, texts.more[deferred]),
    deferred === 'failed' &&
      h(
        'button',
        {
          type: 'button',
          class: 'button button-quiet',
          id: 'retry-later',
          onClick: actions.retryDeferred,
        },
        texts.send.again,
      ),
  )

function More(context: FormContext): ComponentChild {
  const { texts, state, actions } = context
  const { deferred } = state
  const inside =
    typeof deferred === 'string'
      ? Missing(context, deferred)
      : deferred.code.MoreSection({ ...context, texts: deferred.texts })
  return h(
    'details',
    {
      id: 'more',
      class: 'card more',
      open: state.isMoreOpen,
      onToggle: (event: { currentTarget: HTMLDetailsElement }) =>
        actions.openMore(event.currentTarget.open),
    },
    h('summary', null, texts.more.open),
    state.isMoreOpen && h('div', null, h('p', { class: 'hint' }, texts.more.intro), inside),
  )
}

export function FormView({ state, actions }: View): ComponentChild {
  const context = formContext(state, actions)
  return h(
    'form',
    {
      id: 'tip',
      class: 'tip',
      noValidate: true,
      autocomplete: 'off',
      // Pressing Enter in a line sends nothing, whether it comes from a keyboard, a phone, an input
      // method or a scanner (WCAG 2.2, 3.3.4). The button calls `send` itself.
      onSubmit: (event: Event) => event.preventDefault(),
      'aria-label': state.texts.frame.title,
      ...languageAttributes(formLanguageOf(state.texts)),
    },
    Failure(context),
    Problems(context),
    h('div', { class: 'card' }, ShortForm(context)),
    More(context),
    Notice(context),
    SendPart(context),
  )
}
