import { PassThrough } from 'node:stream'

import { loadSettings } from '../../../config/settings.ts'
import type { CliContext } from '../../../src/cli/frame/context.ts'

export interface FakeContext extends CliContext {
  readonly written: { stdout: string; stderr: string }
  interrupt(): void
}

/** A context that records its output. */
export function fakeContext(change: Partial<CliContext> = {}): FakeContext {
  const written = { stdout: '', stderr: '' }
  const cleanups = new Set<() => void>()
  const recording = (name: 'stdout' | 'stderr') =>
    new PassThrough().setEncoding('utf8').on('data', (piece: string) => (written[name] += piece))
  return {
    stdin: new PassThrough(),
    stdout: recording('stdout'),
    stderr: recording('stderr'),
    cwd: '/',
    wait: async () => {},
    suspend: async () => {},
    clock: { now: () => new Date('2026-11-23T12:34:56Z') },
    isTerminal: { stdin: false, stdout: false, stderr: false },
    settings: async () => loadSettings({}),
    onInterrupt(cleanup) {
      cleanups.add(cleanup)
      return () => cleanups.delete(cleanup)
    },
    ...change,
    written,
    interrupt: () => cleanups.forEach((cleanup) => cleanup()),
  }
}
