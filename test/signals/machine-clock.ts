import { renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { OpsOptions } from '../../src/ops/start.ts'
import { makeTempDir } from '../support/temp-dir.ts'

/** How far the clocks of the machine are ahead of the real ones; negative if they are behind. */
interface Ahead {
  wallMs: number
  monotonicMs: number
}

export interface MachineClock {
  now: () => Date
  /** For the processes of the machine. */
  env: { NODE_OPTIONS: string }
  /** For an ops in this process. */
  ops: Pick<OpsOptions, 'clock'> & { seams: { monotonicMs: () => number } }
  /** Sets the wall clock, as a person or a time service does. */
  set(aheadMs: number): void
  /** Lets time pass, on both clocks. */
  pass(ms: number): void
}

/** A clock that all processes of a machine share, and that a test can set and move on. */
export async function createMachineClock(startAheadMs = 0): Promise<MachineClock> {
  const dir = await makeTempDir()
  const path = join(dir, 'ahead.json')
  const ahead: Ahead = { wallMs: startAheadMs, monotonicMs: 0 }
  const save = (): void => {
    writeFileSync(`${path}.new`, JSON.stringify(ahead))
    renameSync(`${path}.new`, path)
  }
  save()
  const preload = join(dir, 'clock.mjs')
  writeFileSync(preload, clockOfProcess(path))
  const now = (): Date => new Date(Date.now() + ahead.wallMs)
  return {
    now,
    env: { NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ''} --import=${JSON.stringify(preload)}` },
    ops: { clock: { now }, seams: { monotonicMs: () => performance.now() + ahead.monotonicMs } },
    set(aheadMs) {
      ahead.wallMs = aheadMs + ahead.monotonicMs
      save()
    },
    pass(ms) {
      ahead.wallMs += ms
      ahead.monotonicMs += ms
      save()
    },
  }
}

const clockOfProcess = (path: string): string => `
  import { readFileSync } from 'node:fs'
  const read = () => JSON.parse(readFileSync(${JSON.stringify(path)}, 'utf8'))
  let ahead = read()
  setInterval(() => { try { ahead = read() } catch {} }, 50).unref()
  const RealDate = globalThis.Date
  globalThis.Date = class Date extends RealDate {
    constructor(...all) {
      if (all.length === 0) super(RealDate.now() + ahead.wallMs)
      else super(...all)
    }
    static now() { return RealDate.now() + ahead.wallMs }
  }
  const monotonicMs = performance.now.bind(performance)
  performance.now = () => monotonicMs() + ahead.monotonicMs
`
