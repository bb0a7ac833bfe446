import { h, type ComponentChild } from 'preact'
import { fill, languageAttributes } from '../view/wording.ts'
import { percentOf, writeAmount, writeTimeLeft } from './amounts.ts'
import { writeBytes } from './bytes.ts'
import { formLanguageOf } from './speaking.ts'
import type { DeferredView, Screen } from './state.ts'

type Sending = Extract<Screen, { at: 'sending' }>

function Figures(
  { progress }: Sending,
  {
    texts,
    state: {
      texts: { language },
    },
  }: DeferredView,
): ComponentChild {
  if (progress === null) return null
  const { bytesPerSecond, secondsLeft, phase } = progress
  const isMoving = phase === 'sending'
  return h(
    'ul',
    { class: 'figures' },
    h('li', null, writeAmount(progress, texts, language)),
    isMoving &&
      bytesPerSecond !== null &&
      h('li', null, fill(texts.sending.rate, { rate: writeBytes(bytesPerSecond, language) })),
    isMoving && secondsLeft !== null && h('li', null, writeTimeLeft(secondsLeft, texts)),
  )
}

const button = (
  id: string,
  label: string,
  onClick: () => void,
  kind = 'button-quiet',
): ComponentChild => h('button', { type: 'button', class: `button ${kind}`, id, onClick }, label)

/** The buttons while sending. Stopping asks for one confirmation, in the place of the button. */
function Buttons(
  { isPaused, isAskingToCancel }: Sending,
  { texts: { sending }, actions }: DeferredView,
): ComponentChild {
  if (isAskingToCancel) {
    return h(
      'div',
      { class: 'actions', role: 'group', 'aria-labelledby': 'ask-cancel' },
      h('p', { id: 'ask-cancel' }, sending.askCancel),
      button('cancel-yes', sending.cancelYes, actions.cancel),
      button('cancel-no', sending.cancelNo, () => actions.askToCancel(false), ''),
    )
  }
  return h(
    'div',
    { class: 'actions' },
    isPaused
      ? button('resume', sending.resume, actions.resume, '')
      : button('pause', sending.pause, actions.pause),
    button('cancel', sending.cancel, () => actions.askToCancel(true)),
  )
}

/** The reason the server gave for a delay, or the phase that sending has reached. */
function phaseText({ progress }: Sending, { texts, spoken }: DeferredView): string {
  const { phase = 'preparing', problem = null } = progress ?? {}
  if (problem === null) return texts.sending.phases[phase]
  return `${spoken.delayReasons[problem][0]}. ${texts.sending.told}`
}

export function SendingView({
  screen,
  view,
}: {
  screen: Sending
  view: DeferredView
}): ComponentChild {
  const { texts, state } = view
  const phase = screen.progress?.phase ?? 'preparing'
  const interruptions = screen.progress?.interruptions ?? 0
  const problem = screen.progress?.problem ?? null
  const percent = screen.progress === null ? 0 : percentOf(screen.progress)
  return h(
    'section',
    {
      class: 'card sending',
      'data-phase': phase,
      'aria-labelledby': 'sending',
      ...languageAttributes(formLanguageOf(state.texts)),
    },
    h('h1', { id: 'sending', tabIndex: -1 }, texts.sending.heading),
    h(
      'p',
      {
        id: 'phase',
        class: phase === 'waiting' ? 'notice' : 'lead',
        'data-problem': problem ?? undefined,
      },
      phaseText(screen, view),
    ),
    h('label', { class: 'label', for: 'progress' }, `${texts.sending.bar}: ${percent} %`),
    h('progress', { id: 'progress', max: 100, value: percent }),
    Figures(screen, view),
    interruptions > 0 &&
      h(
        'p',
        { id: 'interruptions', class: 'hint' },
        fill(texts.sending.interruptions, { n: interruptions }),
      ),
    h('p', { class: 'hint' }, texts.sending.keepOpen),
    Buttons(screen, view),
  )
}
