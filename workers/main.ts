import { loadSettings, SettingsError } from '../config/settings.ts'
import { SecretFileError } from '../src/disk/secret-file.ts'
import { QueueError } from '../src/queue/errors.ts'
import { asStoreError, StoreError } from '../src/store/errors.ts'
import { onSupervisorGone } from '../src/supervise/child.ts'
import { LedgerError } from '../src/ledger/errors.ts'
import { createLog, explain, traceOf } from './log.ts'
import { type RunningWorker, startWorker } from './worker.ts'

/** The supervisor does not restart a process that exits with this status. */
const wrongConfiguration = 2

/** Work that takes longer is repeated after the next start: nothing depends on an orderly end. */
const drainMs = 5000

/**
 * Long enough for a worker that is ending because its supervisor was killed. Any other worker keeps
 * its lock for longer.
 */
const lockWaitMs = drainMs + 2000

const log = createLog((line) => void process.stderr.write(line))
const stopping = Promise.withResolvers<void>()

process.once('SIGTERM', () => stopping.resolve())
process.once('SIGINT', () => stopping.resolve())
onSupervisorGone(() => stopping.resolve())
process.on('uncaughtException', (error) =>
  leave(1, `ended by a fault of its own: ${traceOf(error)}`),
)

try {
  await main()
} catch (error) {
  leave(isWrongConfiguration(error) ? wrongConfiguration : 1, explainStart(error))
}

async function main(): Promise<void> {
  // Files that this process creates are only for the service's own user.
  process.umask(0o077)
  const worker = await startWorker({
    settings: loadSettings(process.env),
    log,
    lockWaitMs,
    onProgress: () => void process.send?.({ progress: true }),
  })
  process.send?.({ ready: true })
  await stopping.promise
  await drain(worker)
  process.exit(0)
}

async function drain(worker: RunningWorker): Promise<void> {
  const late = Promise.withResolvers<void>()
  const timer = setTimeout(() => {
    log.line('did not finish in time; what is left is done after the next start')
    late.resolve()
  }, drainMs)
  await Promise.race([worker.close(), late.promise])
  clearTimeout(timer)
}

function isWrongConfiguration(error: unknown): boolean {
  if (error instanceof SettingsError || error instanceof QueueError) return true
  if (error instanceof SecretFileError) return true
  if (error instanceof LedgerError) return error.code === 'LOCKED'
  return error instanceof StoreError && ['IN_USE', 'TOO_NEW', 'UNFIT'].includes(error.code)
}

function explainStart(cause: unknown): string {
  // What a start reads and writes is in the data folder.
  const isOfSystem = cause instanceof Error && 'syscall' in cause && 'path' in cause
  const error = isOfSystem ? asStoreError(cause) : cause
  const text = error instanceof SettingsError ? error.message : explain(error)
  return `could not start: ${text}${text === (error as Error).message ? '' : ` ${traceOf(error)}`}`
}

function leave(status: number, text: string): never {
  log.line(text)
  process.exit(status)
}
