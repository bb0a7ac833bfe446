import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { watchBucket } from '../../src/ops/bucket-watch.ts'

describe('watchBucket', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it('says up before the first answer, then what the store answers', async () => {
    let answer: () => Promise<number> = async () => 0
    let hasRoom = true
    const watch = watchBucket({ suspects: () => answer(), hasRoom: async () => hasRoom })
    expect(watch.state()).toEqual({ isUp: true, isFull: false, suspects: 0 })
    answer = async () => 2
    await vi.advanceTimersByTimeAsync(15_000)
    expect(watch.state()).toEqual({ isUp: true, isFull: false, suspects: 2 })
    answer = () => Promise.reject(new Error('away'))
    await vi.advanceTimersByTimeAsync(15_000)
    expect(watch.state()).toEqual({ isUp: false, isFull: false, suspects: 2 })
    answer = async () => 0
    await vi.advanceTimersByTimeAsync(15_000)
    expect(watch.state()).toEqual({ isUp: true, isFull: false, suspects: 0 })
    hasRoom = false
    await vi.advanceTimersByTimeAsync(60_000)
    expect(watch.state()).toEqual({ isUp: true, isFull: true, suspects: 0 })
    hasRoom = true
    await vi.advanceTimersByTimeAsync(15_000)
    expect(watch.state()).toEqual({ isUp: true, isFull: false, suspects: 0 })
    watch.stop()
  })

  it('says down while the store does not answer at all, with one request open', async () => {
    let asked = 0
    const watch = watchBucket({
      suspects: () => {
        asked += 1
        return new Promise(() => {})
      },
      hasRoom: async () => true,
    })
    await vi.advanceTimersByTimeAsync(60_000)
    expect(watch.state().isUp).toBe(false)
    expect(asked).toBe(1)
    watch.stop()
  })
})
