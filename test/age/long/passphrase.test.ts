import { describe, expect, it } from 'vitest'
import { ascii } from '../../../src/age/bytes.ts'
import { openWithPassphrase, sealWithPassphrase } from '../../../src/age/passphrase.ts'
import { loadSodiumPrimitives } from '../../../src/age/sodium.ts'
import { withWorkFactor } from '../work-factor.ts'

const primitives = await loadSodiumPrimitives()

describe('openWithPassphrase', () => {
  it('accepts a work factor of 2^20, the largest, and derives a key that does not fit', async () => {
    const sealed = await sealWithPassphrase(primitives, ascii('secret'), 'right', 10)
    await expect(
      openWithPassphrase(primitives, withWorkFactor(sealed, 20), 'right'),
    ).rejects.toMatchObject({ code: 'NO_MATCH' })
  })

  it("opens what is sealed with age's own work factor", async () => {
    const sealed = await sealWithPassphrase(primitives, ascii('secret'), 'right')
    expect(Buffer.from(sealed).toString('latin1')).toMatch(/\n-> scrypt \S+ 18\n/)
    expect(await openWithPassphrase(primitives, sealed, 'right')).toEqual(ascii('secret'))
  })
})
