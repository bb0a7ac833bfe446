import type { Readable } from 'node:stream'

/** Enough for a sentence; a process that floods its stderr must not fill our memory. */
const maxLineLength = 500

export interface LastWords {
  /** Follows one run's output; the words of the run before are forgotten. */
  listen(...outputs: Readable[]): void
  /** The last line that was not blank, or ''. */
  text: () => string
}

/** Keeps the last line a process wrote, and hands the output on to `forward` as it is. */
export function createLastWords(forward: (chunk: Buffer) => void): LastWords {
  let finished = ''
  let open = ''

  function take(text: string): void {
    const lines = (open + text).split('\n')
    open = (lines.pop() ?? '').slice(0, maxLineLength)
    finished = lines.findLast((line) => line.trim() !== '')?.slice(0, maxLineLength) ?? finished
  }

  return {
    listen(...outputs) {
      finished = ''
      open = ''
      for (const output of outputs) {
        output.on('data', (chunk: Buffer) => {
          forward(chunk)
          take(chunk.toString('utf8'))
        })
        // A broken pipe ends with the process; its exit is what counts.
        output.on('error', () => undefined)
      }
    },
    text: () => (open.trim() === '' ? finished : open).trim(),
  }
}
