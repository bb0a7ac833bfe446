import type { Socket } from 'node:net'
import { type Circuit, SHARED } from './circuit.ts'
import type { FairnessLimits } from './limits.ts'

/**
 * A page is loaded over a few connections at once; a circuit with no more than these may ask others
 * for room.
 */
const FEW = 8

/**
 * No browser asks for more before it has an answer; a thousand in a row would all be at work at
 * once.
 */
const MOST_REQUESTS_AT_ONCE = 8

/**
 * A connection without a request for so long is spare: its owner would have to open another one, no
 * more.
 */
const SPARE_MS = 10_000

class Connection {
  readonly socket: Socket
  readonly circuit: Circuit
  /** Requests that have not been answered to the end. */
  requests = 0
  /** Uploads with a slot: those are the slots' to end. */
  uploads = 0
  restingSinceMs: number

  constructor(socket: Socket, circuit: Circuit, nowMs: number) {
    this.socket = socket
    this.circuit = circuit
    this.restingSinceMs = nowMs
  }
}

interface ConnectionParts {
  limits: Pick<FairnessLimits, 'maxConnections' | 'circuitConnections'>
  nowMs: () => number
}

/**
 * All connections, and whose. A head that never ends, an answer that is never read and a
 * connection that is only kept open cost nothing but a place; so whoever comes new gets
 * the place of one that rests, of the circuit that has most.
 */
export class Connections {
  readonly #limits: ConnectionParts['limits']
  readonly #nowMs: () => number
  readonly #bySocket = new Map<Socket, Connection>()
  readonly #byCircuit = new Map<Circuit, Set<Connection>>()

  constructor({ limits, nowMs }: ConnectionParts) {
    this.#limits = limits
    this.#nowMs = nowMs
  }

  get size(): number {
    return this.#bySocket.size
  }

  get isCrowded(): boolean {
    return this.size >= this.#limits.maxConnections
  }

  /** Takes it in, or ends it at once. */
  admit(socket: Socket, circuit: Circuit): void {
    const own = this.#byCircuit.get(circuit) ?? new Set<Connection>()
    const obstacle = this.#obstacle(circuit, own.size)
    if (obstacle !== null && !this.#makeRoom(circuit, own, obstacle)) {
      socket.destroy()
      return
    }
    const connection = new Connection(socket, circuit, this.#nowMs())
    this.#bySocket.set(socket, connection)
    this.#byCircuit.set(circuit, own.add(connection))
    socket.once('close', () => this.#forget(connection))
  }

  /** Ends a connection that asks for too much at once. @returns what ends the request */
  beginRequest(socket: Socket): () => void {
    const end = this.#count(socket, 'requests')
    if ((this.#bySocket.get(socket)?.requests ?? 0) > MOST_REQUESTS_AT_ONCE) socket.destroy()
    return end
  }

  /** @returns what ends it */
  beginUpload(socket: Socket): () => void {
    return this.#count(socket, 'uploads')
  }

  #count(socket: Socket, what: 'requests' | 'uploads'): () => void {
    const connection = this.#bySocket.get(socket)
    if (connection === undefined) return () => {}
    connection[what] += 1
    let isOver = false
    return () => {
      if (isOver) return
      isOver = true
      connection[what] -= 1
      connection.restingSinceMs = this.#nowMs()
    }
  }

  #obstacle(circuit: Circuit, own: number): 'circuit' | 'all' | null {
    if (circuit !== SHARED && own >= this.#limits.circuitConnections) return 'circuit'
    return this.isCrowded ? 'all' : null
  }

  #makeRoom(circuit: Circuit, own: ReadonlySet<Connection>, obstacle: 'circuit' | 'all'): boolean {
    const victim =
      obstacle === 'circuit' ? longestResting(this.#spare(own)) : this.#victimFor(circuit, own.size)
    if (victim === null) return false
    this.#forget(victim)
    victim.socket.destroy()
    return true
  }

  /**
   * Of the circuit with most, if that is more than the newcomer has; else one that is spare anyway.
   */
  #victimFor(circuit: Circuit, own: number): Connection | null {
    const heaviest = [...this.#byCircuit].toSorted(([, one], [, other]) => other.size - one.size)
    for (const [of, connections] of heaviest) {
      const movable = [...connections].filter(({ uploads }) => uploads === 0)
      const isHeavier = of !== circuit && connections.size > own
      const candidates = isHeavier
        ? movable
        : own < FEW || of === circuit
          ? this.#spare(connections)
          : []
      const victim = longestResting(candidates)
      if (victim !== null) return victim
    }
    return null
  }

  #spare(connections: Iterable<Connection>): Connection[] {
    const before = this.#nowMs() - SPARE_MS
    return [...connections].filter(
      ({ requests, restingSinceMs }) => requests === 0 && restingSinceMs <= before,
    )
  }

  #forget(connection: Connection): void {
    const { socket, circuit } = connection
    this.#bySocket.delete(socket)
    const own = this.#byCircuit.get(circuit)
    own?.delete(connection)
    if (own?.size === 0) this.#byCircuit.delete(circuit)
  }
}

/** Those without a request first: a head that is still coming counts as none. */
function longestResting(candidates: readonly Connection[]): Connection | null {
  const rank = ({ requests, restingSinceMs }: Connection): number =>
    restingSinceMs + (requests > 0 ? 1e12 : 0)
  return candidates.toSorted((one, other) => rank(one) - rank(other))[0] ?? null
}
