import { CodedError } from '../errors/coded-error.ts'
import { once } from 'node:events'
import { chmod, lstat, unlink } from 'node:fs/promises'
import { connect, type Server } from 'node:net'

export type Address = { host: string; port: number } | { path: string }

export type ListenErrorCode = 'ADDRESS_IN_USE' | 'LISTEN_FAILED'

export class ListenError extends CodedError<ListenErrorCode> {
  override readonly name = 'ListenError'
}

/**
 * Long enough that a flood of connections does not make those of others fail before they are
 * accepted.
 */
const BACKLOG = 4096

/** tor runs as another user, who is in our group. */
const SOCKET_MODE = 0o660

/**
 * Listens on a port or on a unix socket. A socket file that a dead process left is replaced.
 * @throws ListenError naming the setting.
 */
export async function listenOn(server: Server, address: Address, setting: string): Promise<void> {
  try {
    if ('path' in address) await listenOnPath(server, address.path)
    else await listening(server, address)
  } catch (cause) {
    const errno = (cause as NodeJS.ErrnoException).code ?? 'unknown'
    if (errno === 'EADDRINUSE')
      throw new ListenError(
        'ADDRESS_IN_USE',
        `${setting}: another process listens there; stop it or choose another`,
        cause,
      )
    throw new ListenError('LISTEN_FAILED', `${setting}: cannot listen there (${errno})`, cause)
  }
}

async function listenOnPath(server: Server, path: string): Promise<void> {
  try {
    await listening(server, { path })
  } catch (cause) {
    const isInUse = (cause as NodeJS.ErrnoException).code === 'EADDRINUSE'
    if (!isInUse || !(await lstat(path)).isSocket() || (await hasListener(path))) throw cause
    await unlink(path)
    await listening(server, { path })
  }
  await chmod(path, SOCKET_MODE)
}

async function listening(server: Server, address: Address): Promise<void> {
  server.listen({ ...address, backlog: BACKLOG })
  await once(server, 'listening')
}

/**
 * Whether a process listens on the socket. Only a refused connection means that none does; any
 * other error leaves the file untouched.
 */
async function hasListener(path: string): Promise<boolean> {
  const socket = connect(path)
  try {
    await once(socket, 'connect')
    return true
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code !== 'ECONNREFUSED'
  } finally {
    socket.destroy()
  }
}
