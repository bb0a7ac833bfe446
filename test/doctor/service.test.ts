import { once } from 'node:events'
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { listenAddress } from '../../config/parsers.ts'
import { checkKeyring } from '../../src/doctor/keyring.ts'
import { checkListeners } from '../../src/doctor/listeners.ts'
import { checkProcesses } from '../../src/doctor/processes.ts'
import { askRedisFacts, checkRedis } from '../../src/doctor/redis.ts'
import { checkTor } from '../../src/doctor/tor.ts'
import { makeMachine } from '../support/machine.ts'
import { createTestRedis } from '../support/redis.ts'
import { makeTempDir } from '../support/temp-dir.ts'

describe('checkRedis', () => {
  const good = {
    redis_version: '6.2.0',
    maxmemory_policy: 'noeviction',
    aof_enabled: '1',
    aof_last_write_status: 'ok',
    used_memory: '10',
    maxmemory: '100',
  }
  const look = (change: Record<string, string> = {}, medianMs = 1) =>
    checkRedis({
      info: Object.entries({ ...good, ...change })
        .map(([name, value]) => `${name}:${value}`)
        .join('\r\n'),
      medianMs,
    })

  it('reports one line if all is well', () => expect(look()).toMatchObject([{ level: 'ok' }]))

  it.each<[Record<string, string>, string, string]>([
    [{ redis_version: '6.0.16' }, 'bad', 'too old'],
    [{ redis_version: '5.9.9' }, 'bad', 'too old'],
    [{ maxmemory_policy: 'volatile-lru' }, 'bad', 'volatile-lru'],
    [{ aof_enabled: '0' }, 'warn', 'no append-only log'],
    [{ aof_last_write_status: 'err' }, 'bad', 'append-only log fails'],
    [{ aof_last_bgrewrite_status: 'err' }, 'bad', 'append-only log fails'],
    [{ maxmemory: '0' }, 'warn', 'no limit'],
    [{ used_memory: '80' }, 'warn', 'nearly full'],
    [{ redis_version: '\u001b[31m7' }, 'bad', 'too old'],
  ])('reports %j', (change, level, says) => {
    const findings = look(change)
    expect(findings).toMatchObject([{ level, says: expect.stringContaining(says) }])
    expect(JSON.stringify(findings)).not.toContain('u001b')
  })

  it.each([
    ['7.0.15', 'ok'],
    ['8.0.0', 'ok'],
    ['10.0.1', 'ok'],
  ])('accepts version %s', (version, level) =>
    expect(look({ redis_version: version })).toMatchObject([{ level }]),
  )
  it('reports that Redis is slow, or gone', () => {
    expect(look({}, 20)).toMatchObject([{ level: 'warn', says: 'it takes 20 ms to answer' }])
    expect(checkRedis(null)).toMatchObject([{ level: 'bad' }])
  })

  it('finds the changed policy of a real Redis', async () => {
    const redis = await createTestRedis()
    onTestFinished(() => redis.dispose())
    const client = redis.client()
    await client.config('SET', 'maxmemory', '64mb')
    expect(checkRedis(await askRedisFacts(client)).filter(({ level }) => level === 'bad')).toEqual(
      [],
    )
    await client.config('SET', 'maxmemory-policy', 'volatile-lru')
    expect(checkRedis(await askRedisFacts(client))).toContainEqual(
      expect.objectContaining({ level: 'bad', says: expect.stringContaining('volatile-lru') }),
    )
  })
})

describe('checkListeners', () => {
  const parse = (text: string) => {
    const parsed = listenAddress(text)
    if (!('value' in parsed)) throw new Error(text)
    return parsed.value
  }
  const levels = (listen: string, ops: string) =>
    checkListeners({ listen: parse(listen), opsListen: parse(ops), opsTokenFile: null }).map(
      ({ level }) => level,
    )

  it.each(['127.0.0.1:1', '127.9.9.9:1', '[::1]:1', 'localhost:1', 'unix:/run/x'])(
    'is content with %s',
    (address) => {
      expect(levels(address, address)).toEqual(['ok'])
    },
  )
  it.each([
    ['0.0.0.0:1', 'bad'],
    ['[::]:1', 'bad'],
    ['8.8.8.8:1', 'bad'],
    ['ops.example:1', 'bad'],
    ['[2001:db8::1]:1', 'bad'],
    ['10.0.0.1:1', 'warn'],
    ['192.168.1.1:1', 'warn'],
    ['[fd00::1]:1', 'warn'],
    ['172.32.0.1:1', 'bad'],
  ])('says of ops on %s: %s', (address, level) =>
    expect(levels('unix:/run/x', address)).toEqual([level]),
  )
  it('warns of a page that can be reached without tor', () =>
    expect(levels('0.0.0.0:1', '127.0.0.1:2')).toEqual(['warn']))
})

