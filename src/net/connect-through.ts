import { CodedError } from '../errors/coded-error.ts'
import { once } from 'node:events'
import { createConnection } from 'node:net'
import type { Socket } from 'node:net'
import { SocksClient } from 'socks'

/** The address of a SOCKS proxy: a port or a unix socket. */
export type SocksProxy = { host: string; port: number } | { path: string }

export interface Destination {
  /** Written as in a URL. A name is resolved by the proxy, not by this machine. */
  hostname: string
  port: number
}

/** The proxy itself cannot be reached. Its errors about the destination are of another class. */
export class ProxyError extends CodedError<'PROXY_GONE'> {
  override readonly name = 'ProxyError'

  constructor(cause: unknown) {
    super('PROXY_GONE', 'the proxy does not answer', cause)
  }
}

/**
 * Connects through a SOCKS5 proxy. Tor uses a separate circuit for each `circuit` name
 * (IsolateSOCKSAuth); without a name the circuit is shared with other users of the port.
 * @throws ProxyError; the proxy's own error about the destination.
 */
export async function connectThrough(
  proxy: SocksProxy,
  { hostname, port }: Destination,
  options: { timeoutMs: number; circuit?: string },
): Promise<Socket> {
  const { timeoutMs: timeout, circuit } = options
  const { socket } = await SocksClient.createConnection({
    existing_socket: await connectTo(proxy, timeout),
    // Required by the library and unused: the socket is already connected.
    proxy: {
      host: 'proxy',
      port: 0,
      type: 5,
      ...(circuit === undefined ? {} : { userId: circuit, password: circuit }),
    },
    command: 'connect',
    destination: { host: hostname.replace(/^\[|\]$/g, ''), port },
    timeout,
  })
  return socket
}

async function connectTo(proxy: SocksProxy, timeoutMs: number): Promise<Socket> {
  try {
    return await connectDirectly(proxy, timeoutMs)
  } catch (cause) {
    throw new ProxyError(cause)
  }
}

/** Connects to a port or a unix socket, without a proxy. Rejects with the system's error. */
export async function connectDirectly(to: SocksProxy, timeoutMs: number): Promise<Socket> {
  const socket = createConnection(to)
  try {
    await once(socket, 'connect', { signal: AbortSignal.timeout(timeoutMs) })
    return socket
  } catch (cause) {
    socket.destroy()
    throw cause
  }
}
