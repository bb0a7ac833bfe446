import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseKeyring } from '../../../src/keyring/keyring.ts'
import {
  generateSigningKey,
  parseSecretKey,
  type SigningKey,
} from '../../../src/keyring/minisign.ts'
import { parseIndex } from '../../../src/replies/index-file.ts'
import { digestOf } from '../../../src/reply-store/stored-indexes.ts'
import { systemClock } from '../../../src/time/clock.ts'
import { dayOfInstant } from '../../../src/time/day.ts'
import { runTumen } from '../../cli/support/run-tumen.ts'
import {
  filesIn,
  makeTestDrop,
  type TestDrop,
  writeReplies,
} from '../../reply-store/answering-desk.ts'
import { cleanUp, until } from '../../supervise/start.ts'
import type { Started } from '../../supervise/start.ts'
import { startService } from './start-service.ts'

/**
 * The server's part of an answer, with real processes: from a stick to what a source fetches. Each
 * test continues where the previous one ended.
 */

let folder = ''
let run: Started
let env: Record<string, string> = {}
let url = ''
let desk: SigningKey
const today = dayOfInstant(systemClock.now())
const drops: TestDrop[] = []

const at = (...parts: string[]) => join(folder, ...parts)
const tumen = (...args: string[]) => runTumen(folder, args, env)
const keyring = () => {
  const bytes = readFileSync(at('keys', 'keyring.json'))
  return { sha256: digestOf(bytes), issued: parseKeyring(bytes).issued }
}

/** Writes the answers of a trip as the desk does. */
function fillStick(name: string, seq: number, key = desk): string {
  writeReplies(at(name, 'replies'), key, { seq, day: today, drops, keyring: keyring() })
  return name
}

async function takeIn(stick: string) {
  const { status, stdout, stderr } = await tumen('acknowledge', stick)
  return { status, stdout, stderr }
}

async function fetchReply(name: string): Promise<Buffer | null> {
  const response = await fetch(`${url}/replies/${name}`)
  const bytes = Buffer.from(await response.arrayBuffer())
  return response.status === 200 ? bytes : null
}

const servedSeq = async (): Promise<number> => {
  const bytes = await fetchReply('index.json')
  return bytes === null ? 0 : parseIndex(bytes).seq
}

/** Steps are a minute long here, so the next one begins within that time. */
const untilServed = (seq: number) =>
  until(
    async () => (await servedSeq()) === seq,
    () => `index ${seq} to be served: ${run.output()}`,
    120_000,
  )

beforeAll(async () => {
  ;({ folder, run, env, url } = await startService())
  desk = parseSecretKey(readFileSync(at('var', 'demo', 'desk.key'), 'utf8'))
})
afterAll(cleanUp)

describe('answers at the server', () => {
  it('begin with an index that names the keyring served, and no drops', async () => {
    const bytes = await fetchReply('index.json')
    if (bytes === null) throw new Error('no index')
    expect(parseIndex(bytes)).toMatchObject({
      seq: 1,
      day: today,
      keyring: { sha256: keyring().sha256, older: [] },
      drops: [],
    })
    const newest = await fetchReply('newest.tar')
    const names = execFileSync('tar', ['-tf', '-'], { input: newest ?? '' }).toString()
    expect(names).toBe('index.json\nindex.json.minisig\n')
  })

  it('are refused in words, and change nothing, while a drop is missing', async () => {
    drops.push(makeTestDrop(today))
    const stick = fillStick('damaged', 2)
    rmSync(at(stick, 'replies', `${drops[0]?.id}.tar`))
    const before = filesIn(at('var', 'replies'))
    const { status, stdout, stderr } = await takeIn(stick)
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
    expect(stderr).toMatch(
      /nothing changed: replies\/[0-9a-f]{32}\.tar is neither here nor on the stick: acknowledge again on the desk/,
    )
    expect(filesIn(at('var', 'replies'))).toEqual(before)
  })

  it('are refused from a key that is not the desk’s', async () => {
    const { status, stderr } = await takeIn(fillStick('forged', 9, generateSigningKey()))
    expect(status).toBe(1)
    expect(stderr).toContain('is no acknowledgement signer of the keyring')
  })

  it('are taken in, and shown from the next step on', async () => {
    const { status, stdout, stderr } = await takeIn(fillStick('first', 2))
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(stdout).toContain('answers of DEMO desk are taken in (number 2, 1 new)')
    await untilServed(2)
    const [drop] = drops
    expect((await fetchReply(`${drop?.id}.tar`))?.equals(drop?.bytes ?? Buffer.of())).toBe(true)
  })

  it('taken in a second time change nothing', async () => {
    const { status, stdout } = await takeIn('first')
    expect({ status, stdout }).toEqual({
      status: 0,
      stdout: 'answers of DEMO desk were taken in before: nothing to do\n',
    })
    expect((await takeIn(fillStick('old', 1))).stderr).toContain('this stick is an old one')
  })

  it('go to the stick of the next export as an index alone', async () => {
    expect(await tumen('export', 'export')).toMatchObject({ status: 0 })
    expect(readdirSync(at('export', 'replies')).sort()).toEqual([
      'index.json',
      'index.json.minisig',
    ])
    expect(readFileSync(at('export', 'replies', 'index.json'))).toEqual(
      await fetchReply('index.json'),
    )
    expect(await tumen('verify', 'export')).toMatchObject({ status: 0 })
  })

  it('keep a drop that no index names any more for clients that have the old index', async () => {
    const [old] = drops.splice(0, 1, makeTestDrop(today))
    expect(await takeIn(fillStick('second', 3))).toMatchObject({ status: 0 })
    await untilServed(3)
    expect(readdirSync(at('var', 'replies'))).not.toContain(`${old?.id}.tar`)
    expect(await fetchReply(`${old?.id}.tar`)).not.toBeNull()
  })

  it('have one time per day on the disk', () => {
    for (const name of ['', ...readdirSync(at('var', 'replies'))])
      expect([name, statSync(at('var', 'replies', name)).mtimeMs % 86_400_000]).toEqual([name, 0])
  })

  it('survive a backup and a restore', async () => {
    expect(await tumen('backup', 'backups')).toMatchObject({ status: 0 })
    const restored = { ...env, TUMEN_DATA_DIR: at('restored') }
    expect(await runTumen(folder, ['restore', 'backups'], restored)).toMatchObject({ status: 0 })
    expect(filesIn(at('restored', 'replies'))).toEqual(filesIn(at('var', 'replies')))
  })

  it('are checked by doctor', async () => {
    const findings = async () =>
      (
        JSON.parse((await tumen('doctor', '--json')).stdout) as { check: string; says: string }[]
      ).filter(({ check }) => check === 'answers')
    expect(await findings()).toMatchObject([
      { level: 'ok', says: `DEMO desk: number 3 of ${today}, 1 drop` },
    ])
    const path = at('var', 'replies', `${drops[0]?.id}.tar`)
    const { atime, mtime } = statSync(path)
    writeFileSync(path, 'damaged')
    expect(await findings()).toMatchObject([{ level: 'ok' }, { level: 'bad' }])
    writeFileSync(path, drops[0]?.bytes ?? '')
    utimesSync(path, atime, mtime)
  })

  it('are left with an empty folder of the inbox', async () => {
    expect(readdirSync(at('var', 'acknowledgements', 'replies'))).toEqual([])
    await mkdir(at('unused'), { recursive: true })
    expect((await takeIn('unused')).stderr).toContain('acknowledgement.json is missing')
  })
})
