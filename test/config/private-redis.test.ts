import { describe, expect, it } from 'vitest'
import { redisUrlOf } from '../../config/private-redis.ts'

describe('redisUrlOf', () => {
  it('is the Redis of the settings, or else the socket in the data folder', () => {
    const dataDir = '/srv/tumen'
    expect(redisUrlOf({ redisUrl: 'redis://other', dataDir })).toBe('redis://other')
    expect(redisUrlOf({ redisUrl: null, dataDir })).toBe('unix:/srv/tumen/redis.sock')
  })

  it('is a short name elsewhere, always the same, where the socket would be too long', () => {
    const long = (name: string) => redisUrlOf({ redisUrl: null, dataDir: `/${name.repeat(120)}` })
    expect(long('a')).toMatch(/^unix:.{1,107}$/)
    expect(long('a')).toBe(long('a'))
    expect(long('a')).not.toBe(long('b'))
  })
})
