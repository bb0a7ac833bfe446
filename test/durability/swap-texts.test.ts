import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { swaps } from './support/swaps.ts'

const root = join(import.meta.dirname, '../..')

describe('each swap of two steps', () => {
  // The test that applies the swaps is long: this one notices at once when the source has changed.
  it.each(swaps)('names text that occurs once in the source: $what', ({ path, from }) => {
    expect(readFileSync(join(root, path), 'utf8').split(from)).toHaveLength(2)
  })
})
