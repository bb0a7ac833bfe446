import { randomBytes } from 'node:crypto'
import type { Settings } from '../../../config/settings.ts'
import type { SocksProxy } from '../../net/connect-through.ts'
import type { HttpAnswer } from '../../net/http-exchange.ts'
import { ExchangeError, exchange } from '../../net/http-exchange.ts'
import type { AskForOnion } from '../tor-way.ts'
import { onionOf, socksOf } from '../tor-way.ts'

export interface PublicRequest {
  method: string
  path: string
  headers?: Record<string, string>
  body?: Uint8Array
}

/** Sends a request as one visitor of the intake. @throws ExchangeError. */
export type PublicWay = (request: PublicRequest) => Promise<HttpAnswer>

export type PublicAddress = Pick<Settings, 'listen' | 'onionAddress' | 'torSocks' | 'torDir'>

/** Building a circuit to an onion may take a minute. */
const defaultTimeoutMs = 120_000
/** Larger than a keyring of 256 people with post-quantum keys. */
const maxAnswerBytes = 2 * 1024 * 1024

/**
 * Connects as a source does: to the onion through tor if there is one, else to `TUMEN_LISTEN`. Each
 * visitor has a circuit of its own. Null when the intake listens on a random free port, which no
 * other process can know.
 */
export function createPublicWay(
  address: PublicAddress,
  timeoutMs = defaultTimeoutMs,
): (() => PublicWay) | null {
  const { listen } = address
  const [socks, askForOnion] = [socksOf(address), onionOf(address)]
  if (socks !== null && askForOnion !== null)
    return () => visitorThroughTor(socks, askForOnion, timeoutMs)
  if ('port' in listen && listen.port === 0) return null
  const socketPath = 'path' in listen ? listen.path : undefined
  const origin =
    'path' in listen
      ? new URL('http://localhost')
      : new URL(`http://${reachable(listen.host)}:${listen.port}`)
  return () =>
    ({ path, ...request }) =>
      exchange({ ...request, url: new URL(path, origin), socketPath, timeoutMs, maxAnswerBytes })
}

function visitorThroughTor(
  socks: SocksProxy,
  askForOnion: AskForOnion,
  timeoutMs: number,
): PublicWay {
  const circuit = randomBytes(8).toString('hex')
  return async ({ path, ...request }) => {
    const onion = await askForOnion()
    if (onion === null) throw new ExchangeError('NOT_CONNECTED', 'tor has not made the onion yet')
    return await exchange({
      ...request,
      url: new URL(path, `http://${onion.host}:${onion.port}`),
      socks,
      circuit,
      timeoutMs,
      maxAnswerBytes,
    })
  }
}

/**
 * The same visitors, but `onAnswer` is called for every answer: any answer proves that the intake
 * is reachable.
 */
export function tellingOfAnswers(
  newVisitor: () => PublicWay,
  onAnswer: () => void,
): () => PublicWay {
  return () => {
    const way = newVisitor()
    return async (request) => {
      const answer = await way(request)
      onAnswer()
      return answer
    }
  }
}

/** The address of a wildcard listener as seen from the same machine. */
function reachable(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1'
  if (host === '::') return '[::1]'
  return host.includes(':') ? `[${host}]` : host
}
