import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readBounded } from '../../src/disk/small-files.ts'
import { makeTempDir } from '../support/temp-dir.ts'

describe('readBounded', () => {
  it.each([
    ['below the bound', 7, 7],
    ['at the bound', 8, 8],
    ['above the bound', 9, 9],
    ['far above the bound', 1000, 9],
    ['empty', 0, 0],
  ])('reads a file that is %s', async (_what, bytes, expected) => {
    const path = join(await makeTempDir(), 'file')
    writeFileSync(path, 'x'.repeat(bytes))
    expect(await readBounded(path, 8)).toEqual(Uint8Array.from(Buffer.from('x'.repeat(expected))))
  })

  it('reads a file whose size the system does not tell', async () => {
    const path = '/proc/version'
    const whole = readFileSync(path)
    expect(await readBounded(path, 10_000)).toEqual(new Uint8Array(whole))
    expect(await readBounded(path, 4)).toEqual(new Uint8Array(whole.subarray(0, 5)))
  })

  it('returns null for a file that does not exist', async () => {
    expect(await readBounded(join(await makeTempDir(), 'file'), 8)).toBeNull()
  })
})
