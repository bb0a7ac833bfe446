import { createHash } from 'node:crypto'
import { mkdir, realpath } from 'node:fs/promises'
import { createServer } from 'node:net'
import { once } from 'node:events'
import { SuperviseError } from './errors.ts'

export interface DataDirLock {
  release(): Promise<void>
}

/**
 * Makes sure one supervisor at a time works on a data directory. The lock is an
 * abstract unix socket: the kernel drops it with the process, so a crash leaves
 * nothing to clean up. It does not reach across machines or containers.
 *
 * @throws SuperviseError `ALREADY_RUNNING`, `DATA_DIR_UNUSABLE`
 */
export async function lockDataDir(dataDir: string): Promise<DataDirLock> {
  const path = `\0tumen-${createHash('sha256')
    .update(await makeDataDir(dataDir))
    .digest('hex')}`
  const server = createServer((socket) => socket.destroy())
  try {
    await once(server.listen({ path }), 'listening')
  } catch (cause) {
    const message = `TUMEN_DATA_DIR ${dataDir} is in use by another start: stop that one, or set another directory`
    throw new SuperviseError('ALREADY_RUNNING', message, cause)
  }
  server.unref()
  return { release: () => new Promise((resolve) => server.close(() => resolve())) }
}

async function makeDataDir(dataDir: string): Promise<string> {
  try {
    await mkdir(dataDir, { recursive: true, mode: 0o700 })
    return await realpath(dataDir)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : 'unknown reason'
    throw new SuperviseError(
      'DATA_DIR_UNUSABLE',
      `TUMEN_DATA_DIR cannot be made (${reason}): set a writable one`,
      cause,
    )
  }
}
