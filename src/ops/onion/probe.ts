import { randomBytes } from 'node:crypto'
import type { SocksProxy } from '../../net/connect-through.ts'
import { ProxyError, connectThrough } from '../../net/connect-through.ts'
import type { AskForOnion } from '../tor-way.ts'

/**
 * `reached`: the onion has connected to the intake. `tor down`: tor does not answer, or has created
 * no onion yet.
 */
export type ProbeResult = 'reached' | 'unreachable' | 'tor down'

/**
 * Connects to the onion on a circuit of its own and closes the connection. The connection itself is
 * the proof: tor reports it only after the service joined the rendezvous and the intake accepted
 * the connection. The intake's answers are checked by canaries. So a probe costs one rendezvous and
 * no answer, and can be more frequent than canaries. Never rejects.
 */
export async function probeOnion(
  socks: SocksProxy,
  askForOnion: AskForOnion,
  timeoutMs: number,
): Promise<ProbeResult> {
  const onion = await askForOnion()
  if (onion === null) return 'tor down'
  const circuit = randomBytes(8).toString('hex')
  try {
    const socket = await connectThrough(
      socks,
      { hostname: onion.host, port: onion.port },
      { timeoutMs, circuit },
    )
    socket.destroy()
    return 'reached'
  } catch (error) {
    return error instanceof ProxyError ? 'tor down' : 'unreachable'
  }
}
