import { createHash } from 'node:crypto'
import { h } from 'preact'
import type { ComponentChild } from 'preact'
import { renderToStaticMarkup } from 'preact-render-to-string'
import { renderSVG } from 'uqr'

import type { Day } from '../../time/day.ts'
import { fingerprintGroups, recipientDigest, signerDigest } from '../../keyring/fingerprint.ts'
import type { Keyring, RecipientEntry, SignerEntry } from '../../keyring/keyring.ts'
import type { Stick } from './folders.ts'
import { pageStyle } from './page-style.ts'
import { stepIds, stepTitles } from './state.ts'
import type { CeremonyState } from './state.ts'

/**
 * The content of the ceremony's page. Without any, the page is a blank form to follow during a
 * ceremony.
 */
export interface CeremonyPage {
  readonly day: Day
  /** `fingerprint`: SHA-256 of keyring.json, 64 hex digits. */
  readonly keyring: {
    readonly keyring: Keyring
    readonly fingerprint: string
    readonly isSigned: boolean
  } | null
  /** The line of the public key in `root.pub`. */
  readonly rootKey: string | null
  readonly state: CeremonyState | null
  readonly sticks: readonly Stick[]
}

/**
 * A4 pages to print: instructions, fingerprints to compare, and who was present. The page has no
 * script and loads nothing.
 */
