import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createLastWords } from './last-words.ts'
import type { UnitSpec } from './unit.ts'

export interface NodeUnitOptions {
  name: string
  /** Absolute path of the process's main file. */
  main: string
  env: NodeJS.ProcessEnv
  graceMs: number
  /** Where the process's error output goes. */
  forward: (chunk: Buffer) => void
}

/** Node needs about a second to start here; a slow disk or a busy machine may need many. */
const readyTimeoutMs = 60_000

/** One of our own processes: it says `{ ready: true }` over IPC when it serves. */
export function nodeUnit(options: NodeUnitOptions): UnitSpec {
  const words = createLastWords(options.forward)
  return {
    name: options.name,
    graceMs: options.graceMs,
    readyTimeoutMs,
    lastWords: words.text,
    isSilent: false,
    spawn() {
      const child = fork(options.main, {
        env: options.env,
        // Its own process group: a Ctrl-C reaches the supervisor alone, which stops all in order.
        detached: true,
        stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
      })
      if (child.stderr !== null) words.listen(child.stderr)
      return child
    },
    untilReady,
  }
}

async function untilReady(child: ChildProcess, signal: AbortSignal): Promise<void> {
  for (;;) {
    const [message] = await once(child, 'message', { signal })
    if (isReadyMessage(message)) return
  }
}

function isReadyMessage(message: unknown): boolean {
  return (
    typeof message === 'object' && message !== null && 'ready' in message && message.ready === true
  )
}
