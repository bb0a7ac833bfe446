import { spawnSync } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readCasebookFile } from '../../../src/desk/files/read-file.ts'
import { makeTempDir } from '../../support/temp-dir.ts'

describe('readCasebookFile', () => {
  it.each([
    [9, 'one below'],
    [10, 'at'],
  ])('reads a file of %i bytes, %s the bound', async (bytes) => {
    const path = join(await makeTempDir(), 'file')
    await writeFile(path, 'x'.repeat(bytes))
    expect(await readCasebookFile(path, 10)).toHaveLength(bytes)
  })

  it('refuses a file of one byte more', async () => {
    const path = join(await makeTempDir(), 'file')
    await writeFile(path, 'x'.repeat(11))
    await expect(readCasebookFile(path, 10)).rejects.toMatchObject({
      code: 'FILE_DAMAGED',
      message: 'is longer than 10 bytes',
    })
  })

  it('returns null for a missing file', async () => {
    expect(await readCasebookFile('/nowhere/at/all', 10)).toBeNull()
    expect(await readCasebookFile('/dev/null/below', 10)).toBeNull()
  })

  it('does not wait for a pipe, or read a device', async () => {
    const path = join(await makeTempDir(), 'pipe')
    spawnSync('mkfifo', [path])
    for (const special of [path, '/dev/zero']) {
      await expect(readCasebookFile(special, 10)).rejects.toMatchObject({
        code: 'FILE_DAMAGED',
        message: 'is not a plain file',
      })
    }
  })

  // /proc/self/mem exists, but reading it at offset 0 fails.
  it('says that a file cannot be read', async () => {
    await expect(readCasebookFile('/proc/self/mem', 10)).rejects.toMatchObject({
      code: 'FILE_DAMAGED',
      message: 'cannot be read (EIO)',
    })
  })
})
