import { randomBytes } from 'node:crypto'
import type { SocksProxy } from '../../net/connect-through.ts'
import { ProxyError, connectThrough } from '../../net/connect-through.ts'
import type { AskForOnion } from '../tor-way.ts'

/**
 * `reached`: the onion has connected to the intake. `tor down`: tor does not answer, or has made no
 * onion yet.
 */
export type ProbeResult = 'reached' | 'unreachable' | 'tor down'

/**
 * Connects to the onion on a circuit of its own and hangs up. A connection is the whole proof, as
 * tor gives one only when the service has met us and the intake has taken it; what the intake
 * answers is the canary's business. So a probe costs one rendezvous and no byte of an answer, and
 * can come more often than canaries. Never rejects.
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
