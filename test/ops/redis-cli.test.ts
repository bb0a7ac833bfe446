import { describe, expect, it } from 'vitest'
import { redisCliOf } from '../../src/ops/redis-cli.ts'

describe('redisCliOf', () => {
  it.each([
    ['unix:/run/tumen/redis/redis.sock', 'redis-cli -s /run/tumen/redis/redis.sock'],
    ["unix:/srv/it's here/redis.sock", "redis-cli -s '/srv/it'\\''s here/redis.sock'"],
    ['redis://10.0.0.7:6380/2', 'redis-cli -h 10.0.0.7 -p 6380'],
    ['redis://queue.example', 'redis-cli -h queue.example'],
    ['redis://[fd00::7]:6379', 'redis-cli -h fd00::7 -p 6379'],
    [
      'rediss://tumen:hunter2@queue.example',
      'redis-cli -h queue.example --tls --user tumen --askpass',
    ],
  ])('%s becomes %s', (url, command) => {
    expect(redisCliOf(url)).toBe(command)
  })

  it('never holds the password', () => {
    expect(redisCliOf('redis://:hunter2@queue.example')).not.toContain('hunter2')
  })
})
