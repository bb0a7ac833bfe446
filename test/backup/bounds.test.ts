import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { formatSums, maxBackupFiles, maxSumsBytes } from '../../src/backup/sums.ts'
import { Tree } from '../../src/backup/tree.ts'
import { makeTempDir } from '../support/temp-dir.ts'

const day = new Date('2026-11-23T00:00:00Z')
const path = (number: number): string => `sealed/${number.toString(16).padStart(64, '0')}.age`

async function* content(): AsyncGenerator<Uint8Array> {
  yield Buffer.from('x')
}

let tree: Tree
let source: string
beforeEach(async () => {
  const dir = await makeTempDir()
  source = join(dir, 'source')
  writeFileSync(source, 'x')
  tree = new Tree(join(dir, 'tree'), day, 3)
  await tree.create()
})

describe('a backup of more files than a restore reads', () => {
  it.each([
    ['written', (number: number) => tree.write({ path: path(number), day }, content())],
    ['linked', (number: number) => tree.adopt({ path: path(number), day }, source, 'a'.repeat(64))],
  ])('ends at the first file too many, if files are %s', async (_how, add) => {
    for (const number of [0, 1, 2]) await add(number)
    await expect(add(3)).rejects.toMatchObject({
      code: 'TOO_MANY',
      message: expect.stringContaining('run "tumen free-space" first'),
    })
    expect(tree.digests.size).toBe(3)
  })

  it('may have as many files as the list can name', () => {
    const longest = `acknowledgements/${'a'.repeat(64)}.json.minisig`
    expect(formatSums(new Map([[longest, 'a'.repeat(64)]])).length * maxBackupFiles).toBe(
      maxSumsBytes,
    )
  })
})
