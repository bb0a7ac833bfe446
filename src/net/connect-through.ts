import type { Socket } from 'node:net'
import { SocksClient } from 'socks'

export interface SocksProxy {
  host: string
  port: number
}

export interface Destination {
  /** As a URL writes it; a name goes to the proxy unresolved. */
  hostname: string
  port: number
}

/**
 * A connection through a SOCKS5 proxy. Tor gives each `circuit` a way of its own (IsolateSOCKSAuth);
 * without one, whatever else uses the port shares it.
 */
export async function connectThrough(
  proxy: SocksProxy, { hostname, port }: Destination, options: { timeoutMs: number; circuit?: string },
): Promise<Socket> {
  const { timeoutMs: timeout, circuit } = options
  const { socket } = await SocksClient.createConnection({
    proxy: { ...proxy, type: 5, ...(circuit === undefined ? {} : { userId: circuit, password: circuit }) },
    command: 'connect',
    destination: { host: hostname.replace(/^\[|\]$/g, ''), port },
    timeout,
  })
  return socket
}