export function ceremonyHtml(page: CeremonyPage): string {
  const hash = createHash('sha256').update(pageStyle).digest('base64')
  const policy = `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`
  const html = h(
    'html',
    { lang: 'en' },
    h(
      'head',
      null,
      h('meta', { charSet: 'utf-8' }),
      h('meta', { 'http-equiv': 'Content-Security-Policy', content: policy }),
      h('meta', { name: 'referrer', content: 'no-referrer' }),
      h('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
      h('title', null, 'Key ceremony'),
      h('style', { dangerouslySetInnerHTML: { __html: pageStyle } }),
    ),
    h('body', null, h('main', null, ...body(page))),
  )
  return `<!doctype html>\n${renderToStaticMarkup(html)}\n`
}

function body(page: CeremonyPage): ComponentChild[] {
  return [
    h('h1', null, 'Key ceremony'),
    page.keyring?.keyring.demo === true
      ? h(
          'p',
          { class: 'warning' },
          'DEMO: these keys are for trying out. No real tip may be sealed to them.',
        )
      : null,
    h(
      'p',
      null,
      'Two people or more, one machine with no network, three empty sticks, paper and a pen. Secrets are never on this page.',
    ),
    page.state === null ? checklist() : doneList(page.state),
    ...(page.keyring === null
      ? [blankSticks(), blankFingerprints(), blankShares()]
      : keyringPart(page, page.keyring)),
    ...sticksPart(page),
    signatures(page),
  ]
}

function doneList(state: CeremonyState): ComponentChild {
  return h(
    'section',
    null,
    h('h2', null, 'Steps'),
    h(
      'ol',
      { class: 'done' },
      ...stepIds.map((step) => {
        const done = state.done.find((entry) => entry.step === step)
        return h(
          'li',
          null,
          box(done !== undefined),
          `${stepTitles[step]}${done === undefined ? '' : `, ${done.day}`}`,
        )
      }),
    ),
  )
}

function box(isTicked = false): ComponentChild {
  return h('span', { class: 'box' }, isTicked ? '✓' : null)
}

/** Length of four of the eight groups of a fingerprint. */
const halfGroups = 23

const steps = [
  [
    'Before',
    'No phone and no camera in the room. Cable out, radio off. The clock is right (UTC). The folder is on an encrypted disk or in memory (Tails).',
  ],
  [
    'Root key',
    'tumen keys new root --purpose root. Passphrase on paper, in another place than the stick.',
  ],
  [
    'Shares',
    'tumen keys split root.key --shares 3 --threshold 2. One paper for each keeper. Names of the keepers below.',
  ],
  ['Each analyst', 'tumen keys new NAME --role analyst, alone at the keyboard for the passphrase.'],
  ['Desk key', 'tumen keys new desk --purpose acknowledgement.'],
  [
    'Server',
    'Its card comes on a stick (server.card.json). Only the card: its secret stays there.',
  ],
  [
    'Compare aloud',
    'Each person reads the eight groups of their own fingerprint; two others follow on the screen. One wrong digit: stop.',
  ],
  [
    'Sign',
    'tumen keyring init, add, show, sign, verify. Read the fingerprint of the keyring aloud.',
  ],
  [
    'Sticks',
    'SERVER, DESK and SAFE, each checked with sha256sum -c SHA256SUMS. Then the folder is deleted.',
  ],
] as const

function checklist(): ComponentChild {
  return h(
    'section',
    null,
    h('h2', null, 'Steps'),
    h(
      'p',
      null,
      '"tumen keyring ceremony --dir FOLDER" leads through all of them and can be stopped anywhere.',
    ),
    h(
      'ol',
      { class: 'steps' },
      ...steps.map(([name, text]) => h('li', null, box(), h('b', null, `${name}. `), text)),
    ),
  )
}

function keyringPart(
  { rootKey, state }: CeremonyPage,
  given: NonNullable<CeremonyPage['keyring']>,
): ComponentChild[] {
  const { keyring, fingerprint, isSigned } = given
  const people: Array<[RecipientEntry | SignerEntry, string, Uint8Array]> = [
    ...keyring.recipients.map((entry): [RecipientEntry, string, Uint8Array] => [
      entry,
      entry.role,
      recipientDigest(entry),
    ]),
    ...keyring.signers.map((entry): [SignerEntry, string, Uint8Array] => [
      entry,
      `signs: ${entry.purpose}`,
      signerDigest(entry),
    ]),
  ]
  const compared = (groups: string) => {
    const day = state?.compared.find((done) => done.fingerprint === groups)?.day
    return [
      day === undefined ? 'compared aloud' : `compared aloud, ${day}`,
      day !== undefined,
    ] as const
  }
  const [rootGroups, keyringGroups] = [
    rootKey === null ? '' : fingerprintGroups(signerDigest({ public_key: rootKey })),
    fingerprintGroups(fingerprint),
  ]
  return [
    h('h2', null, 'To publish'),
    isSigned ? null : h('p', { class: 'warning' }, 'NOT SIGNED YET'),
    rootKey === null
      ? null
      : fingerprintBox('Root', rootKey, rootGroups, [compared(rootGroups), ['published', false]]),
    fingerprintBox(
      'Keyring',
      `issued ${keyring.issued}, valid until ${keyring.expires}`,
      keyringGroups,
      [['published', false]],
    ),
    h('h2', null, 'Fingerprints of everybody'),
    ...people.map(([entry, what, digest]) => {
      const groups = fingerprintGroups(digest)
      return fingerprintBox(entry.name, `${what}, ${validity(entry)}`, groups, [
        compared(groups),
        ['followed by a second person', false],
      ])
    }),
  ]
}

function validity({ valid_from, valid_until, retired }: RecipientEntry | SignerEntry): string {
  return `from ${valid_from}${valid_until === null ? '' : ` until ${valid_until}`}${retired === null ? '' : `, retired ${retired}`}`
}

type Box = readonly [text: string, isTicked: boolean]

function fingerprintBox(
  name: string,
  what: string,
  groups: string,
  boxes: readonly Box[],
): ComponentChild {
  // The QR code holds only digits and blanks, so nothing from the keyring reaches the markup
  // unescaped.
  const svg = renderSVG(groups, { ecc: 'M', border: 2, pixelSize: 4 })
  return h(
    'section',
    { class: 'fingerprint' },
    h('div', {
      class: 'code',
      role: 'img',
      'aria-label': `QR code of ${groups}`,
      dangerouslySetInnerHTML: { __html: svg },
    }),
    h(
      'div',
      null,
      h('h3', null, h('bdi', null, name)),
      h('p', { class: 'what' }, h('bdi', null, what)),
      h(
        'p',
        { class: 'groups' },
        groups.slice(0, halfGroups),
        h('br', null),
        groups.slice(halfGroups + 1),
      ),
      h(
        'p',
        { class: 'boxes' },
        ...boxes.flatMap(([text, isTicked]) => [box(isTicked), `${text} `]),
      ),
    ),
  )
}

function blankFingerprints(): ComponentChild {
  return h(
    'section',
    { class: 'whole' },
    h('h2', null, 'Fingerprints'),
    blankTable(['Name', 'Fingerprint, as read aloud', 'Heard by'], 8),
  )
}

function blankSticks(): ComponentChild {
  return h(
    'section',
    { class: 'whole' },
    h('h2', null, 'Sticks'),
    blankTable(['Stick', 'What is on it', 'Kept by, where'], 3),
  )
}

function blankShares(): ComponentChild {
  return h(
    'section',
    { class: 'whole' },
    h('h2', null, 'Shares of the root'),
    blankTable(['Share', 'Keeper', 'Place'], 5),
  )
}

function sticksPart({ sticks, state }: CeremonyPage): ComponentChild[] {
  if (sticks.length === 0) return []
  return [
    h('h2', null, 'Sticks'),
    ...sticks.flatMap(({ label, whatToDo, files }) => [
      h('h3', null, box(), label),
      h('p', null, whatToDo),
      h(
        'ul',
        { class: 'files' },
        ...files.map(({ path, sha256 }) =>
          h('li', null, h('bdi', null, path), h('code', null, ` ${sha256.slice(0, 16)}…`)),
        ),
      ),
    ]),
    h(
      'section',
      { class: 'whole' },
      h('h2', null, 'Kept where'),
      blankTable(
        ['Stick or paper', 'Keeper', 'Place'],
        sticks.length + Math.min(state?.shares?.count ?? 0, 12),
      ),
    ),
  ]
}

function signatures({ state, day }: CeremonyPage): ComponentChild {
  const names = state?.present ?? []
  const rows = [...names, ...Array.from({ length: Math.max(0, 3 - names.length) }, () => '')]
  return h(
    'section',
    { class: 'whole' },
    h('h2', null, 'Present'),
    h(
      'table',
      null,
      h(
        'thead',
        null,
        h(
          'tr',
          null,
          ...['Name', 'Signature', 'Day'].map((text) => h('th', { scope: 'col' }, text)),
        ),
      ),
      h(
        'tbody',
        null,
        ...rows.map((name) =>
          h('tr', null, h('td', null, h('bdi', null, name)), h('td', null), h('td', null)),
        ),
      ),
    ),
    h('p', { class: 'what' }, `Printed ${day}.`),
  )
}

function blankTable(heads: readonly string[], rows: number): ComponentChild {
  return h(
    'table',
    null,
    h('thead', null, h('tr', null, ...heads.map((text) => h('th', { scope: 'col' }, text)))),
    h(
      'tbody',
      null,
      ...Array.from({ length: rows }, () => h('tr', null, ...heads.map(() => h('td', null)))),
    ),
  )
}
