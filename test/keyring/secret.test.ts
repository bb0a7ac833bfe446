import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'

import { Secret } from '../../src/keyring/secret.ts'
import { generateSigningKey } from '../../src/keyring/minisign.ts'

describe('Secret', () => {
  it('prints <redacted> in every way of printing', () => {
    const secret = Secret.fromText('AGE-SECRET-KEY-1')
    expect(String(secret)).toBe('<redacted>')
    expect(`${secret}`).toBe('<redacted>')
    expect(JSON.stringify({ secret })).toBe('{"secret":"<redacted>"}')
    expect(inspect({ secret }, { depth: 9, showHidden: true })).toBe('{ secret: <redacted> }')
    expect(inspect(generateSigningKey())).toContain('secret: <redacted>')
  })

  it('reveals on request and is gone after wipe', () => {
    const secret = Secret.fromText('조개')
    const bytes = secret.reveal()
    expect(secret.revealText()).toBe('조개')
    secret.wipe()
    expect(bytes.every((byte) => byte === 0)).toBe(true)
  })
})
