import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { BackgroundSync } from '../../src/age/background-sync.ts'
import { makeTempDir } from '../support/temp-dir.ts'

const muchBytes = 1024 ** 3

async function syncOf(path: string): Promise<BackgroundSync> {
  const file = await open(path, 'w')
  onTestFinished(() => file.close())
  return new BackgroundSync(() => file.datasync())
}

describe('BackgroundSync', () => {
  it('reports a failed sync at the end, because the kernel reports it only once', async () => {
    // Linux refuses to sync a device that has no disk.
    const sync = await syncOf('/dev/null')
    sync.add(muchBytes)
    await expect(sync.settle()).rejects.toMatchObject({ code: 'EINVAL' })
    await expect(sync.settle()).rejects.toMatchObject({ code: 'EINVAL' })
  })

  it('settles after syncs that succeed', async () => {
    const sync = await syncOf(join(await makeTempDir(), 'file'))
    sync.add(muchBytes)
    sync.add(muchBytes)
    await expect(sync.settle()).resolves.toBeUndefined()
  })

  it('does not sync small amounts', async () => {
    const sync = await syncOf('/dev/null')
    sync.add(1)
    await expect(sync.settle()).resolves.toBeUndefined()
  })
})
