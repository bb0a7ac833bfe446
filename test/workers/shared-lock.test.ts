import { describe, expect, it } from 'vitest'
import { SharedLock } from '../../workers/shared-lock.ts'

describe('SharedLock', () => {
  it('runs shared work together and exclusive work alone, in the order of arrival', async () => {
    const lock = new SharedLock()
    let inside = 0
    const seen: string[] = []
    const work = (name: string, isExclusive: boolean) => async () => {
      inside += 1
      seen.push(`${name}${inside}`)
      await new Promise((resolve) => setImmediate(resolve))
      if (isExclusive) expect(inside).toBe(1)
      inside -= 1
    }
    await Promise.all([
      lock.shared(work('a', false)),
      lock.shared(work('b', false)),
      lock.exclusive(work('c', true)),
      lock.shared(work('d', false)),
      lock.exclusive(work('e', true)),
    ])
    expect(seen).toEqual(['a1', 'b2', 'c1', 'd1', 'e1'])
  })

  it('is free again after work has failed', async () => {
    const lock = new SharedLock()
    await expect(lock.exclusive(() => Promise.reject(new Error('no')))).rejects.toThrow('no')
    expect(await lock.exclusive(async () => 'in')).toBe('in')
  })
})
