import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { makeOfflineSealer } from '../../src/server/offline-sealer.ts'
import { makeAsset } from '../../src/server/page-assets.ts'

const script = 'console.log("봉인")\n'
const style = 'p { color: #123 }\n'
const page = new Map([
  ['/assets/offline.js', makeAsset('text/javascript', Buffer.from(script))],
  ['/assets/style.css', makeAsset('text/css', Buffer.from(style))],
])
const keyring = {
  fingerprint: 'f'.repeat(64),
  isDemo: true,
  expires: '2027-11-23',
  staff: [],
  rootKey: 'RWroot',
  json: Buffer.from('{"name":"</script>"}'),
  signature: Buffer.from('signature\n'),
  recipients: '',
  recipientsX25519: '',
}
const source = (text: string): string =>
  `'sha256-${createHash('sha256').update(text).digest('base64')}'`

describe('makeOfflineSealer', () => {
  const text = makeOfflineSealer(page, keyring, 'ko')?.body.toString('utf8') ?? ''

  it('forbids every connection, and every script and style but its own', () => {
    const policy = /Content-Security-Policy" content="([^"]+)"/.exec(text)?.[1]
    expect(policy).toBe(
      [
        `default-src 'none'`,
        `script-src ${source(script)}`,
        `style-src ${source(style)}`,
        `form-action 'none'`,
        `base-uri 'none'`,
        `require-trusted-types-for 'script'`,
        `trusted-types 'none'`,
      ].join('; '),
    )
  })

  it('holds the script and the style as they were digested', () => {
    expect(text).toContain(`<script>${script}</script>`)
    expect(text).toContain(`<style>${style}</style>`)
  })

  it('carries the signed keyring so that no name in it can end its element', () => {
    const trust = JSON.parse(/id="trust">(.+)<\/script>/.exec(text)?.[1] ?? '') as Record<
      string,
      string
    >
    expect(Buffer.from(trust['keyring'] ?? '', 'base64').equals(keyring.json)).toBe(true)
    expect(Buffer.from(trust['signature'] ?? '', 'base64').equals(keyring.signature)).toBe(true)
    expect(trust['rootKey']).toBe('RWroot')
  })

  it('is null when the build does not contain it', () => {
    expect(makeOfflineSealer(new Map(), keyring, 'en')).toBeNull()
  })
})