describe('checkTor', () => {
  async function listening(mode: number, folderMode: number) {
    const folder = join(await makeTempDir(), 'tor')
    await mkdir(folder)
    const path = join(folder, 'onion.sock')
    const server = createServer()
    await once(server.listen({ path }), 'listening')
    onTestFinished(() => void server.close())
    await chmod(path, mode)
    await chmod(folder, folderMode)
    return path
  }
  const level = async (onionSocket: string | null) =>
    (await checkTor({ onionSocket, hostnameFile: null })).map((finding) => finding.level)

  it.each([
    [0o660, 0o750, 'ok'],
    [0o660, 0o700, 'warn'],
    [0o666, 0o755, 'bad'],
    [0o666, 0o750, 'ok'],
  ] as const)(
    'judges a socket of mode %o in a folder of mode %o',
    async (mode, folderMode, expected) => {
      expect(await level(await listening(mode, folderMode))).toEqual([expected])
    },
  )

  it('says that the onion is not set, missing, or invalid', async () => {
    const dir = await makeTempDir()
    await writeFile(join(dir, 'file'), '')
    expect([
      await level(null),
      await level(join(dir, 'nothing')),
      await level(join(dir, 'file')),
    ]).toEqual([['warn'], ['bad'], ['bad']])
  })

  it.each([
    [`${'a'.repeat(56)}.onion\n`, 'ok'],
    [`${'a'.repeat(16)}.onion\n`, 'bad'],
    ['', 'bad'],
  ])('checks the hostname file: %j', async (text, expected) => {
    const hostnameFile = join(await makeTempDir(), 'hostname')
    await writeFile(hostnameFile, text)
    expect((await checkTor({ onionSocket: null, hostnameFile })).at(-1)?.level).toBe(expected)
    expect((await checkTor({ onionSocket: null, hostnameFile: '/nowhere' })).at(-1)?.level).toBe(
      'bad',
    )
  })
})

describe('checkKeyring', () => {
  it('warns of a demo, names the readers, and reports a keyring that has expired or was changed', async () => {
    const machine = await makeMachine('2026-11-23')
    const look = (day: string, isPublic = false) =>
      checkKeyring({ keysDir: machine.at('keys'), day, isPublic })
    expect(await look('2026-11-23')).toMatchObject({
      level: 'warn',
      says: expect.stringMatching(/^DEMO: .*valid for 365 more days, for DEMO/),
    })
    expect(await look('2026-11-23', true)).toMatchObject({
      level: 'bad',
      says: expect.stringContaining('strangers can reach the page'),
    })
    expect(await look('2028-01-01')).toMatchObject({
      level: 'bad',
      says: expect.stringContaining('expired'),
    })
    await writeFile(
      machine.at('keys', 'keyring.json'),
      `${await readFile(machine.at('keys', 'keyring.json'), 'utf8')} `,
    )
    expect(await look('2026-11-23')).toMatchObject({
      level: 'bad',
      says: expect.stringContaining('signature of keyring.json does not match'),
    })
  })
})

describe('checkProcesses', () => {
  const [intake, worker] = ['intake', 'worker'].map((role) => ({
    role,
    instance: 'a',
    draining: false,
    gauges: null,
    machine: null,
  }))
  const look = (change: Partial<Parameters<typeof checkProcesses>[0]> = {}) =>
    checkProcesses({ heartbeats: [intake!, worker!], isOpsUp: true, isDraining: false, ...change })

  it('is content when all are up, and names what is not', () => {
    expect(look()).toMatchObject({ level: 'ok' })
    expect(look({ heartbeats: [intake!] })).toMatchObject({
      level: 'bad',
      says: 'worker does not run',
    })
    expect(look({ heartbeats: [{ ...intake!, draining: true }, worker!] })).toMatchObject({
      level: 'bad',
      says: 'intake does not run',
    })
    expect(look({ isOpsUp: false })).toMatchObject({ level: 'bad' })
    expect(look({ heartbeats: null })).toMatchObject({ level: 'warn' })
    expect(look({ isDraining: true })).toMatchObject({
      level: 'warn',
      wayOut: expect.stringContaining('--off'),
    })
  })
})
