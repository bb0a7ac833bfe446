import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AsideRecord } from '../../src/desk/opening/aside.ts'
import type { OpenedRecord } from '../../src/desk/files/opened-record.ts'
import { tumenPath } from '../cli/support/run-tumen.ts'
import { primitives } from '../support/ceremony.ts'
import type { Machine } from '../support/machine.ts'
import { makeMachine } from '../support/machine.ts'
import { fileOf, plainTip, sealWhole, sha256 } from '../support/sealed.ts'
import { digestsOfTip } from '../support/tree.ts'
import type { HostileEnvelope } from './hostile-envelope.ts'
import { pictureOf, watchOutside } from './outside.ts'
import { hostileEnvelopes } from './sealed-corpus.ts'
import { signStick } from './signed-stick.ts'
import type { StrangeFiles } from './strange-files.ts'
import { makeStrangeFiles } from './strange-files.ts'

const goodTips = 40
/**
 * The measured peak is 507. An archive of a million entries takes 488 MiB by itself, and six
 * envelopes are opened at once on each core.
 */
const maxMebibytes = 640

interface Sent extends Omit<HostileEnvelope, 'bytes'> {
  receipt: string
}

let root = ''
let machine: Machine
let casebook = ''
const sent: Sent[] = []
const good = new Map<string, string>()
let strange: StrangeFiles
let before: Record<string, string> = {}
let first: Finished
let heard: string[] = []

beforeAll(async () => {
  root = mkdtempSync(`${tmpdir()}/tumen-hostile-`)
  machine = await makeMachine(undefined, `${root}/machine`)
  casebook = machine.at('casebook')
  for (const name of ['stick', 'casebook', 'home', 'tmp', 'bin']) mkdirSync(machine.at(name))
  writeFileSync(`${root}/canary`, 'sings')
  writeFileSync(machine.at('canary'), 'sings')
  // Each of these programs is replaced by one that leaves a trace when it is called.
  for (const name of [
    'sh',
    'bash',
    'age',
    'tar',
    'file',
    'xdg-open',
    'dangerzone-cli',
    'touch',
    'id',
  ]) {
    writeFileSync(machine.at('bin', name), `#!/bin/true\n`, { mode: 0o755 })
  }
  await fillStick()
  before = await pictureOf(root, casebook)
  const watching = watchOutside(root, casebook)
  first = await openStick()
  watching.close()
  heard = watching.events
}, 600_000)

afterAll(() => {
  strange.close()
  rmSync(root, { recursive: true, force: true })
})

async function fillStick(): Promise<void> {
  const stick = machine.at('stick')
  for await (const { bytes, ...hostile } of hostileEnvelopes(machine.recipients)) {
    const receipt = sha256(bytes)
    writeFileSync(`${stick}/${receipt}.age`, bytes)
    sent.push({ ...hostile, receipt })
  }
  for (let number = 0; number < goodTips; number += 1) {
    const narrative = `믿을 만한 제보 ${number}`
    const bytes = await sealWhole(primitives, machine.recipients, { ...plainTip, narrative }, [
      fileOf('사진.jpg', Buffer.from(narrative)),
    ])
    const receipt = sha256(bytes)
    writeFileSync(`${stick}/${receipt}.age`, bytes)
    good.set(receipt, narrative)
  }
  strange = await makeStrangeFiles(stick, machine.at('canary'))
  const [swapped, other] = [...good.keys()]
  const named = sha256(Buffer.from('a name that is no digest of anything'))
  writeFileSync(`${stick}/${named}.age`, readFileSync(`${stick}/${swapped}.age`))
  strange.files.push({
    name: 'a good envelope under the name of another',
    receipt: named,
    code: 'ENVELOPE_CHANGED',
  })
  writeFileSync(`${stick}/evil.age`, readFileSync(`${stick}/${other}.age`))
  writeFileSync(`${stick}/-rf`, '')
  signStick(machine, stick, [
    ...sent.map(({ receipt }) => receipt),
    ...good.keys(),
    ...strange.files.map(({ receipt }) => receipt),
  ])
}

