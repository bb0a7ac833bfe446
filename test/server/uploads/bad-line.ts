import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

export interface BadLine {
  port: number
  cuts: () => number
  stop: () => Promise<void>
}

export interface BadLineOptions {
  /** A port or a path. */
  target: () => number | string
  /** How many bytes of the client's the next connection lets through; null: all. */
  nextBudget: () => number | null
  /** Of the client's, on each connection; no bound unless given. */
  bytesPerSecond?: number
  /** The request went through; the connection ends instead of this answer. */
  isLost?: (answer: Buffer) => boolean
}

/** A line between client and intake that breaks in the middle, with a reset and without a word. */
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
