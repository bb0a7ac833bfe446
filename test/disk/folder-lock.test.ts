import { spawnSync } from 'node:child_process'
import { chmod, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type FolderLock, isFolderLocked, lockFolder } from '../../src/disk/folder-lock.ts'
import { holdFolder } from '../support/hold-folder.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tumen-lock-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

describe('lockFolder', () => {
  it('gives the lock once, also within one process, and again after its release', async () => {
    const lock = await lockFolder(folder)
    await expect(lockFolder(folder)).rejects.toMatchObject({ code: 'LOCKED' })
    expect(await isFolderLocked(folder)).toBe(true)
    lock.release()
    lock.release()
    expect(await isFolderLocked(folder)).toBe(false)
    ;(await lockFolder(folder)).release()
  })

  describe.each([
    ['in the same namespaces', false],
    ['in other network and PID namespaces', true],
  ])('when the holder runs %s', (_where, isApart) => {
    it('refuses by every path of the folder, and gives the lock once the holder is killed', async () => {
      const holder = await holdFolder(folder, { isApart })
      const link = `${folder}.link`
      await symlink(folder, link)
      try {
        for (const path of [folder, link])
          await expect(lockFolder(path)).rejects.toMatchObject({ code: 'LOCKED' })
        const waiting: Promise<FolderLock> = lockFolder(folder, 20_000)
        await holder.kill()
        ;(await waiting).release()
      } finally {
        await holder.kill().catch(() => {})
        await rm(link)
      }
    })
  })

  it('holds for another user', async () => {
    await chmod(folder, 0o755)
    const lock = await lockFolder(folder)
    const asNobody = () =>
      spawnSync('setpriv', [
        '--reuid=65534',
        '--clear-groups',
        'flock',
        '--nonblock',
        folder,
        'true',
      ]).status
    expect(asNobody()).toBe(1)
    lock.release()
    expect(asNobody()).toBe(0)
  })

  it('follows the folder when it is renamed', async () => {
    const lock = await lockFolder(folder)
    await rename(folder, `${folder}.moved`)
    expect(await isFolderLocked(`${folder}.moved`)).toBe(true)
    expect(await isFolderLocked(folder)).toBe(false)
    lock.release()
    await rename(`${folder}.moved`, folder)
  })

  it('is not passed on to the children of the holder', async () => {
    const lock = await lockFolder(folder)
    const listed = spawnSync('ls', ['-l', '/proc/self/fd'], { encoding: 'utf8' }).stdout
    expect(listed).not.toContain(folder)
    lock.release()
  })

  it('says why a folder cannot be locked', async () => {
    await writeFile(join(folder, 'file'), '')
    await expect(lockFolder(join(folder, 'file'))).rejects.toMatchObject({ code: 'UNLOCKABLE' })
    await expect(lockFolder(join(folder, 'none'))).rejects.toMatchObject({
      code: 'UNLOCKABLE',
      message: 'the folder cannot be locked (ENOENT)',
    })
  })
})
