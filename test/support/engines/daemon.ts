import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { atExit } from '../at-exit.ts'

/** A program that runs until it is killed; the same process can be killed and started again. */
export interface Daemon {
  readonly name: string
  /** Undefined before its first start. */
  readonly pid: number | undefined
  start(): void
  /** Sends SIGKILL and waits until the process has ended. */
  kill(): Promise<void>
  freeze(): void
  thaw(): void
  isRunning(): boolean
}

const living = new Set<ChildProcess>()

/** Sends SIGKILL to every daemon that runs, without waiting. */
export function killDaemons(): void {
  for (const child of living) child.kill('SIGKILL')
}

// A test run that ends early must not leave a store running on the machine. If it is killed, the
// kernel kills its daemons (prctl(2), PR_SET_PDEATHSIG).
atExit(killDaemons)

export function createDaemon(
  name: string,
  [program, ...args]: readonly [string, ...string[]],
  env: Readonly<Record<string, string>> = {},
): Daemon {
  let child: ChildProcess | null = null
  const isRunning = (): boolean =>
    child !== null && child.exitCode === null && child.signalCode === null
  return {
    name,
    get pid() {
      return child?.pid
    },
    isRunning,
    start() {
      const started = spawn('setpriv', ['--pdeathsig', 'KILL', program, ...args], {
        stdio: 'ignore',
        env: { ...process.env, ...env },
      })
      child = started
      living.add(started)
      started.once('exit', () => living.delete(started))
      // A missing program is seen when nothing answers.
      started.once('error', () => living.delete(started))
    },
    async kill() {
      if (!isRunning() || child === null) return
      const gone = once(child, 'exit')
      child.kill('SIGCONT')
      child.kill('SIGKILL')
      await gone
    },
    freeze: () => void child?.kill('SIGSTOP'),
    thaw: () => void child?.kill('SIGCONT'),
  }
}

/** Whether a program is on the path of this machine. */
export function hasProgram(name: string): boolean {
  return spawnSync('which', [name], { stdio: 'ignore' }).status === 0
}

/** Asks until the answer is true. @throws Error with the name after `maxMs`. */
export async function until(
  what: string,
  isTrue: () => Promise<boolean>,
  maxMs = 120_000,
): Promise<void> {
  const end = performance.now() + maxMs
  while (!(await isTrue().catch(() => false))) {
    if (performance.now() > end) throw new Error(`${what} did not happen in ${maxMs / 1000} s`)
    await sleep(100)
  }
}
