import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

export interface AlternatingProxy {
  readonly port: number
  /** How many connections each of the sockets got. */
  readonly counts: readonly number[]
  stop(): Promise<void>
}

/** One address before several unix sockets: each connection goes to the next of them. */
export async function startAlternatingProxy(sockets: readonly string[]): Promise<AlternatingProxy> {
  const counts = sockets.map(() => 0)
  const open = new Set<Socket>()
  let next = 0
  const server = createServer((incoming) => {
    const index = next % sockets.length
    next += 1
    counts[index] = (counts[index] ?? 0) + 1
    const onward = connect(sockets[index] ?? '')
    for (const [one, other] of [
      [incoming, onward],
      [onward, incoming],
    ] as const) {
      open.add(one)
      one.on('error', () => other.destroy())
      one.on('close', () => {
        open.delete(one)
        other.destroy()
      })
      one.pipe(other)
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    counts,
    async stop() {
      for (const socket of open) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
