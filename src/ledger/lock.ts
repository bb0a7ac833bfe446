import { createHash } from 'node:crypto'
import { createServer, type Server } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { LedgerError } from './errors.ts'

const retryMs = 100

/**
 * Holds a name in the kernel's abstract socket namespace: taken by one process at
 * a time and free again the moment that process is gone, however it went. A lock
 * file would survive `kill -9`. The namespace ends at the network namespace, so
 * two containers that share a volume must share their network too, or run one worker.
 *
 * @param path an absolute path of the file to guard, with links resolved.
 * @throws LedgerError `LOCKED` when another process holds it for longer than `waitMs`.
 */
export async function lockLedger(
  path: string,
  waitMs: number,
): Promise<{ release(): Promise<void> }> {
  const digest = createHash('sha256').update(path).digest('hex')
  const server = createServer((socket) => socket.destroy())
  const giveUpAt = performance.now() + waitMs
  for (;;) {
    try {
      await listen(server, `\0tumen-ledger-${digest}`)
      break
    } catch (error) {
      if (
        !(error instanceof LedgerError) ||
        error.code !== 'LOCKED' ||
        performance.now() >= giveUpAt
      )
        throw error
      await sleep(retryMs)
    }
  }
  // The lock alone must not keep a worker alive that has nothing left to do.
  server.unref()
  return {
    release: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (cause: NodeJS.ErrnoException): void => reject(lockError(cause))
    server.once('error', fail)
    server.listen({ path }, () => {
      server.off('error', fail)
      resolve()
    })
  })
}

function lockError(cause: NodeJS.ErrnoException): LedgerError {
  return cause.code === 'EADDRINUSE'
    ? new LedgerError(
        'LOCKED',
        'another worker writes this ledger; stop it first, or give this one another TUMEN_DATA_DIR',
        cause,
      )
    : new LedgerError(
        'IO_FAILED',
        'the ledger cannot be locked: the kernel gives no abstract unix socket',
        cause,
      )
}
