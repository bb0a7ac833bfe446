import { spawn } from 'node:child_process'
import { once } from 'node:events'

export interface Seen {
  readonly status: number | null
  /** All text that was written to the terminal. */
  readonly shown: string
  /** The first question that was not asked; undefined if all were. */
  readonly unasked: string | undefined
}

/** A question and its answer, which may depend on what was shown. */
export type Exchange = readonly [question: string, answer: string | ((shown: string) => string)]

/**
 * Runs a command on a terminal of its own (script(1)). Answers each question once, in order, as
 * soon as it is asked.
 */
export async function onTerminal(
  cwd: string,
  command: readonly string[],
  exchanges: readonly Exchange[],
): Promise<Seen> {
  const quoted = command.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ')
  const child = spawn('script', ['-qec', quoted, '/dev/null'], {
    cwd,
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const open = [...exchanges]
  let shown = ''
  let answered = 0
  child.stdout.setEncoding('utf8').on('data', (piece: string) => {
    shown += piece
    for (let next = open[0]; next !== undefined; next = open[0]) {
      const at = shown.indexOf(next[0], answered)
      if (at === -1) return
      answered = at + next[0].length
      open.shift()
      child.stdin.write(typeof next[1] === 'string' ? next[1] : next[1](shown))
    }
  })
  const [status] = (await once(child, 'close')) as [number | null]
  return { status, shown, unasked: open[0]?.[0] }
}
