import { h, type ComponentChild } from 'preact'
import type { Spoken } from '../texts.ts'
import { roleIn } from '../organisation-texts.ts'
import { fill, languageOfGroup } from './wording.ts'

/** The facts about the keyring that people can see and compare. */
export interface KeyringFacts {
  /** The fingerprint in eight groups of five digits. */
  fingerprint: readonly string[]
  recipients: readonly { name: string; role: string }[]
  /** The last valid day, `YYYY-MM-DD`. */
  expires: string
}

/** Explains who can open a tip, and how to check that nobody has replaced the staff's keys. */
export function Staff({
  texts,
  keyring,
}: {
  texts: Spoken<'frame' | 'organisation'>
  keyring: KeyringFacts
}): ComponentChild {
  const { frame } = texts
  const { recipients, fingerprint, expires } = keyring
  return h(
    'section',
    { class: 'staff', 'aria-labelledby': 'staff' },
    h('h2', { id: 'staff' }, frame.staff),
    h(
      'ul',
      { class: 'people' },
      recipients.map(({ name, role }) =>
        h('li', null, h('bdi', { class: 'staff-name' }, name), ' ', Role({ texts, role })),
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

/** A role of the table in the reader's language; any other role as the keyring has it. */
function Role({ texts, role }: { texts: Spoken<'organisation'>; role: string }): ComponentChild {
  const known = roleIn(texts.organisation, role)
  return known === null
    ? h('bdi', { class: 'hint' }, role)
    : h('bdi', { class: 'hint', ...languageOfGroup(texts, 'organisation') }, known)
}
