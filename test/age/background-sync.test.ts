import { closeSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { BackgroundSync } from '../../src/age/background-sync.ts'
import { makeTempDir } from '../support/temp-dir.ts'

const muchBytes = 1024 ** 3

function opened(path: string): number {
  const fd = openSync(path, 'w')
  onTestFinished(() => closeSync(fd))
  return fd
}

describe('BackgroundSync', () => {
  it('reports a failed sync at the end, because the kernel reports it only once', async () => {
    // Linux refuses to sync a device that has no disk.
    const sync = new BackgroundSync(opened('/dev/null'))
    sync.add(muchBytes)
    await expect(sync.settle()).rejects.toMatchObject({ code: 'EINVAL' })
    await expect(sync.settle()).rejects.toMatchObject({ code: 'EINVAL' })
  })

  it('settles after syncs that succeed', async () => {
    const sync = new BackgroundSync(opened(join(await makeTempDir(), 'file')))
    sync.add(muchBytes)
    sync.add(muchBytes)
    await expect(sync.settle()).resolves.toBeUndefined()
  })

  it('does not sync little', async () => {
    const sync = new BackgroundSync(opened('/dev/null'))
    sync.add(1)
    await expect(sync.settle()).resolves.toBeUndefined()
  })
})