interface Finished {
  status: number | null
  stdout: string
  stderr: string
  peakMebibytes: number
}

/**
 * Runs the command under Node's permission model, which denies child processes and writes outside
 * the casebook.
 */
async function tumen(...args: string[]): Promise<Finished> {
  const permissions = [
    '--no-warnings',
    '--permission',
    '--allow-fs-read=*',
    `--allow-fs-write=${casebook}`,
    '--allow-worker',
  ]
  const env = {
    ...machine.env,
    PATH: machine.at('bin'),
    HOME: machine.at('home'),
    TMPDIR: machine.at('tmp'),
    NODE_DISABLE_COMPILE_CACHE: '1',
  }
  const hook = new URL('../../bench/report-memory.ts', import.meta.url).href
  const child = spawn(process.execPath, [...permissions, '--import', hook, tumenPath, ...args], {
    cwd: machine.dir,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let [stdout, stderr] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (piece: string) => void (stdout += piece))
  child.stderr.setEncoding('utf8').on('data', (piece: string) => void (stderr += piece))
  const [status] = (await once(child, 'close')) as [number | null]
  const [, kib] = /\npeak-memory-kib (\d+)\n/.exec(stderr) ?? []
  return {
    status,
    stdout,
    stderr: stderr.replace(/\npeak-memory-kib \d+\n/, ''),
    peakMebibytes: Number(kib) / 1024,
  }
}

const openStick = () => tumen('open', 'stick', '-i', machine.identityPath, '--casebook', 'casebook')
const asideOf = (receipt: string) =>
  JSON.parse(
    readFileSync(machine.at('casebook', 'aside', `${receipt}.json`), 'utf8'),
  ) as AsideRecord
const openedOf = (receipt: string) =>
  JSON.parse(
    readFileSync(machine.at('casebook', 'tips', receipt, 'opened.json'), 'utf8'),
  ) as OpenedRecord
const namesIn = (...parts: string[]) =>
  readdirSync(machine.at('casebook', ...parts)).filter((name) => !name.startsWith('.'))
// Invisible characters, except line ends.
const unseen = /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u

describe('tumen open', () => {
  describe('when hostile envelopes are mixed with good ones', () => {
    it('has at least 200 hostile envelopes, each with its own defect', () => {
      expect(new Set(sent.map(({ name }) => name)).size).toBe(sent.length)
      const hostile =
        sent.filter(({ expected }) => expected !== 'nothing').length + strange.files.length
      expect(hostile).toBeGreaterThanOrEqual(200)
      for (const what of strange.skipped) console.log(`hostile: skipped ${what}`)
      console.log(
        `hostile: ${hostile} hostile envelopes, ${goodTips} good ones, ${Math.round(first.peakMebibytes)} MiB at the peak`,
      )
    })

    it('exits with 1, without being killed', () => {
      expect(first.status, first.stderr.slice(-2000)).toBe(1)
      expect(first.stdout).toMatch(/^opened \d+, already there 0, \d+ NOT opened\n$/)
    })

    it('opens every good tip', async () => {
      for (const [receipt, narrative] of good) {
        expect(
          JSON.parse(readFileSync(machine.at('casebook', 'tips', receipt, 'tip.json'), 'utf8')),
        ).toMatchObject({ narrative })
        expect(await digestsOfTip(machine.at('casebook', 'tips', receipt))).toMatchObject({
          'attachments/사진.jpg': sha256(Buffer.from(narrative)),
        })
        expect(openedOf(receipt).problems).toEqual([])
      }
    })

    it('refuses each hostile envelope, or keeps it with its problems, as expected for its defect', () => {
      const found = sent.map(({ name, receipt }) => ({ name, found: whatBecameOf(receipt) }))
      expect(found).toEqual(
        sent.map(({ name, expected }) => ({
          name,
          found:
            expected === 'nothing'
              ? { kept: [] }
              : 'kept' in expected
                ? { kept: expect.arrayContaining([expected.kept]) }
                : expected,
        })),
      )
    })

    it('reads only plain files from the stick', () => {
      expect(strange.files.map(({ name, receipt }) => [name, asideOf(receipt).code])).toEqual(
        strange.files.map(({ name, code }) => [name, code]),
      )
      for (const { receipt } of strange.files) expect(asideOf(receipt).kept).toBe(false)
    })

    it('lists every hostile envelope in its output, with the reason', () => {
      const aside = namesIn('aside').map((name) => name.replace('.json', ''))
      expect(aside.toSorted()).toEqual(
        [
          ...sent.filter(({ expected }) => expected !== 'nothing' && 'refused' in expected),
          ...strange.files,
        ]
          .map(({ receipt }) => receipt)
          .toSorted(),
      )
      for (const receipt of aside)
        expect(first.stderr).toContain(`  ${receipt}: ${asideOf(receipt).detail}\n`)
      for (const { receipt, expected } of sent)
        if (expected !== 'nothing' && 'kept' in expected) expect(first.stderr).toContain(receipt)
    })

    it('prints no terminal control characters', () => {
      expect(unseen.exec(first.stdout + first.stderr)).toBeNull()
    })

    it('limits the output about each envelope', () => {
      for (const { name, receipt } of sent)
        expect(first.stderr.split(receipt).length - 1, name).toBeLessThanOrEqual(12)
    })

    it('writes nothing outside the casebook, not even for a moment, and runs no program', async () => {
      expect(await pictureOf(root, casebook)).toEqual(before)
      expect(heard).toEqual([])
      expect(first.stderr).not.toContain('ERR_ACCESS_DENIED')
    })

    it('writes only plain files in the casebook', () => {
      const entries = readdirSync(casebook, { recursive: true, withFileTypes: true })
      expect(entries.filter((entry) => !entry.isFile() && !entry.isDirectory())).toEqual([])
      expect(
        entries
          .filter(
            ({ name }) =>
              unseen.test(name) || name.startsWith('-') || Buffer.byteLength(name) > 220,
          )
          .map(({ name }) => name),
      ).toEqual([])
    })

    it('keeps each envelope whose digest matches its name unchanged', () => {
      expect(namesIn('originals').toSorted()).toEqual(
        [...sent.map(({ receipt }) => receipt), ...good.keys()]
          .map((receipt) => `${receipt}.age`)
          .toSorted(),
      )
    })

    it('uses bounded memory', () => {
      expect(first.peakMebibytes).toBeLessThan(maxMebibytes)
    })
  })

  describe('when it is run again', () => {
    let again: Finished
    beforeAll(async () => {
      again = await openStick()
    }, 600_000)

    it('opens nothing twice, and lists unopened envelopes again', () => {
      expect(again.status).toBe(1)
      expect(again.stdout).toBe(
        `opened 0, already there ${namesIn('tips').length}, ${namesIn('aside').length} NOT opened\n`,
      )
    })

    it('leaves a casebook that passes tumen verify', async () => {
      expect(await tumen('verify', 'casebook')).toMatchObject({
        status: 0,
        stderr: '',
        stdout: expect.stringContaining('all as it was'),
      })
    }, 300_000)

    it('leaves a casebook whose pages can be rendered', async () => {
      const done = await tumen('case', 'refresh', '--casebook', 'casebook')
      expect(done).toMatchObject({
        status: 0,
        stdout: expect.stringContaining(`${namesIn('tips').length} cases`),
      })
      expect(unseen.exec(done.stdout + done.stderr)).toBeNull()
      const problems = readFileSync(machine.at('casebook', 'site', 'problems.html'), 'utf8')
      for (const { receipt } of strange.files) expect(problems).toContain(receipt.slice(0, 8))
    }, 300_000)
  })
})

function whatBecameOf(receipt: string): { refused: string } | { kept: string[] } {
  try {
    return { refused: asideOf(receipt).code }
  } catch {
    return { kept: [...new Set(openedOf(receipt).problems.map(({ code }) => code))] }
  }
}
