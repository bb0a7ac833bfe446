import { h, type ComponentChild } from 'preact'
import { ConsentChoices } from './consent-part.ts'
import { Gloss } from './fields.ts'
import { glossOf, type FormContext } from './form-context.ts'
import { KeysStanding } from './keys-standing.ts'
import { failureText, isDemo } from './state.ts'

/**
 * The recipients of the tip and the button Send. The button is never disabled: pressing it lists
 * what is missing.
 */
function Sealing(context: FormContext): ComponentChild {
  const { texts, state, actions } = context
  const {
    keyring,
    texts: { language },
  } = state
  if (keyring.at === 'loading')
    return h('p', { class: 'hint', id: 'keyring', 'data-keyring': 'loading' }, texts.send.loading)
  if (keyring.at === 'failed') {
    return h(
      'div',
      { class: 'notice notice-warm', id: 'keyring', 'data-keyring': keyring.code, role: 'alert' },
      h('p', null, failureText(state, keyring.code)),
      h(
        'button',
        {
          type: 'button',
          class: 'button button-quiet',
          id: 'retry-keyring',
          onClick: actions.retryKeyring,
        },
        texts.send.again,
      ),
    )
  }
  const { recipients, fingerprint, issued } = keyring.keyring
  const [before, after] = texts.send.sealedTo.split('{names}')
  const names = recipients.flatMap(({ name }, index) => [
    index > 0 ? (language === 'zh' ? '、' : ', ') : '',
    h('bdi', null, name),
  ])
  return h(
    'div',
    { class: 'hint', id: 'keyring', 'data-keyring': 'ready', tabIndex: -1 },
    h('p', null, before, names, after),
    h(
      'p',
      null,
      `${texts.send.fingerprint}: `,
      h('span', { class: 'mono', dir: 'ltr' }, fingerprint.join(' ')),
    ),
    KeysStanding(context, issued),
  )
}

export function SendPart(context: FormContext): ComponentChild {
  const { texts, state, actions } = context
  return h(
    'div',
    { class: 'send' },
    // A follow-up answers questions; it never repeats the choice of the first message.
    state.followUp === null && h('div', { class: 'card' }, ConsentChoices(context)),
    isDemo(state) && h('p', { class: 'demo' }, texts.send.demo),
    Sealing(context),
    h(
      'button',
      { type: 'button', class: 'button', id: 'send', onClick: actions.send },
      texts.send.button,
      Gloss(glossOf(context, 'send'), 'label'),
    ),
  )
}
