import { describe, expect, it } from 'vitest'
import { UploadLocks } from '../../../src/server/uploads/locks.ts'

const noop = (): void => {}

describe('UploadLocks', () => {
  it('admits one request, tells it to stop when the next one comes, and admits that one afterwards', async () => {
    const locks = new UploadLocks()
    const order: string[] = []
    const release = await locks.acquire('a', () => void order.push('first stops'))
    const second = locks.acquire('a', noop).then((releaseSecond) => {
      order.push('second is in')
      return releaseSecond
    })
    await Promise.resolve()
    order.push('first is done')
    release()
    ;(await second)()
    expect(order).toEqual(['first stops', 'first is done', 'second is in'])
    expect(locks.isHeld('a')).toBe(false)
  })

  it('also stops a request that is still waiting', async () => {
    const locks = new UploadLocks()
    const stopped: string[] = []
    const release = await locks.acquire('a', () => void stopped.push('first'))
    const second = locks.acquire('a', () => void stopped.push('second'))
    const third = locks.acquire('a', () => void stopped.push('third'))
    expect(stopped).toEqual(['first', 'second'])
    release()
    ;(await second)()
    ;(await third)()
    expect(stopped).toEqual(['first', 'second'])
  })

  it('keeps uploads apart', async () => {
    const locks = new UploadLocks()
    let isStopped = false
    await locks.acquire('a', () => void (isStopped = true))
    const release = await locks.acquire('b', noop)
    release()
    expect(isStopped).toBe(false)
    expect(locks.isHeld('a')).toBe(true)
    expect(locks.isHeld('b')).toBe(false)
  })

  it('tolerates a second release', async () => {
    const locks = new UploadLocks()
    const release = await locks.acquire('a', noop)
    release()
    const releaseSecond = await locks.acquire('a', noop)
    release()
    expect(locks.isHeld('a')).toBe(true)
    releaseSecond()
  })

  describe('close', () => {
    it('stops all requests, waits for them, and stops later ones at once', async () => {
      const locks = new UploadLocks()
      const stopped: string[] = []
      const release = await locks.acquire('a', () => void stopped.push('a'))
      let isClosed = false
      const closing = locks.close().then(() => void (isClosed = true))
      expect(stopped).toEqual(['a'])
      await Promise.resolve()
      expect(isClosed).toBe(false)
      release()
      await closing
      await locks.acquire('b', () => void stopped.push('b'))
      expect(stopped).toEqual(['a', 'b'])
    })
  })
})
