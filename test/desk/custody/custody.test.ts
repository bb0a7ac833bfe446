import { spawn } from 'node:child_process'
import {
  appendFileSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { open } from 'node:fs/promises'
import { once } from 'node:events'
import { join } from 'node:path'
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { checkChain } from '../../../src/desk/custody/check-chain.ts'
import { recordCustody } from '../../../src/desk/custody/custody-log.ts'
import { withCasebookLock } from '../../../src/desk/custody/lock.ts'
import type { Actor, CustodyEntry } from '../../../src/desk/custody/record.ts'
import { makeTempDir } from '../../support/temp-dir.ts'

let casebook = ''
let actor: Actor
beforeEach(async () => {
  casebook = join(await makeTempDir(), 'casebook')
  actor = { casebook, role: 'kim', tool: 'tumen 0', now: () => new Date('2026-11-24T06:00:00Z') }
})

const entry = (item: string): CustodyEntry => ({
  action: 'case_changed',
  item,
  sha256: null,
  reason: '사유',
})
const log = () => join(casebook, 'custody.jsonl')

describe('recordCustody', () => {
  it('chains every line to the previous one, and begins with a line about the casebook', async () => {
    await recordCustody(actor, [entry('a'), entry('b')])
    await recordCustody(actor, [entry('c')])
    const { lines, problems, head } = await checkChain(casebook)
    expect(problems).toEqual([])
    expect(
      lines.map(({ seq, action, item, role, time }) => [seq, action, item, role, time]),
    ).toEqual([
      [1, 'casebook_made', '.', 'kim', '2026-11-24T06:00:00Z'],
      [2, 'case_changed', 'a', 'kim', '2026-11-24T06:00:00Z'],
      [3, 'case_changed', 'b', 'kim', '2026-11-24T06:00:00Z'],
      [4, 'case_changed', 'c', 'kim', '2026-11-24T06:00:00Z'],
    ])
    expect(lines[0]?.prev).toBe('0'.repeat(64))
    expect(head?.seq).toBe(4)
  })

  it('loses no line when several write at the same time', async () => {
    await Promise.all(
      Array.from({ length: 40 }, (_, number) => recordCustody(actor, [entry(`${number}`)])),
    )
    const { lines, problems } = await checkChain(casebook)
    expect(problems).toEqual([])
    expect(new Set(lines.map(({ item }) => item)).size).toBe(41)
  })

  it('cuts off the unfinished line of a killed program, and records that', async () => {
    await recordCustody(actor, [entry('a')])
    appendFileSync(log(), '{"seq":3,"time":"2026')
    expect((await checkChain(casebook)).problems).not.toEqual([])
    await recordCustody(actor, [entry('b')])
    const { lines, problems } = await checkChain(casebook)
    expect(problems).toEqual([])
    expect(lines.slice(2).map(({ action, reason }) => [action, reason])).toEqual([
      ['log_repaired', 'cut off: 21 bytes of a line that was never finished'],
      ['case_changed', '사유'],
    ])
  })

  it('has every line on the disk before it ends', async () => {
    mkdirSync(casebook)
    const probe = await open(join(casebook, 'probe'), 'w')
    const file = Object.getPrototypeOf(probe) as typeof probe
    await probe.close()
    const order: string[] = []
    for (const step of ['appendFile', 'sync'] as const) {
      const real = file[step] as (...args: unknown[]) => Promise<void>
      vi.spyOn(file, step).mockImplementation(async function (this: unknown, ...args: unknown[]) {
        await real.apply(this, args)
        order.push(step)
      })
    }
    onTestFinished(() => void vi.restoreAllMocks())
    await recordCustody(actor, [entry('a')])
    await recordCustody(actor, [entry('b')])
    const ofLog = order.filter(
      (step, index) => step === 'appendFile' || order[index - 1] === 'appendFile',
    )
    expect(ofLog).toEqual(['appendFile', 'sync', 'appendFile', 'sync'])
  })

  it('writes nothing to a file that is not a log', async () => {
    mkdirSync(casebook)
    writeFileSync(log(), 'something else\n')
    await expect(recordCustody(actor, [entry('a')])).rejects.toMatchObject({ code: 'LOG_DAMAGED' })
    expect(readFileSync(log(), 'utf8')).toBe('something else\n')
  })
})

describe('checkChain', () => {
  it('detects every changed byte', async () => {
    await recordCustody(actor, [entry('a'), entry('b'), entry('c')])
    const whole = readFileSync(log())
    // The last line is left out: no later line covers it yet, only the noted head does.
    const covered = whole.lastIndexOf('\n', whole.length - 2)
    for (let at = 0; at < covered; at += 1) {
      const changed = Buffer.from(whole)
      changed[at] = (changed[at] ?? 0) ^ 1
      writeFileSync(log(), changed)
      expect((await checkChain(casebook)).problems, `byte ${at}`).not.toEqual([])
    }
  })

  it.each([
    ['a carriage return', (text: string) => text.replace('\n', '\r\n')],
    ['a line taken out', (text: string) => text.split('\n').toSpliced(1, 1).join('\n')],
    [
      'two lines exchanged',
      (text: string) => [1, 0, 2, 3].map((index) => text.split('\n')[index]).join('\n'),
    ],
    ['an empty line', (text: string) => text.replace('\n', '\n\n')],
  ])('detects %s', async (_what, change) => {
    await recordCustody(actor, [entry('a'), entry('b')])
    writeFileSync(log(), change(readFileSync(log(), 'utf8')))
    expect((await checkChain(casebook)).problems).not.toEqual([])
  })

  it('does not detect that whole lines at the end are missing, but gives another head', async () => {
    await recordCustody(actor, [entry('a')])
    const { head } = await checkChain(casebook)
    const shorter = readFileSync(log()).lastIndexOf('\n', readFileSync(log()).length - 2) + 1
    truncateSync(log(), shorter)
    const after = await checkChain(casebook)
    expect(after.problems).toEqual([])
    expect(after.head).not.toEqual(head)
  })
})

describe('withCasebookLock', () => {
  it('is exclusive, and may be taken again by its holder', async () => {
    const seen: string[] = []
    const work = (name: string) =>
      withCasebookLock(casebook, async () => {
        seen.push(`${name} in`)
        await withCasebookLock(casebook, async () => void seen.push(`${name} again`))
        seen.push(`${name} out`)
      })
    await Promise.all([work('a'), work('b')])
    expect(seen).toEqual(['a in', 'a again', 'a out', 'b in', 'b again', 'b out'])
  })

  it('is free after a program that failed', async () => {
    await expect(
      withCasebookLock(casebook, async () => {
        throw new RangeError('x')
      }),
    ).rejects.toBeInstanceOf(RangeError)
    expect(await withCasebookLock(casebook, async () => 'in')).toBe('in')
  })

  describe('when another program holds it', () => {
    const hold = `import { withCasebookLock } from ${JSON.stringify(join(import.meta.dirname, '../../../src/desk/custody/lock.ts'))}
      await withCasebookLock(process.argv[1], () => { process.stdout.write('held'); return new Promise(() => setInterval(() => {}, 1000)) })`

    it('says so in time, and is free once that one is killed', async () => {
      const holder = spawn(process.execPath, ['--input-type=module', '-e', hold, casebook], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      await once(holder.stdout, 'data')
      await expect(withCasebookLock(casebook, async () => 'in', 100)).rejects.toMatchObject({
        code: 'LOCKED',
      })
      holder.kill('SIGKILL')
      await once(holder, 'exit')
      expect(await withCasebookLock(casebook, async () => 'in', 100)).toBe('in')
    })
  })

  it('is not held by a process number that now belongs to another process', async () => {
    mkdirSync(casebook)
    writeFileSync(join(casebook, '.lock'), `${process.pid} 1 another-boot`)
    expect(await withCasebookLock(casebook, async () => 'in', 0)).toBe('in')
  })

  it('follows no link that somebody put there', async () => {
    mkdirSync(casebook)
    writeFileSync(join(casebook, 'elsewhere'), 'precious')
    symlinkSync(join(casebook, 'elsewhere'), join(casebook, '.lock'))
    await withCasebookLock(casebook, async () => undefined, 200)
    expect(readFileSync(join(casebook, 'elsewhere'), 'utf8')).toBe('precious')
    rmSync(join(casebook, 'elsewhere'))
  })
})
