import { h, type ComponentChild } from 'preact'
import type { Spoken } from '../texts.ts'
import { fill } from './wording.ts'

/** What people may know and compare of the keyring. */
export interface KeyringFacts {
  /** Eight groups of five digits. */
  fingerprint: readonly string[]
  recipients: readonly { name: string; role: string }[]
  /** `YYYY-MM-DD`, the last day. */
  expires: string
}

/** Who can open a tip, and how to know that nobody put himself in between. */
export function Staff({
  texts: { frame },
  keyring,
}: {
  texts: Spoken<'frame'>
  keyring: KeyringFacts
}): ComponentChild {
  const { recipients, fingerprint, expires } = keyring
  return h(
    'section',
    { class: 'staff', 'aria-labelledby': 'staff' },
    h('h2', { id: 'staff' }, frame.staff),
    h(
      'ul',
      { class: 'people' },
      recipients.map(({ name, role }) =>
        h(
          'li',
          null,
          h('bdi', { class: 'staff-name' }, name),
          ' ',
          h('bdi', { class: 'hint' }, role),
        ),
      ),
    ),
    h('h3', null, frame.fingerprint),
    h(
      'p',
      { class: 'fingerprint', dir: 'ltr' },
      fingerprint.flatMap((group) => [h('span', null, group), ' ']),
    ),
    h('p', { class: 'hint' }, frame.fingerprintHint),
    h('p', { class: 'hint' }, fill(frame.expires, { day: expires })),
  )
}
