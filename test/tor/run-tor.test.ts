import { readFileSync, writeFileSync } from 'node:fs'
import { mkdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { publishOnionName, readOnionName } from '../../src/tor/address.ts'
import { sharedLayoutOf, torLayoutOf } from '../../src/tor/layout.ts'
import { requestOfTor, takeRequest } from '../../src/tor/requests.ts'
import { runTor } from '../../src/tor/run-tor.ts'
import { torUnit } from '../../src/tor/tor-unit.ts'
import { isAlive } from '../supervise/start.ts'
import { makeTempDir } from '../support/temp-dir.ts'
import { eventually } from '../support/eventually.ts'

const program = fileURLToPath(new URL('../support/tor-stand-in.sh', import.meta.url))
const name = `${'a2'.repeat(28)}.onion`
let dir: string
let stop: AbortController
let running: Promise<void>
let lines: string[]
const at = (...parts: string[]) => join(dir, ...parts)
const told = () => readFileSync(at('torrc.log'), 'utf8').split('\n').filter(Boolean)

beforeEach(async () => {
  dir = await makeTempDir()
  await mkdir(at('data', 'tips'), { recursive: true })
  await mkdir(at('shared', 'requests'), { recursive: true })
  stop = new AbortController()
  lines = []
  running = Promise.resolve()
})

afterEach(async () => {
  stop.abort()
  await running
})

const run = () =>
  runTor({
    tor: torUnit({ program, torrc: at('torrc'), forward: () => undefined, graceMs: 500 }),
    shared: sharedLayoutOf(at('shared')),
    data: torLayoutOf(at('data')),
    log: (line) => lines.push(line),
    stop: stop.signal,
    pollMs: 20,
  })

async function start(): Promise<void> {
  running = run()
  await eventually(() => expect(lines).toContain('tor is connected'))
}

describe('runTor', () => {
  it('restarts tor once when ops asks for it', async () => {
    await start()
    await requestOfTor(at('shared', 'requests', 'request'), 'restart')
    await eventually(() => expect(told()).toEqual(['started', 'told to end', 'started']))
    expect(await takeRequest(at('shared', 'requests', 'request'))).toBeNull()
  })

  it('ends a tor that no longer reacts to signals', async () => {
    await start()
    const pid = Number(readFileSync(at('torrc.pid'), 'utf8'))
    process.kill(pid, 'SIGSTOP')
    await requestOfTor(at('shared', 'requests', 'request'), 'restart')
    await eventually(() => expect(told()).toEqual(['started', 'started']))
    expect(isAlive(pid)).toBe(false)
  })

  it('does not restart a tor that is still connecting', async () => {
    await mkdir(at('torrc.slow'))
    const pause = at('torrc.slow')
    running = run()
    await eventually(() => expect(told()).toEqual(['started']))
    await requestOfTor(at('shared', 'requests', 'request'), 'restart')
    await eventually(async () =>
      expect(await stat(at('shared', 'requests', 'request')).catch(() => null)).toBeNull(),
    )
    await rm(pause, { recursive: true })
    await eventually(() => expect(lines).toEqual(['tor is connected']))
    expect(told()).toEqual(['started'])
  })

  it('tells tor that its configuration has changed', async () => {
    await start()
    await requestOfTor(at('shared', 'requests', 'request'), 'reload')
    await eventually(() => expect(told()).toEqual(['started', 'told to reload']))
  })

  it('ignores a file that is not a request, and a request to an earlier run', async () => {
    await requestOfTor(at('shared', 'requests', 'request'), 'restart')
    await start()
    writeFileSync(at('shared', 'requests', 'request'), 'restart\nrm -rf /\n')
    await eventually(async () =>
      expect(await stat(at('shared', 'requests', 'request')).catch(() => null)).toBeNull(),
    )
    expect(told()).toEqual(['started'])
  })

  it('ends tor when it is told to end', async () => {
    await start()
    stop.abort()
    await running
    expect(told()).toEqual(['started', 'told to end'])
  })

  it('publishes the name of the onion when tor has made it', async () => {
    await start()
    expect(await readOnionName(at('shared', 'tips.onion'))).toBeNull()
    writeFileSync(at('data', 'tips', 'hostname'), `${name}\n`, { mode: 0o600 })
    await eventually(async () => expect(await readOnionName(at('shared', 'tips.onion'))).toBe(name))
    expect((await stat(at('shared', 'tips.onion'))).mode & 0o777).toBe(0o640)
  })
})

describe('publishOnionName', () => {
  it.each([
    '',
    'example.org\n',
    `${name}.example.org\n`,
    `${'a'.repeat(55)}.onion\n`,
    `${'A'.repeat(56)}.onion\n`,
  ])('ignores %j', async (text) => {
    writeFileSync(at('hostname'), text)
    await publishOnionName(at('hostname'), at('copy'))
    expect(await readOnionName(at('copy'))).toBeNull()
  })
})
