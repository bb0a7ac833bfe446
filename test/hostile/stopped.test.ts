import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, watch, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createRandom, seedOfRun } from '../faults/random.ts'
import { gather } from '../age/pieces.ts'
import { runTumen, tumenPath } from '../cli/support/run-tumen.ts'
import { primitives } from '../support/ceremony.ts'
import type { Machine } from '../support/machine.ts'
import { makeMachine } from '../support/machine.ts'
import { fileOf, plainTip, sealByHand, sealWhole, sha256 } from '../support/sealed.ts'
import { seededBytes } from '../support/seeded.ts'
import { mayNotMount, mountDiskOn, unmountDisk } from '../support/small-disk.ts'
import { digestsBelow } from '../support/tree.ts'
import { signStick } from './signed-stick.ts'

const kills = 36
const smallTips = 60
const largeTips = 4
const largeBytes = 6 * 1024 * 1024

let root = ''
let machine: Machine
let receipts: string[] = []
/** The content of the tips, which depends neither on who opened them nor on when. */
let expected: Record<string, string> = {}

beforeEach(async () => {
  root = mkdtempSync(`${tmpdir()}/tumen-stopped-`)
  machine = await makeMachine(undefined, root)
  await fillStick()
  expect(await open('reference')).toMatchObject({ status: 1 })
  expected = await contentOf('reference')
}, 300_000)

afterEach(() => rmSync(root, { recursive: true, force: true }))

async function fillStick(): Promise<void> {
  const stick = machine.at('stick')
  mkdirSync(stick)
  receipts = []
  const add = (bytes: Uint8Array) => {
    const receipt = sha256(bytes)
    writeFileSync(`${stick}/${receipt}.age`, bytes)
    receipts.push(receipt)
  }
  for (let number = 0; number < smallTips; number += 1) {
    const files =
      number % 3 === 0
        ? [fileOf('사진.jpg', Buffer.from(`photo ${number}`)), fileOf('둘.txt', Buffer.from('x'))]
        : []
    add(
      await sealWhole(
        primitives,
        machine.recipients,
        { ...plainTip, narrative: `제보 ${number}` },
        files,
      ),
    )
  }
  for (let number = 0; number < largeTips; number += 1) {
    add(
      await sealWhole(primitives, machine.recipients, plainTip, [
        fileOf('video.mp4', await gather(seededBytes(`video ${number}`, largeBytes))),
      ]),
    )
  }
  for (let number = 0; number < 6; number += 1)
    add(await sealByHand(primitives, machine.recipients, Buffer.alloc(2000, `no tar ${number}`)))
  for (let number = 0; number < 6; number += 1)
    add((await sealWhole(primitives, machine.recipients)).subarray(0, -1 - number))
  signStick(machine, stick, receipts)
}

const argumentsFor = (casebook: string) => [
  'open',
  'stick',
  '-i',
  machine.identityPath,
  '--casebook',
  casebook,
]
const open = (casebook: string) => runTumen(machine.dir, argumentsFor(casebook), machine.env)

/**
 * Digests of every file whose content does not depend on the time. `opened.json` and `case.json`
 * contain times, and the remaining files are derived from them.
 */
