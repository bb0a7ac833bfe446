import { describe, expect, it } from 'vitest'
import { SpaceGuard } from '../../src/store/space.ts'

const guardOf = (files: number, ffree: number): SpaceGuard =>
  new SpaceGuard('/', 0, () => ({ blocks: 1000, bavail: 1000, bsize: 1000, files, ffree }))

describe('the reserve of inodes', () => {
  it.each([
    [100_000, 1025, 1],
    [100_000, 1024, 0],
    [100_000, 0, 0],
    // The reserve is at most a tenth of a small disk.
    [100, 11, 1],
    [100, 10, 0],
  ])('of a disk with %i inodes, %i of them free, leaves %i', (files, ffree, left) => {
    expect(guardOf(files, ffree).freeFiles()).toBe(left)
    expect(guardOf(files, ffree).freeBytes() > 0).toBe(left > 0)
  })

  it('is none where the file system sets no number', () => {
    expect(guardOf(0, 0).freeFiles()).toBeNull()
    expect(guardOf(0, 0).freeBytes()).toBe(1_000_000)
  })

  it('counts a file that is announced until its first byte is written', () => {
    const guard = guardOf(100_000, 1025)
    const claim = guard.claim(10)
    expect(() => guard.claim(10)).toThrow(expect.objectContaining({ code: 'NO_SPACE' }))
    claim.use(1)
    expect(guard.freeFiles()).toBe(1)
    claim.release()
    claim.release()
    expect(guard.freeFiles()).toBe(1)
  })
})
