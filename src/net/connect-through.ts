import { CodedError } from '../errors/coded-error.ts'
import { once } from 'node:events'
import { createConnection } from 'node:net'
import type { Socket } from 'node:net'
import { SocksClient } from 'socks'

/** A port, or a unix socket. */
export type SocksProxy = { host: string; port: number } | { path: string }

export interface Destination {
  /** As a URL writes it; a name goes to the proxy unresolved. */
  hostname: string
  port: number
}

/**
 * The proxy itself cannot be reached. What it says of a destination is an error of another kind.
 */
export class ProxyError extends CodedError<'PROXY_GONE'> {
  override readonly name = 'ProxyError'

  constructor(cause: unknown) {
    super('PROXY_GONE', 'the proxy does not answer', cause)
  }
}

/**
 * A connection through a SOCKS5 proxy. Tor gives each `circuit` a way of its own
 * (IsolateSOCKSAuth); without one, whatever else uses the port shares it.
 * @throws ProxyError; what the proxy says of the destination.
 */
export async function connectThrough(
  proxy: SocksProxy,
  { hostname, port }: Destination,
  options: { timeoutMs: number; circuit?: string },
): Promise<Socket> {
  const { timeoutMs: timeout, circuit } = options
  const { socket } = await SocksClient.createConnection({
    existing_socket: await connectTo(proxy, timeout),
    // Where it is has been seen to; socks wants to be told all the same.
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
  const socket = createConnection(proxy)
  try {
    await once(socket, 'connect', { signal: AbortSignal.timeout(timeoutMs) })
    return socket
  } catch (cause) {
    socket.destroy()
    throw new ProxyError(cause)
  }
}
