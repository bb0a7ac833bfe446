import { describe, expect, it } from 'vitest'
import type { LoadedKeyring } from '../../src/keyring/load.ts'
import { createKeyringSource } from '../../src/server/keyring-source.ts'

function load(expires: string, validUntil: string | null = null): LoadedKeyring {
  const recipient = {
    name: 'A',
    role: 'analyst',
    recipient: 'age1pq1x',
    recipient_x25519: 'age1x',
    valid_from: '2026-01-01',
    valid_until: validUntil,
    retired: null,
  }
  return {
    keyring: {
      format: 'tumen-keyring',
      version: 1,
      demo: false,
      issued: '2026-01-01',
      expires,
      recipients: [recipient],
      signers: [],
    },
    bytes: Buffer.from('json'),
    signature: Buffer.from('sig'),
    fingerprint: 'ab',
    root: { keyId: new Uint8Array(8), key: new Uint8Array(32) },
    rootText: '',
  }
}

describe('createKeyringSource', () => {
  it('is open through the last day and closed from the next midnight UTC on', () => {
    let now = new Date('2026-11-22T00:00:00Z')
    const source = createKeyringSource({ loaded: load('2026-11-23'), clock: { now: () => now } })
    for (const [time, isOpen] of [
      ['2026-11-22T00:00:00Z', true],
      ['2026-11-23T23:59:59.999Z', true],
      ['2026-11-24T00:00:00Z', false],
      ['2027-01-01T00:00:00Z', false],
    ] as const) {
      now = new Date(time)
      expect(source.current() !== null, time).toBe(isOpen)
    }
  })

  it('is closed when nobody is left to seal to', () => {
    let now = new Date('2026-11-23T12:00:00Z')
    const source = createKeyringSource({
      loaded: load('2027-11-23', '2026-11-23'),
      clock: { now: () => now },
    })
    expect(source.current()?.recipients).toContain('age1pq1x')
    expect(source.current()?.recipientsX25519).toContain('\nage1x\n')
    now = new Date('2026-11-24T00:00:00Z')
    expect(source.current()).toBeNull()
  })
})
