import { once } from 'node:events'
import { createConnection, createServer } from 'node:net'
import type { ListenAddress } from '../../config/parsers.ts'
import { SuperviseError } from './errors.ts'

/**
 * Tries every listening address before any process starts, so that a taken port is reported in one
 * clear sentence instead of by a process that keeps failing.
 *
 * @throws SuperviseError `ADDRESS_TAKEN` naming the setting to change
 */
export async function checkAddresses(
  addresses: ReadonlyArray<readonly [setting: string, ListenAddress]>,
): Promise<void> {
  for (const [setting, address] of addresses) {
    const reason = 'path' in address ? await whyNoSocket(address.path) : await whyNoPort(address)
    if (reason === null) continue
    throw new SuperviseError(
      'ADDRESS_TAKEN',
      `${setting}=${addressText(address)} ${reason}: ${wayOut(setting)}`,
    )
  }
}

function wayOut(setting: string): string {
  return `stop what uses it, or set ${setting} to another address`
}

export function addressText(address: ListenAddress): string {
  if ('path' in address) return `unix:${address.path}`
  return address.host.includes(':')
    ? `[${address.host}]:${address.port}`
    : `${address.host}:${address.port}`
}

/** The address to type into a browser. A wildcard address is shown as localhost. */
export function addressUrl(address: ListenAddress): string {
  if ('path' in address) return addressText(address)
  const isWildcard = address.host === '0.0.0.0' || address.host === '::'
  return `http://${addressText(isWildcard ? { ...address, host: 'localhost' } : address)}/`
}

async function whyNoPort(address: { host: string; port: number }): Promise<string | null> {
  const server = createServer()
  try {
    await once(server.listen({ host: address.host, port: address.port }), 'listening')
    await new Promise((resolve) => server.close(resolve))
    return null
  } catch (error) {
    return reasons[codeOf(error)] ?? `cannot be listened on (${codeOf(error)})`
  }
}

const reasons: Record<string, string> = {
  EADDRINUSE: 'is taken by another program',
  EACCES: 'is not permitted to this user',
  EADDRNOTAVAIL: 'is not an address of this machine',
  ENOTFOUND: 'is not a known host name',
}

/**
 * Why the socket cannot be used, or null. A socket file without a listener was left by a crash; the
 * process that needs it replaces it.
 */
async function whyNoSocket(path: string): Promise<string | null> {
  const socket = createConnection({ path })
  try {
    await once(socket, 'connect')
    return 'is taken by another program'
  } catch {
    return null
  } finally {
    socket.destroy()
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
}
