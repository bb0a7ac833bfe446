import { createServer, type Server, type Socket } from 'node:net'

// The longest possible line, with its CRLF (PROXY protocol v1, §2.1)
export const MAX_PROXY_LINE_BYTES = 107

const LINE_TIMEOUT_MS = 10_000
const LINE =
  /^PROXY (?:UNKNOWN(?: [\x20-\x7e]*)?|TCP[46] ([0-9A-Fa-f:.]{2,45}) [0-9A-Fa-f:.]{2,45} \d{1,5} \d{1,5})\r\n$/

export type ProxyLine =
  | { state: 'more' }
  | { state: 'invalid' }
  | { state: 'read'; bytes: number; source: string | null }

/** Looks for the PROXY line at the beginning of a connection. */
export function parseProxyLine(seen: Uint8Array): ProxyLine {
  const end = Buffer.from(seen.buffer, seen.byteOffset, seen.byteLength).indexOf('\n')
  const bytes = end + 1
  if (end === -1)
    return seen.length >= MAX_PROXY_LINE_BYTES ? { state: 'invalid' } : { state: 'more' }
  if (bytes > MAX_PROXY_LINE_BYTES) return { state: 'invalid' }
  const line = Buffer.from(seen.subarray(0, bytes)).toString('latin1')
  const match = LINE.exec(line)
  return match === null ? { state: 'invalid' } : { state: 'read', bytes, source: match[1] ?? null }
}

/**
 * A server for tor's socket. It reads the PROXY line (tor's `HiddenServiceExportCircuitID`) and
 * passes the connection on with the source address in that line, which identifies a circuit.
 */
export function createProxyLineServer(options: {
  accept: (socket: Socket, source: string | null) => void
  maxConnections: number
}): Server {
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, (socket) =>
    readLine(socket, options.accept),
  )
  server.maxConnections = options.maxConnections
  return server
}

function readLine(socket: Socket, accept: (socket: Socket, source: string | null) => void): void {
  let seen = Buffer.alloc(0)
  const drop = (): void => {
    socket.destroy()
  }
  const onData = (chunk: Buffer): void => {
    seen = Buffer.concat([seen, chunk])
    const line = parseProxyLine(seen)
    if (line.state === 'invalid') drop()
    if (line.state !== 'read') return
    socket.pause()
    socket.setTimeout(0)
    socket.off('data', onData).off('error', drop).off('timeout', drop).off('end', drop)
    const rest = seen.subarray(line.bytes)
    if (rest.length > 0) socket.unshift(rest)
    accept(socket, line.source)
    socket.resume()
  }
  socket.setTimeout(LINE_TIMEOUT_MS)
  socket.on('data', onData).on('error', drop).on('timeout', drop).on('end', drop)
  socket.resume()
}
