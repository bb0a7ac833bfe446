import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { watch } from 'node:fs/promises'
import { tumenPath } from '../cli/support/run-tumen.ts'

/**
 * Runs `tumen` and sends it a signal as soon as a file appears in `folder` whose name `isTime`
 * accepts: in the middle of its work, not after a fixed time.
 */
export async function signalTumen(options: {
  cwd: string
  args: readonly string[]
  env: Record<string, string>
  folder: string
  isTime: (name: string) => boolean
  signal: NodeJS.Signals
}): Promise<{ status: number | null; signal: NodeJS.Signals | null; stderr: string }> {
  const { PATH = '' } = process.env
  const stopWatching = new AbortController()
  const names = watch(options.folder, { recursive: true, signal: stopWatching.signal })
  const child = spawn(process.execPath, [tumenPath, ...options.args], {
    cwd: options.cwd,
    env: { PATH, ...options.env },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', (piece: string) => void (stderr += piece))
  const exit = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>
  void exit.then(() => stopWatching.abort())
  try {
    for await (const { filename } of names) {
      if (filename === null || !options.isTime(filename)) continue
      child.kill(options.signal)
      break
    }
  } catch (error) {
    // It ended before the signal was sent; the caller sees its status.
    if ((error as Error).name !== 'AbortError') throw error
  }
  const [status, signal] = await exit
  return { status, signal, stderr }
}
