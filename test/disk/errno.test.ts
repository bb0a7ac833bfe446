import { describe, expect, it } from 'vitest'
import { errnoOf, isOutOfRoom, orNull } from '../../src/disk/errno.ts'

const failed = (code: string, errno?: number): Error =>
  Object.assign(new Error(code), { code, ...(errno === undefined ? {} : { errno }) })

describe('isOutOfRoom', () => {
  it.each(['ENOSPC', 'EDQUOT', 'EROFS'])('is true for %s', (code) =>
    expect(isOutOfRoom(failed(code))).toBe(true),
  )

  it('is true for a quota as libuv reports it', () => {
    const error = failed('Unknown system error -122', -122)
    expect([errnoOf(error), isOutOfRoom(error)]).toEqual(['EDQUOT', true])
  })

  it.each(['EIO', 'ENOENT', 'EACCES', 'EMFILE'])('is false for %s', (code) =>
    expect(isOutOfRoom(failed(code))).toBe(false),
  )

  it('is false for anything but a system error', () =>
    expect([isOutOfRoom(null), isOutOfRoom('ENOSPC'), isOutOfRoom({ code: 28 })]).toEqual([
      false,
      false,
      false,
    ]))
})

describe('orNull', () => {
  it('is null for a missing file, and throws anything else', async () => {
    expect(await orNull(Promise.reject(failed('ENOENT')))).toBeNull()
    await expect(orNull(Promise.reject(failed('EIO')))).rejects.toMatchObject({ code: 'EIO' })
  })
})
