import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { loadSettings } from '../../config/settings.ts'
import { parseRedisTarget } from '../../src/queue/redis-url.ts'
import { readCompose } from '../containers/compose.ts'
import { makeTempDir } from '../support/temp-dir.ts'

const read = (name: string): string => readFileSync(name, 'utf8')

/** `!reset` is a tag of Compose 2.24 and later: the value of the first file is removed. */
interface Override {
  network_mode?: null
  networks?: string[]
  volumes?: string[]
  environment?: Record<string, string>
  depends_on?: unknown[]
  profiles?: string[]
}

const reset = {
  tag: '!reset',
  resolve: (text: string) => (text === 'null' ? null : []),
}

function readOverrides(): Record<string, Override> {
  const options = {
    merge: true,
    customTags: [reset, { ...reset, collection: 'seq' as const, resolve: () => [] }],
  }
  const text = read('config/several/compose.host.yml')
  return (parse(text, options as never) as { services: Record<string, Override> }).services
}

describe('config/several/compose.host.yml', () => {
  const base = readCompose('docker-compose.yml')
  const overrides = readOverrides()

  it('changes only services that exist', () => {
    expect(Object.keys(overrides).filter((name) => !(name in base))).toEqual([])
  })

  it('gives a network and the secrets to what needs the store, and to nothing else', () => {
    const users = Object.entries(overrides).filter(([, { networks }]) => networks !== undefined)
    expect(users.map(([name]) => name)).toEqual(['intake', 'worker', 'ops'])
    for (const [name, service] of users) {
      expect([name, service.network_mode, service.networks]).toEqual([name, null, ['several']])
      expect(service.volumes).toEqual(['./secrets:/secrets:ro'])
      expect(service.environment?.['TUMEN_REDIS_URL']).toMatch(/^\$\{TUMEN_REDIS_URL:\?/)
    }
  })

  it('starts no Redis of its own, and nothing waits for one', () => {
    expect(overrides['redis']?.profiles).toEqual(['never'])
    const waiting = Object.entries(base).filter(([, service]) =>
      JSON.stringify(service).includes('"depends_on":["redis"]'),
    )
    for (const [name] of waiting) expect([name, overrides[name]?.depends_on]).toEqual([name, []])
  })
})

describe('config/several/several.env', () => {
  it('is accepted as settings once its files exist', async () => {
    const secrets = join(await makeTempDir(), 'secrets')
    mkdirSync(secrets)
    const env = Object.fromEntries(
      read('config/several/several.env')
        .split('\n')
        .filter((line) => line !== '' && !line.startsWith('#'))
        .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)])
        .map(([name, value]) => [name, (value ?? '').replaceAll('/secrets', secrets)]),
    ) as Record<string, string>
    for (const name of ['s3-access', 's3-secret', 'redis', 'redis-ca.pem', 'shared'])
      writeFileSync(join(secrets, name), `${'5a'.repeat(32)}\n`, { mode: 0o600 })
    const settings = loadSettings(env)
    expect(settings.store).toEqual({ kind: 's3', bucket: 'tips', prefix: 'tumen' })
    const target = parseRedisTarget(settings.redisUrl ?? '')
    expect(target).toMatchObject({
      kind: 'sentinel',
      sentinels: [{ port: 26_379 }, { port: 26_379 }, { port: 26_379 }],
      options: {
        name: 'tumen',
        password: '5a'.repeat(32),
        sentinelPassword: '5a'.repeat(32),
        enableTLSForSentinelMode: true,
      },
    })
  })
})
