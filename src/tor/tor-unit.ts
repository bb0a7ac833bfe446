import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createLastWords } from '../supervise/last-words.ts'
import type { UnitSpec } from '../supervise/unit.ts'

/**
 * On a censored connection or with a wrong clock, connecting may take long, and a restart would
 * lose the progress.
 */
const readyTimeoutMs = 15 * 60_000
/** tor normally ends within a second, because it has nothing to finish. */
const defaultGraceMs = 10_000
/** tor prints this once it can build circuits. */
const ready = 'Bootstrapped 100%'

export interface TorUnit {
  /** The specification for the supervisor that keeps tor running. */
  readonly spec: UnitSpec
  /**
   * Ends tor, by SIGKILL if necessary, so that the supervisor starts it again.
   *
   * @returns false when tor does not run, or is still connecting.
   */
  restart: () => boolean
  /** Does nothing while tor does not run: the next run reads its configuration anyway. */
  reload(): void
}

export function torUnit(options: {
  program: string
  torrc: string
  forward: (chunk: Buffer) => void
  graceMs?: number
}): TorUnit {
  const { graceMs = defaultGraceMs } = options
  const words = createLastWords(options.forward)
  let current: ChildProcess | null = null
  let isConnected = false
  const spec: UnitSpec = {
    name: 'tor',
    graceMs,
    readyTimeoutMs,
    lastWords: words.text,
    isSilent: false,
    spawn() {
      // tor gets an empty environment.
      const child = spawn(options.program, ['-f', options.torrc], {
        env: {},
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      words.listen(child.stdout, child.stderr)
      current = child
      isConnected = false
      return child
    },
    async untilReady(child, { signal }) {
      await untilBootstrapped(child, signal)
      isConnected = true
    },
  }
  return {
    spec,
    restart() {
      if (current === null || !isConnected) return false
      isConnected = false
      endSurely(current, graceMs)
      return true
    },
    reload: () => void current?.kill('SIGHUP'),
  }
}

/**
 * Sends SIGTERM, then SIGKILL, because a tor that hangs or is stopped does not react to SIGTERM.
 */
function endSurely(child: ChildProcess, graceMs: number): void {
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), graceMs)
  child.once('exit', () => clearTimeout(timer))
}

async function untilBootstrapped(child: ChildProcess, signal: AbortSignal): Promise<void> {
  for (let seen = ''; !seen.includes(ready); ) {
    const [chunk] = (await once(child.stdout ?? child, 'data', { signal })) as [Buffer]
    // The text may be split between two chunks.
    seen = (seen + chunk.toString('latin1')).slice(-2 * 1024)
  }
}
