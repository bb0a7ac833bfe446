import { SecretFileError } from '../src/disk/secret-file.ts'
import { QueueError } from '../src/queue/errors.ts'
import { StoreError } from '../src/store/errors.ts'
import { CollectError } from './collect-error.ts'
import { LedgerError } from '../src/ledger/errors.ts'

/** Writes one line for each problem to the log of the process: no times, no receipts, no names. */
export interface Log {
  line: (text: string) => void
  /** Logs a recurring problem only when its `text` changes; null means that the problem is over. */
  state(topic: string, text: string | null): void
}

export function createLog(write: (line: string) => void): Log {
  const states = new Map<string, string | null>()
  const line = (text: string): void => write(`worker: ${text}\n`)
  return {
    line,
    state(topic, text) {
      if ((states.get(topic) ?? null) === text) return
      states.set(topic, text)
      line(text ?? `${topic} is well again`)
    },
  }
}

const ours = [QueueError, StoreError, LedgerError, CollectError, SecretFileError] as const

/**
 * The messages of our own errors say what to do and mention no tip; for any other error only the
 * code is returned.
 */
export function explain(error: unknown): string {
  return ours.some((kind) => error instanceof kind) ? (error as Error).message : codeOf(error)
}

/**
 * The stable code of one of our errors or of a system error; never the message, which may contain a
 * path.
 */
export function codeOf(error: unknown): string {
  if (
    typeof error === 'object' &&
    error !== null &&
    'code' in error &&
    typeof error.code === 'string'
  )
    return error.code
  return error instanceof Error ? error.name : 'UNKNOWN'
}

/** The files and lines an unexpected error came from, without its message. */
export function traceOf(error: unknown): string {
  const stack = error instanceof Error ? (error.stack ?? '') : ''
  const frames = stack
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .slice(0, 8)
  return [codeOf(error), ...frames.map((frame) => frame.trim())].join(' ')
}
