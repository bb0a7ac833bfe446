import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

export interface BadLine {
  port: number
  cuts: () => number
  stop: () => Promise<void>
}

export interface BadLineOptions {
  /** The port or the unix socket to connect to. */
  target: () => number | string
  /** How many bytes from the client the next connection forwards before it breaks; null: all. */
  nextBudget: () => number | null
  /** Maximum rate of the bytes from the client, for each connection. Unlimited by default. */
  bytesPerSecond?: number
  /**
   * If true, the connection is broken instead of forwarding this answer, although the intake has
   * received the request.
   */
  isLost?: (answer: Buffer) => boolean
}

/** Starts a proxy between client and intake that resets connections in the middle of a transfer. */
export async function openBadLine(options: BadLineOptions): Promise<BadLine> {
  let cuts = 0
  const open = new Set<Socket>()
  const server = createServer((client) => {
    const target = options.target()
    const upstream = typeof target === 'number' ? connect(target, '127.0.0.1') : connect(target)
    const budget = options.nextBudget()
    let passed = 0
    const cut = (): void => {
      client.resetAndDestroy()
      upstream.destroy()
    }
    const forward = (bytes: Buffer): void => {
      upstream.write(bytes)
      if (options.bytesPerSecond === undefined) return
      client.pause()
      setTimeout(() => client.resume(), (bytes.length / options.bytesPerSecond) * 1000)
    }
    for (const socket of [client, upstream]) {
      open.add(socket)
      socket.on('error', cut).on('close', () => {
        open.delete(socket)
        cut()
      })
    }
    client.on('data', (bytes) => {
      passed += bytes.length
      if (budget === null || passed <= budget) return forward(bytes)
      cuts += 1
      upstream.write(bytes.subarray(0, Math.max(0, bytes.length - (passed - budget))), cut)
    })
    upstream.on('data', (bytes: Buffer) => {
      if (options.isLost?.(bytes) !== true) return void client.write(bytes)
      cuts += 1
      cut()
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    cuts: () => cuts,
    stop: async () => {
      for (const socket of open) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
