import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { once } from 'node:events'

export interface LieContext {
  method: string
  path: string
  headers: IncomingMessage['headers']
  /** The response of the real store. */
  answer: { status: number; headers: Record<string, string>; body: Buffer }
}

/** Changes an answer; null to leave it as it is. */
export type Lie = (context: LieContext) => Partial<LieContext['answer']> | null

/**
 * A proxy in front of a real store that passes every request on unchanged, so that signatures stay
 * valid, and changes the answers.
 */
export async function startLyingStore(
  endpoint: string,
  lie: Lie,
): Promise<{ endpoint: string; stop: () => Promise<void> }> {
  const server = createServer((incoming, outgoing) => {
    pass(endpoint, incoming, lie).then(
      ({ status, headers, body }) => send(outgoing, { status, headers, body }),
      () => outgoing.destroy(),
    )
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

async function pass(
  endpoint: string,
  incoming: IncomingMessage,
  lie: Lie,
): Promise<LieContext['answer']> {
  const { hostname, port } = new URL(endpoint)
  const { method = 'GET', url: path = '/', headers } = incoming
  const outgoing = request({ hostname, port, method, path, headers })
  // Ceph closes a connection and sends more on it, which Node reports after the answer.
  outgoing.on('error', () => {})
  incoming.pipe(outgoing)
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage]
  const body = Buffer.concat((await Array.fromAsync(response)) as Buffer[])
  const answer = {
    status: response.statusCode ?? 0,
    headers: Object.fromEntries(
      Object.entries(response.headers).map(([name, value]) => [name, String(value)]),
    ),
    body,
  }
  return { ...answer, ...lie({ method, path, headers, answer }) }
}

function send(outgoing: ServerResponse, { status, headers, body }: LieContext['answer']): void {
  const { 'transfer-encoding': _chunked, ...others } = headers
  outgoing.writeHead(
    status,
    body.length === 0 ? others : { ...others, 'content-length': body.length },
  )
  outgoing.end(body)
}
