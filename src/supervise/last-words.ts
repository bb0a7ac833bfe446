import type { Readable } from 'node:stream'

/** Long enough for a sentence; a process that floods its stderr must not fill our memory. */
const maxLineLength = 500

export interface LastWords {
  /** Reads the output of a new run and forgets that of the previous run. */
  listen(...outputs: Readable[]): void
  /** The last line that is not blank, or ''. */
  text: () => string
}

/**
 * Remembers the last line that a process wrote, and passes its output on to `forward` unchanged.
 */
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
        // A broken pipe is ignored: the process then ends, and its exit status is what counts.
        output.on('error', () => undefined)
      }
    },
    text: () => (open.trim() === '' ? finished : open).trim(),
  }
}
