import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { Transform } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'

export interface SlowLine {
  port: number
  close: () => void
}

/** One line that all connections share, like a circuit: each byte waits for those before it. */
export async function openSlowLine(
  to: number,
  { bytesPerSecond, roundTripMs }: { bytesPerSecond: number; roundTripMs: number },
): Promise<SlowLine> {
  const sockets = new Set<Socket>()
  const [down, up] = [createPace(bytesPerSecond), createPace(bytesPerSecond)]
  const server = createServer({ pauseOnConnect: true }, async (near) => {
    const far = connect(to, '127.0.0.1')
    for (const socket of [near, far]) {
      sockets.add(socket.setNoDelay())
      socket
        .on('close', () => sockets.delete(socket))
        .on('error', () => [near, far].forEach((end) => end.destroy()))
    }
    // Nothing more is carried for a client that has left.
    near.on('close', () => far.destroy())
    // The handshake also crosses the line; over Tor a new stream costs about as much.
    await delay(roundTripMs)
    near.pipe(carry(up, roundTripMs / 2)).pipe(far)
    far.pipe(carry(down, roundTripMs / 2)).pipe(near)
    near.resume()
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    close() {
      server.close()
      for (const socket of sockets) socket.destroy()
    },
  }
}

type Pace = (bytes: number) => number

/** @returns when these bytes have been transferred, in milliseconds of `performance.now()` */
function createPace(bytesPerSecond: number): Pace {
  let freeAtMs = 0
  return (bytes) =>
    (freeAtMs = Math.max(freeAtMs, performance.now()) + (bytes / bytesPerSecond) * 1000)
}

function carry(pace: Pace, delayMs: number): Transform {
  return new Transform({
    async transform(chunk: Buffer, _encoding, done) {
      const throughAtMs = pace(chunk.length)
      await delay(Math.max(0, throughAtMs - performance.now()))
      // The next chunk may be sent while this one is still delayed.
      setTimeout(() => this.push(chunk), delayMs)
      done()
    },
    flush(done) {
      setTimeout(done, delayMs + 1)
    },
  })
}
