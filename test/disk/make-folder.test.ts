import { statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { makeFolder } from '../../src/disk/make-folder.ts'
import { makeTempDir } from '../support/temp-dir.ts'

describe('makeFolder', () => {
  it('creates the missing folders above and names the topmost', async () => {
    const dir = await makeTempDir()
    expect(await makeFolder(join(dir, 'a/b/c'), 0o700)).toBe(join(dir, 'a'))
    expect(statSync(join(dir, 'a/b/c')).mode & 0o777).toBe(0o700)
  })

  it('does nothing to a folder that is there', async () => {
    const dir = await makeTempDir()
    expect(await makeFolder(dir, 0o700)).toBeUndefined()
  })
})
