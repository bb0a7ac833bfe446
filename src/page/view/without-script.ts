import { h, type ComponentChild } from 'preact'
import { consentChoices } from '../../tip/consent-choice.ts'
import type { Lines, Spoken } from '../texts.ts'
import { Commands } from './commands.ts'
import { items, languageOfGroup, paragraphs, withCode } from './wording.ts'

/**
 * `--numeric-owner` omits the account's name, in GNU tar and in the bsdtar of macOS and Windows.
 * Two commands instead of a pipe, because PowerShell damages bytes in a pipe.
 */
const packAndSeal = (list: string): Lines => [
  'tar --numeric-owner -cf notes.tar notes',
  `age -R ${list} -o notes.age notes.tar`,
]

/** The notes are read from a file, because a command line stays in the shell's history. */
const TUMEN: Lines = [
  'tumen seal -o notes.age --consent ask_me photo.jpg < notes.txt',
  'tumen send notes.age --to http://ADDRESS.onion --socks5 127.0.0.1:9150',
]

export interface WithoutScriptProps {
  texts: Spoken<'withoutScript' | 'form'>
  /**
   * The keyring's fingerprint as 64 hex digits. The intake uses it to count envelopes sealed to an
   * old keyring.
   */
  fingerprintHex: string
}

/**
 * Shown in the place of the form until scripts replace it. Without scripts it stays, with the
 * instructions that need none.
 */
export function WithoutScript(props: WithoutScriptProps): ComponentChild {
  const { withoutScript } = props.texts
  return h(
    'div',
    null,
    h('p', { class: 'loading', role: 'status' }, withoutScript.loading),
    h(
      'div',
      { class: 'without-script' },
      h('h2', null, withoutScript.heading),
      h('p', { class: 'notice slow' }, withoutScript.slow),
      paragraphs(withoutScript.intro),
      h(Instructions, props),
      h('h2', null, withoutScript.send.heading),
      h(SendSealed, props),
    ),
  )
}

/** The page for people who have already sealed a file or want to seal one by hand. */
export function Sealed(props: WithoutScriptProps): ComponentChild {
  const { withoutScript } = props.texts
  return h(
    'div',
    null,
    h('h1', null, withoutScript.send.heading),
    h(SendSealed, props),
    h('h2', null, withoutScript.how),
    h(Instructions, props),
  )
}

function Instructions({ texts }: WithoutScriptProps): ComponentChild {
  const { withoutScript, language } = texts
  const { offline, age, tumen } = withoutScript
  return h(
    'ol',
    { class: 'ways' },
    h(
      'li',
      { class: 'card' },
      h('h3', null, offline.title),
      h(
        'p',
        null,
        h(
          'a',
          {
            class: 'button',
            href: `/offline-sealer.html?lang=${language}`,
            download: 'page.html',
          },
          offline.link,
        ),
      ),
      h('ol', null, items(offline.steps)),
    ),
    h(
      'li',
      { class: 'card' },
      h('h3', null, age.title),
      h('ol', null, items(age.before)),
      h(ConsentByHand, { texts }),
      h(Recipe, { title: age.newer, list: 'recipients.txt', notes: [] }),
      h(Recipe, { title: age.older, list: 'recipients-x25519.txt', notes: [age.olderNote] }),
      paragraphs(age.after),
    ),
    h(
      'li',
      { class: 'card' },
      h('h3', null, tumen.title),
      paragraphs(tumen.lines),
      h(Commands, { lines: TUMEN }),
      h(ConsentCodes, { texts }),
    ),
  )
}

/** The question of the form, for people who write their notes by hand. */
function ConsentByHand({ texts }: { texts: Spoken<'withoutScript' | 'form'> }): ComponentChild {
  const { consent } = texts.form
  return h(
    'div',
    { class: 'by-hand' },
    h('p', { class: 'label' }, withCode(texts.withoutScript.consent)),
    h(
      'div',
      languageOfGroup(texts, 'form'),
      h(
        'ul',
        null,
        consentChoices.map((choice) =>
          h(
            'li',
            null,
            h('strong', null, consent.choices[choice]),
            h('br', null),
            h('span', { class: 'hint' }, consent.hints[choice]),
          ),
        ),
      ),
      h('p', { class: 'hint' }, consent.unHint),
      h('ul', { class: 'hint' }, items(consent.always)),
    ),
  )
}

/** The words for the program's option, and what each means. */
function ConsentCodes({ texts }: { texts: Spoken<'form'> }): ComponentChild {
  const { choices, un } = texts.form.consent
  return h(
    'ul',
    { class: 'hint', ...languageOfGroup(texts, 'form') },
    consentChoices.map((choice) =>
      h('li', null, h('code', { dir: 'ltr' }, `--consent ${choice}`), ' ', choices[choice]),
    ),
    h('li', null, h('code', { dir: 'ltr' }, '--un'), ' ', un),
  )
}

function Recipe({
  title,
  list,
  notes,
}: {
  title: string
  list: string
  notes: Lines
}): ComponentChild {
  return h(
    'div',
    { class: 'recipe' },
    h('h4', null, title),
    notes.map((note) => h('p', { class: 'hint' }, withCode(note))),
    h('p', null, h('a', { href: `/${list}`, download: list, dir: 'ltr' }, list)),
    h(Commands, { lines: packAndSeal(list) }),
  )
}

function SendSealed({ texts, fingerprintHex }: WithoutScriptProps): ComponentChild {
  const { send } = texts.withoutScript
  return h(
    'form',
    {
      class: 'card',
      method: 'post',
      action: `/submissions?lang=${texts.language}`,
      enctype: 'multipart/form-data',
    },
    h('input', { type: 'hidden', name: 'keyring', value: fingerprintHex }),
    h('label', { class: 'label', for: 'envelope' }, withCode(send.label)),
    h('input', { id: 'envelope', name: 'envelope', type: 'file', required: true }),
    h('ul', { class: 'hint' }, items(send.lines)),
    h('button', { class: 'button', type: 'submit' }, send.button),
  )
}
