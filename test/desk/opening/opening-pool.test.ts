import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openOnAllCores } from '../../../src/desk/opening/opening-pool.ts'
import { makeTempDir } from '../../support/temp-dir.ts'

describe('openOnAllCores', () => {
  it('takes the smallest envelopes first', async () => {
    const dir = await makeTempDir()
    mkdirSync(join(dir, 'casebook'))
    const sizes = Array.from({ length: 60 }, (_, number) => 60 - number)
    const order: number[] = []
    await openOnAllCores({
      // Results of several threads arrive in no particular order.
      cores: 1,
      beginning: {
        casebook: join(dir, 'casebook'),
        tool: 'tumen 0',
        openedAt: '2026-11-23T12:00:00Z',
        identities: [],
      },
      // None is on the stick: each is refused as soon as it is taken.
      envelopes: sizes.map((size) => ({
        path: join(dir, `${size}.age`),
        receipt: String(size).padStart(64, '0'),
        export: { signer: 'server', comment: '' },
        size,
      })),
      onBytes: () => undefined,
      onResult: ({ receipt }) => order.push(Number(receipt)),
    })
    expect(order.toSorted((one, other) => one - other)).toEqual(sizes.toReversed())
    // Six are under way at the same time, and may end in any order.
    for (const [at, size] of order.entries()) expect(size).toBeLessThanOrEqual(at + 6)
  })
})
