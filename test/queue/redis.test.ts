import { once } from 'node:events'
import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { QueueError } from '../../src/queue/errors.ts'
import { redisUrlOf } from '../../config/private-redis.ts'
import { connectProducer, connectWorker } from '../../src/queue/redis.ts'
import { parseRedisUrl } from '../../src/queue/redis-url.ts'
import { createTestRedis, type TestRedis } from '../support/redis.ts'

describe('parseRedisUrl', () => {
  it('reads a unix socket, a host, a password and a database', () => {
    expect(parseRedisUrl('unix:/run/redis.sock')).toEqual({ path: '/run/redis.sock' })
    expect(parseRedisUrl('unix:///run/redis.sock')).toEqual({ path: '/run/redis.sock' })
    expect(parseRedisUrl('redis://localhost')).toEqual({ host: 'localhost', port: 6379, db: 0 })
    expect(parseRedisUrl('redis://me:p%40ss@[::1]:7000/3')).toEqual({
      host: '::1',
      port: 7000,
      db: 3,
      username: 'me',
      password: 'p@ss',
    })
    expect(parseRedisUrl('rediss://r.example')).toMatchObject({ tls: {} })
    expect(parseRedisUrl(redisUrlOf({ redisUrl: null, dataDir: '/srv/tumen' }))).toEqual({
      path: '/srv/tumen/redis.sock',
    })
  })

  it.each([
    ['at the bound', 107, true],
    ['one above', 108, false],
    ['one below', 106, true],
  ])('judges a socket path %s of the kernel: %i bytes', (_, bytes, isTaken) => {
    const url = `unix:/${'a'.repeat(bytes - 1)}`
    if (isTaken) expect(parseRedisUrl(url)).toEqual({ path: url.slice(5) })
    else expect(() => parseRedisUrl(url)).toThrow(QueueError)
  })

  it('never repeats the address, which may hold a password', () => {
    expect(() => parseRedisUrl('http://u:s3cret@host')).toThrow(
      /^(?!.*s3cret).*redis:\/\/host:port/,
    )
  })

  it('throws nothing but QueueError, whatever it is given', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.webUrl(),
          fc.string().map((text) => `redis://${text}`),
        ),
        (url) => {
          try {
            parseRedisUrl(url)
          } catch (error) {
            expect(error).toBeInstanceOf(QueueError)
          }
        },
      ),
    )
  })
})

describe('connectProducer', () => {
  let redis: TestRedis | null = null
  afterEach(() => redis?.dispose())

  it('fails while Redis is absent and works once it has come', async () => {
    redis = await createTestRedis({ start: false })
    const producer = connectProducer(redis.url)
    await expect(producer.ping()).rejects.toThrow()
    const ready = new Promise((resolve) => producer.once('ready', resolve))
    await redis.start()
    await ready
    expect(await producer.ping()).toBe('PONG')
    producer.disconnect()
  })

  it('gives up on a frozen Redis', async () => {
    redis = await createTestRedis()
    const producer = connectProducer(redis.url)
    await new Promise((resolve) => producer.once('ready', resolve))
    redis.freeze()
    await expect(producer.ping()).rejects.toThrow()
    producer.disconnect()
  })
})

describe('connectWorker', () => {
  it.each(['unix:/nonexistent/redis.sock', 'redis-cluster://127.0.0.1:1,127.0.0.1:2'])(
    'ends when it is closed between two attempts, and so do the connections of BullMQ: %s',
    async (url) => {
      const redis = connectWorker(url)
      const copy = redis.duplicate()
      const all = [redis, copy, copy.duplicate()]
      for (const one of all) one.on('error', () => {})
      for (const one of all) {
        await expect.poll(() => one.status).toBe('reconnecting')
        const ended = once(one, 'end')
        one.disconnect()
        await ended
        expect(one.status).toBe('end')
      }
    },
  )
})
