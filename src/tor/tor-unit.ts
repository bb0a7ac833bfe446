import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createLastWords } from '../supervise/last-words.ts'
import type { UnitSpec } from '../supervise/unit.ts'

/**
 * On a censored line or with a wrong clock, connecting may take long, and a restart would begin
 * again.
 */
const readyTimeoutMs = 15 * 60_000
/** tor ends within a second: it has nothing to finish. */
const defaultGraceMs = 10_000
/** tor prints this once, when it can build circuits. */
const ready = 'Bootstrapped 100%'

export interface TorUnit {
  /** For a supervisor, which keeps it running. */
  readonly spec: UnitSpec
  /**
   * Ends tor, in whatever way it takes, for the supervisor to start it.
   * @returns false when no tor runs, or while it is still connecting.
   */
  restart: () => boolean
  /** Does nothing between two runs: the next one reads its configuration anyway. */
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
      // tor gets nothing of our environment.
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

/** A tor that hangs or is stopped does not react to SIGTERM. */
function endSurely(child: ChildProcess, graceMs: number): void {
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), graceMs)
  child.once('exit', () => clearTimeout(timer))
}

async function untilBootstrapped(child: ChildProcess, signal: AbortSignal): Promise<void> {
  for (let seen = ''; !seen.includes(ready); ) {
    const [chunk] = (await once(child.stdout ?? child, 'data', { signal })) as [Buffer]
    // The text may arrive in two pieces.
    seen = (seen + chunk.toString('latin1')).slice(-2 * 1024)
  }
}
