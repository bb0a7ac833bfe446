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
  /** Receives the error output of the process. */
  forward: (chunk: Buffer) => void
}

/**
 * Maximum time without any sign of progress. Node needs about a second to start; on a slow disk or
 * a busy machine it may take many.
 */
const readyTimeoutMs = 60_000

/**
 * One of our own processes. Over IPC it sends `{ ready: true }` when it serves; before that it
 * sends `{ progress: true }` from time to time while it has a lot to do.
 */
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
        // Its own process group: Ctrl-C then reaches only the supervisor, which stops all processes
        // in order.
        detached: true,
        stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
      })
      if (child.stderr !== null) words.listen(child.stderr)
      return child
    },
    untilReady,
  }
}

async function untilReady(
  child: ChildProcess,
  { signal, onProgress }: { signal: AbortSignal; onProgress: () => void },
): Promise<void> {
  for (;;) {
    const [message] = await once(child, 'message', { signal })
    if (hasTrue(message, 'ready')) return
    if (hasTrue(message, 'progress')) onProgress()
  }
}

function hasTrue(message: unknown, field: string): boolean {
  return (
    typeof message === 'object' &&
    message !== null &&
    (message as Record<string, unknown>)[field] === true
  )
}