async function contentOf(casebook: string): Promise<Record<string, string>> {
  const digests = await digestsBelow(machine.at(casebook))
  const isContent = (path: string) =>
    /^(?:tips\/[0-9a-f]{64}\/(?:tip\.json|attachments\/)|originals\/)/.test(path)
  const named = Object.keys(digests)
    .filter((path) => /^(?:aside|tips)\//.test(path) && !path.endsWith('.lock'))
    .map((path) => [path, 'there'])
  return {
    ...Object.fromEntries(named),
    ...Object.fromEntries(Object.entries(digests).filter(([path]) => isContent(path))),
  }
}

/** Expects every folder under tips/ that is not a temporary one to be complete. */
async function expectWholeTips(casebook: string): Promise<number> {
  const names = readdirSync(machine.at(casebook, 'tips')).filter((name) => !name.startsWith('.'))
  for (const receipt of names) {
    const whole = Object.entries(expected).filter(
      ([path]) => path.startsWith(`tips/${receipt}/`) && !path.endsWith('case.json'),
    )
    const found = await digestsBelow(machine.at(casebook, 'tips', receipt))
    for (const [path, digest] of whole) {
      const inFolder = path.slice(`tips/${receipt}/`.length)
      expect(found[inFolder], `${receipt} ${inFolder}`).toEqual(
        digest === 'there' ? expect.any(String) : digest,
      )
    }
  }
  return names.length
}

interface Run {
  isKilled: boolean
  /** Number of times that something in the casebook was created, changed or removed. */
  events: number
}

/**
 * Kills the command at the file event with that number. This selects a moment of the work
 * independently of the machine's speed.
 */
async function killAtEvent(number: number, casebook: string): Promise<Run> {
  const { PATH = '' } = process.env
  const run: Run = { isKilled: false, events: 0 }
  const watcher = watch(machine.at(casebook), { recursive: true })
  const child = spawn(process.execPath, [tumenPath, ...argumentsFor(casebook)], {
    cwd: machine.dir,
    env: { PATH, ...machine.env },
    stdio: 'ignore',
  })
  watcher.on('change', () => {
    run.events += 1
    if (run.events >= number) run.isKilled = child.kill('SIGKILL') || run.isKilled
  })
  await once(child, 'close')
  watcher.close()
  return run
}

describe('tumen open', () => {
  describe(`when it is killed ${kills} times at random moments`, () => {
    it('never shows half a tip, and finally has the same casebook as without the kills', {
      timeout: 900_000,
    }, async () => {
      const seed = seedOfRun()
      const random = createRandom(seed)
      mkdirSync(machine.at('watched', 'tips'), { recursive: true })
      const whole = await killAtEvent(Infinity, 'watched')
      let killed = 0
      let casebooks = 0
      const seen: number[] = []
      while (killed < kills) {
        const casebook = `casebook-${casebooks++}`
        mkdirSync(machine.at(casebook, 'tips'), { recursive: true })
        // Repeat until a run completes: each run continues where the previous one was stopped.
        for (let tries = 0; tries < 4; tries += 1) {
          const { isKilled } = await killAtEvent(1 + random.below(whole.events), casebook)
          if (!isKilled) break
          killed += 1
          seen.push(await expectWholeTips(casebook))
        }
        expect(await open(casebook)).toMatchObject({
          status: 1,
          stderr: expect.not.stringContaining('internal'),
        })
        expect(await contentOf(casebook), `FAULT_SEED=${seed}`).toEqual(expected)
        expect(
          await runTumen(machine.dir, ['verify', casebook]),
          `FAULT_SEED=${seed}`,
        ).toMatchObject({ status: 0, stderr: '' })
        expect(leftoversIn(casebook)).toEqual([])
        rmSync(machine.at(casebook), { recursive: true })
      }
      console.log(
        `stopped: ${killed} kills in ${casebooks} casebooks (FAULT_SEED=${seed}), tips seen at each: ${seen.join(' ')}`,
      )
      // At least one kill came after the first tip and before the last one.
      expect(seen.some((tips) => tips > 0 && tips < smallTips + largeTips + 6)).toBe(true)
    })
  })

  describe('when the disk of the casebook is full', () => {
    it('says so, shows no half tip, and continues once there is space', {
      timeout: 300_000,
    }, async (context) => {
      const disk = machine.at('disk')
      mkdirSync(disk)
      if (!mountDiskOn(disk, 'size=20m')) return context.skip(mayNotMount)
      try {
        const full = await open('disk/casebook')
        expect(full).toMatchObject({
          status: 1,
          stdout: '',
          stderr: expect.stringMatching(/no space left on device/i),
        })
        expect(await expectWholeTips('disk/casebook')).toBeLessThan(Object.keys(expected).length)
        expect(spawnSync('mount', ['-o', 'remount,size=200m', disk]).status).toBe(0)
        expect(await open('disk/casebook')).toMatchObject({
          status: 1,
          stdout: expect.stringContaining('6 NOT opened'),
        })
        expect(await contentOf('disk/casebook')).toEqual(expected)
        expect(await runTumen(machine.dir, ['verify', 'disk/casebook'])).toMatchObject({
          status: 0,
          stderr: '',
        })
      } finally {
        unmountDisk(disk)
      }
    })
  })
})

function leftoversIn(casebook: string): string[] {
  return readdirSync(machine.at(casebook), { recursive: true })
    .map(String)
    .filter((path) => /(?:^|\/)\.(?!lock$)|(?:^|\/)site-old/.test(path))
}
