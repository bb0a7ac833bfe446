import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'

import { ceremonyHtml } from '../../../src/desk/ceremony/page.ts'
import type { CeremonyPage } from '../../../src/desk/ceremony/page.ts'
import { beginState } from '../../../src/desk/ceremony/state.ts'
import { fingerprintGroups, recipientDigest } from '../../../src/keyring/fingerprint.ts'
import { day, holdCeremony } from '../../support/ceremony.ts'

const blank: CeremonyPage = { day, keyring: null, rootKey: null, state: null, sticks: [] }
const { keyring } = holdCeremony()
const filled: CeremonyPage = {
  ...blank,
  keyring: { keyring, fingerprint: 'a'.repeat(64), isSigned: true },
  state: { ...beginState(day), present: ['김 순희'] },
}

describe('ceremonyHtml', () => {
  it.each([
    ['blank', blank],
    ['filled', filled],
  ])('runs nothing and loads nothing (%s)', (_what, page) => {
    const html = ceremonyHtml(page)
    const [, style = ''] = /<style>([\s\S]*?)<\/style>/.exec(html) ?? []
    expect(html).toContain(
      `style-src &#39;sha256-${createHash('sha256').update(style).digest('base64')}&#39;`.replaceAll(
        '&#39;',
        "'",
      ),
    )
    expect(html).not.toMatch(
      /<(script|img|iframe|link|object|form)\b|\b(src|href|style|on\w+)=|url\(/i,
    )
  })

  it('leaves room to write when nothing is known', () => {
    expect(ceremonyHtml(blank).match(/<td><\/td>/g)?.length).toBeGreaterThan(50)
  })

  it('shows each fingerprint as digits and as a code, and ticks only what was compared', () => {
    const [entry] = keyring.recipients
    if (entry === undefined) throw new Error('an analyst was expected')
    const fingerprint = fingerprintGroups(recipientDigest(entry))
    const html = ceremonyHtml(filled)
    expect(html).toContain(`aria-label="QR code of ${fingerprint}"`)
    expect(html.match(/<svg/g)).toHaveLength(1 + keyring.recipients.length + keyring.signers.length)
    expect(html).not.toContain('✓')
    const compared = ceremonyHtml({
      ...filled,
      state: { ...beginState(day), compared: [{ name: entry.name, fingerprint, day }] },
    })
    expect(compared.match(/✓/g)).toHaveLength(1)
    // A comparison of another key under the same name must not give a tick.
    const other = ceremonyHtml({
      ...filled,
      state: {
        ...beginState(day),
        compared: [{ name: entry.name, fingerprint: '0'.repeat(47), day }],
      },
    })
    expect(other).not.toContain('✓')
  })

  it('escapes whatever a name or a file says', () => {
    const hostile = '<script>alert(1)</script>"\'&'
    const [entry] = keyring.recipients
    const html = ceremonyHtml({
      ...filled,
      keyring: {
        keyring: {
          ...keyring,
          recipients: entry === undefined ? [] : [{ ...entry, name: hostile, role: hostile }],
        },
        fingerprint: 'a'.repeat(64),
        isSigned: true,
      },
      rootKey: null,
      state: { ...beginState(day), present: [hostile] },
      sticks: [
        {
          label: hostile,
          folder: '',
          whatToDo: hostile,
          files: [{ path: hostile, sha256: hostile }],
        },
      ],
    })
    expect(html).not.toContain('<script')
    expect(html).toContain('&lt;script>alert(1)')
  })

  it('says clearly that a keyring is not signed, or is only for trying out', () => {
    const draft = ceremonyHtml({
      ...filled,
      keyring: {
        keyring: { ...keyring, demo: true },
        fingerprint: 'a'.repeat(64),
        isSigned: false,
      },
    })
    expect(draft).toContain('NOT SIGNED YET')
    expect(draft).toContain('DEMO: these keys')
    expect(ceremonyHtml(filled)).not.toMatch(/NOT SIGNED|DEMO/)
  })
})
