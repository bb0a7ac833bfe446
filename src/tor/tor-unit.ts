import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createLastWords } from '../supervise/last-words.ts'
import type { UnitSpec } from '../supervise/unit.ts'

/** A censored line or a clock that is off: bootstrapping may take long, and killing it begins anew. */
const readyTimeoutMs = 15 * 60_000
/** tor ends within a second; it has nothing to finish that a circuit's end would lose. */
const graceMs = 10_000
/** tor says so once, when it can build circuits. */
const ready = 'Bootstrapped 100%'

export interface TorUnit {
  /** For a supervisor, which keeps it running. */
  readonly spec: UnitSpec
  /** Between two runs there is nobody to tell, and the next one begins anew anyway. */
  signal(name: 'SIGTERM' | 'SIGHUP'): void
}

export function torUnit(options: { program: string; torrc: string; forward: (chunk: Buffer) => void }): TorUnit {
  const words = createLastWords(options.forward)
  let current: ChildProcess | null = null
  const spec: UnitSpec = {
    name: 'tor',
    graceMs,
    readyTimeoutMs,
    lastWords: words.text,
    isSilent: false,
    spawn() {
      // Nothing of our environment belongs into tor.
      const child = spawn(options.program, ['-f', options.torrc], { env: {}, stdio: ['ignore', 'pipe', 'pipe'] })
      words.listen(child.stdout, child.stderr)
      current = child
      return child
    },
    untilReady: untilBootstrapped,
  }
  return { spec, signal: (name) => void current?.kill(name) }
}

async function untilBootstrapped(child: ChildProcess, signal: AbortSignal): Promise<void> {
  for (let seen = ''; !seen.includes(ready);) {
    const [chunk] = (await once(child.stdout ?? child, 'data', { signal })) as [Buffer]
    // The words may come in two pieces.
    seen = (seen + chunk.toString('latin1')).slice(-2 * 1024)
  }
}
