import { chmod, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { redisUrl } from '../../config/parsers.ts'
import { SecretFileError } from '../../src/disk/secret-file.ts'
import { QueueError } from '../../src/queue/errors.ts'
import { parseRedisTarget } from '../../src/queue/redis-url.ts'
import { makeTempDir } from '../support/temp-dir.ts'

describe('parseRedisTarget', () => {
  it.each([
    [
      'redis-sentinel://a:1,b:2,[::1]:3/tips',
      {
        kind: 'sentinel',
        sentinels: [
          { host: 'a', port: 1 },
          { host: 'b', port: 2 },
          { host: '::1', port: 3 },
        ],
        options: { name: 'tips' },
      },
    ],
    [
      'redis-sentinel://me:p%40ss@a/tips/3',
      {
        kind: 'sentinel',
        sentinels: [{ host: 'a', port: 26_379 }],
        options: { name: 'tips', db: 3, username: 'me', password: 'p@ss' },
      },
    ],
    [
      'redis-sentinel://a',
      {
        kind: 'sentinel',
        sentinels: [{ host: 'a', port: 26_379 }],
        options: { name: 'mymaster' },
      },
    ],
    [
      'redis-sentinel://a/2#tips',
      {
        kind: 'sentinel',
        sentinels: [{ host: 'a', port: 26_379 }],
        options: { name: 'tips', db: 2 },
      },
    ],
    [
      'redis-cluster://:s@a:7000,b?tls=yes',
      {
        kind: 'cluster',
        nodes: [
          { host: 'a', port: 7000 },
          { host: 'b', port: 6379 },
        ],
        options: { password: 's', tls: {} },
      },
    ],
    ['redis://a', { kind: 'server', options: { host: 'a', port: 6379, db: 0 } }],
  ])('reads %s', (url, target) => {
    expect(parseRedisTarget(url)).toEqual(target)
    expect(redisUrl(url)).toEqual({ value: url })
  })

  it.each([
    'redis-sentinel://',
    'redis-sentinel:///tips',
    'redis-sentinel://a:0',
    'redis-sentinel://a:65536',
    'redis-sentinel://a/one/2/3',
    'redis-sentinel://a?colour=red',
    'redis-cluster://a/1',
    'redis-cluster://a,,b',
    'redis-cluster://a?tls=maybe',
    'redis-cluster://a?ca_file=/nowhere',
    `redis-cluster://${Array.from({ length: 33 }, (_, n) => `h${n}`).join(',')}`,
  ])('refuses %s in words', (url) => {
    expect(() => parseRedisTarget(url)).toThrow(QueueError)
  })

  it('reads passwords from files that only their owner may read', async () => {
    const path = join(await makeTempDir(), 'password')
    await writeFile(path, 'hunter2\n', { mode: 0o600 })
    const url = `redis-sentinel://a/tips?password_file=${path}&sentinel_password_file=${path}`
    expect(parseRedisTarget(url)).toMatchObject({
      options: { password: 'hunter2', sentinelPassword: 'hunter2' },
    })
    expect(parseRedisTarget(`rediss://a?password_file=${path}`)).toMatchObject({
      options: { password: 'hunter2', tls: {} },
    })
    await chmod(path, 0o644)
    expect(() => parseRedisTarget(url)).toThrow(SecretFileError)
  })

  it('throws only our errors, which never repeat the url', () => {
    fc.assert(
      fc.property(fc.constantFrom('sentinel', 'cluster'), fc.string(), (kind, text) => {
        try {
          parseRedisTarget(`redis-${kind}://secret-word@${text}`)
        } catch (error) {
          expect(error instanceof QueueError || error instanceof SecretFileError).toBe(true)
          expect(String(error)).not.toContain('secret-word')
        }
      }),
    )
  })
})
