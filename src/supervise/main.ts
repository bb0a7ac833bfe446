/**
 * Starts Redis, intake, worker and ops, and restarts them when they fail. The first signal stops
 * them in order, the second one immediately.
 *
 * Usage: `main.ts [intake.ts worker.ts ops.ts]`; the arguments let tests replace the three
 * programs.
 */
import { fileURLToPath } from 'node:url'
import { systemClock } from '../time/clock.ts'
import { onSupervisorGone } from './child.ts'
import { runSupervisor } from './run.ts'

function file(path: string): string {
  return fileURLToPath(new URL(path, import.meta.url))
}

// Files that this process and its children create are for this user only.
process.umask(0o077)

const stop = new AbortController()
const atOnce = new AbortController()

function onSignal(): void {
  if (stop.signal.aborted) atOnce.abort()
  stop.abort()
}

for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, onSignal)
onSupervisorGone(() => stop.abort())
// The intake must keep running even if nobody reads this process's output any more.
process.stdout.on('error', () => undefined)
process.stderr.on('error', () => undefined)

const [
  intake = file('../server/main.ts'),
  worker = file('../../workers/main.ts'),
  ops = file('../ops/main.ts'),
] = process.argv.slice(2)

const status = await runSupervisor({
  env: process.env,
  clock: systemClock,
  mains: { intake, worker, ops },
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  forward: (chunk) => process.stderr.write(chunk),
  stop: stop.signal,
  atOnce: atOnce.signal,
})
process.exit(status)
