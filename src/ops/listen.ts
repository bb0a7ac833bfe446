import { CodedError } from '../errors/coded-error.ts'
import { once } from 'node:events'
import { chmod, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { RequestListener, Server } from 'node:http'
import { createConnection } from 'node:net'
import type { ListenAddress } from '../../config/parsers.ts'

export type OpsErrorCode = 'LISTEN_FAILED'

export class OpsError extends CodedError<OpsErrorCode> {
  override readonly name = 'OpsError'
}

/** Enough for a few dashboards and a Prometheus; nothing else should connect. */
const maxConnections = 64
/** Members of the socket's group, such as a local proxy, may read health through it. */
const socketMode = 0o660

/** @throws OpsError `LISTEN_FAILED`; the message names the setting. */
export async function listenForOps(app: RequestListener, address: ListenAddress): Promise<Server> {
  const server = createServer(
    { requestTimeout: 10_000, headersTimeout: 5_000, keepAliveTimeout: 5_000 },
    app,
  )
  server.maxConnections = maxConnections
  try {
    if ('path' in address) await removeStale(address.path)
    await once(server.listen({ ...address }), 'listening')
    if ('path' in address) await chmod(address.path, socketMode)
    return server
  } catch (cause) {
    const errno = (cause as NodeJS.ErrnoException).code ?? 'unknown'
    throw new OpsError(
      'LISTEN_FAILED',
      `TUMEN_OPS_LISTEN cannot be listened on (${errno}): choose another address`,
      cause,
    )
  }
}

/** Removes a socket file on which no process answers. Any other file is left alone. */
async function removeStale(path: string): Promise<void> {
  const socket = createConnection({ path })
  try {
    await once(socket, 'connect')
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ECONNREFUSED') await rm(path, { force: true })
  } finally {
    socket.destroy()
  }
}
