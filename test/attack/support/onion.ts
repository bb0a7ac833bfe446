import { Agent, type IncomingHttpHeaders, request } from 'node:http'
import { connect, type Socket } from 'node:net'

/** The PROXY line that tor writes for the circuit with this number. */
export function proxyLine(circuit: number): string {
  const [high, low] = [Math.floor(circuit / 0x10000), circuit % 0x10000]
  return `PROXY TCP6 fc00:dead:beef:4dad::${high.toString(16)}:${low.toString(16)} ::1 ${low || 1} 80\r\n`
}

/** Opens a connection as tor does. */
export function dial(socketPath: string, circuit: number): Socket {
  const socket = connect(socketPath)
  socket.write(proxyLine(circuit))
  return socket
}

export interface Answer {
  status: number
  headers: IncomingHttpHeaders
  body: string
}

/**
 * One visitor. All requests come over one circuit and several connections at once, as in a browser.
 */
export class Visitor {
  readonly #agent: Agent

  constructor(socketPath: string, circuit: number) {
    this.#agent = new Agent({ keepAlive: true, maxSockets: 6 })
    // Makes the agent write tor's PROXY line on each new connection, before the first request.
    Object.assign(this.#agent, { createConnection: () => dial(socketPath, circuit) })
  }

  ask(
    method: string,
    path: string,
    {
      headers = {},
      body,
      timeoutMs = 60_000,
    }: { headers?: Record<string, string | number>; body?: Uint8Array; timeoutMs?: number } = {},
  ): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const outgoing = request(
        {
          agent: this.#agent,
          method,
          path,
          headers: { Accept: 'application/json', ...headers },
          timeout: timeoutMs,
        },
        (incoming) => {
          const parts: Buffer[] = []
          incoming.on('data', (part: Buffer) => void parts.push(part))
          incoming.on('error', reject)
          incoming.on('end', () =>
            resolve({
              status: incoming.statusCode ?? 0,
              headers: incoming.headers,
              body: Buffer.concat(parts).toString('latin1'),
            }),
          )
        },
      )
      outgoing.on('timeout', () => outgoing.destroy(new Error('silent')))
      outgoing.on('error', reject)
      outgoing.end(body)
    })
  }

  close(): void {
    this.#agent.destroy()
  }
}
