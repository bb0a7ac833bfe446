import type { Socket } from 'node:net'
import { type Circuit, SHARED } from './circuit.ts'
import { fractionFrom, type RandomBytes } from './randomness.ts'
import { RecentUse } from './recent-use.ts'
import type { FairnessLimits } from './limits.ts'

/** A browser sends one request at a time on a connection. A thousand at once are an attack. */
const MAX_REQUESTS_AT_ONCE = 8

/**
 * A connection without a request is closed after a time between these two. The time is drawn at
 * random when the connection starts and depends on nothing else, so it reveals nothing about other
 * visitors.
 */
const IDLE_MS = { least: 15_000, most: 25_000 }

/** A waiting connection whose turn does not come in this time is closed. */
const MAX_WAIT_MS = 60_000

class Connection {
  readonly socket: Socket
  readonly circuit: Circuit
  readonly idleMs: number
  readonly sinceMs: number
  /** Requests without a complete answer. */
  requests = 0
  idleSinceMs: number
  timer: NodeJS.Timeout | null = null

  constructor(
    socket: Socket,
    circuit: Circuit,
    { nowMs, idleMs }: { nowMs: number; idleMs: number },
  ) {
    this.socket = socket
    this.circuit = circuit
    this.idleMs = idleMs
    this.sinceMs = nowMs
    this.idleSinceMs = nowMs
  }
}

interface Waiting {
  socket: Socket
  circuit: Circuit
  start: () => void
  timer: NodeJS.Timeout
}

export interface ConnectionParts {
  limits: Pick<FairnessLimits, 'maxConnections' | 'maxWaiting' | 'circuitConnections'>
  nowMs: () => number
  random: RandomBytes
}

/**
 * All connections of the intake. A connection is never closed to make room for another circuit:
 * otherwise an attacker who holds many connections could count the visits of others by watching
 * which of them are closed. When all places are taken, new connections wait, and those of circuits
 * that have used least so far are admitted first.
 */
export class Connections {
  readonly #parts: ConnectionParts
  readonly #bySocket = new Map<Socket, Connection>()
  readonly #byCircuit = new Map<Circuit, Set<Connection>>()
  readonly #waiting = new Set<Waiting>()
  readonly #used = new RecentUse()

  constructor(parts: ConnectionParts) {
    this.#parts = parts
  }

  get size(): number {
    return this.#bySocket.size
  }

  get waiting(): number {
    return this.#waiting.size
  }

  get isCrowded(): boolean {
    return this.size >= this.#parts.limits.maxConnections
  }

  /**
   * Calls `start` as soon as the connection has a place. Closes it if its circuit has its share
   * already, or if too many wait.
   */
  admit(socket: Socket, circuit: Circuit, start: () => void): void {
    if (socket.destroyed) return
    if (this.#isCircuitFull(circuit) && !this.#closeIdle(circuit)) return void socket.destroy()
    if (!this.isCrowded) return this.#start(socket, circuit, start)
    if (this.#waiting.size >= this.#parts.limits.maxWaiting) return void socket.destroy()
    this.#wait(socket, circuit, start)
  }

  /**
   * Counts a request, and closes a connection that has too many requests at once.
   * @returns a function to call when the request has been answered
   */
  beginRequest(socket: Socket): () => void {
    const connection = this.#bySocket.get(socket)
    if (connection === undefined) return () => {}
    connection.requests += 1
    this.#stopTimer(connection)
    if (connection.requests > MAX_REQUESTS_AT_ONCE) socket.destroy()
    let isOver = false
    return () => {
      if (isOver) return
      isOver = true
      connection.requests -= 1
      if (connection.requests === 0) this.#startTimer(connection)
    }
  }

  /** Closes all waiting connections, because the intake stops. */
  dropWaiting(): void {
    for (const { socket } of this.#waiting) socket.destroy()
  }

  #isCircuitFull(circuit: Circuit): boolean {
    if (circuit === SHARED) return false
    const waiting = [...this.#waiting].filter((one) => one.circuit === circuit).length
    const own = this.#byCircuit.get(circuit)?.size ?? 0
    return own + waiting >= this.#parts.limits.circuitConnections
  }

  /**
   * Closes the connection of the same circuit that has been idle longest. Returns false if there is
   * none.
   */
  #closeIdle(circuit: Circuit): boolean {
    const idle = [...(this.#byCircuit.get(circuit) ?? [])]
      .filter(({ requests }) => requests === 0)
      .toSorted((one, other) => one.idleSinceMs - other.idleSinceMs)[0]
    if (idle === undefined) return false
    this.#end(idle)
    idle.socket.destroy()
    return true
  }

  #start(socket: Socket, circuit: Circuit, start: () => void): void {
    const { nowMs, random } = this.#parts
    const idleMs = IDLE_MS.least + fractionFrom(random, circuit) * (IDLE_MS.most - IDLE_MS.least)
    const connection = new Connection(socket, circuit, { nowMs: nowMs(), idleMs })
    this.#bySocket.set(socket, connection)
    this.#byCircuit.set(circuit, (this.#byCircuit.get(circuit) ?? new Set()).add(connection))
    socket.once('close', () => this.#end(connection))
    this.#startTimer(connection)
    start()
  }

  #wait(socket: Socket, circuit: Circuit, start: () => void): void {
    const close = (): void => void socket.destroy()
    const forget = (): void => {
      clearTimeout(waiting.timer)
      socket.off('error', close).off('close', forget)
      this.#waiting.delete(waiting)
    }
    const waiting: Waiting = {
      socket,
      circuit,
      start: () => {
        forget()
        this.#start(socket, circuit, () => {
          start()
          socket.resume()
        })
      },
      timer: setTimeout(close, MAX_WAIT_MS),
    }
    this.#waiting.add(waiting)
    socket.on('error', close).on('close', forget).pause()
  }

  /** Gives free places to waiting connections. */
  #startWaiting(): void {
    while (!this.isCrowded && this.#waiting.size > 0) this.#next().start()
  }

  /**
   * The waiting connection whose circuit has the fewest connections; among equals, the one with the
   * least time connected, then the newest.
   */
  #next(): Waiting {
    const nowMs = this.#parts.nowMs()
    const rank = ({ circuit }: Waiting): number =>
      circuit === SHARED
        ? 0
        : (this.#byCircuit.get(circuit)?.size ?? 0) * 1e9 + this.#used.of(circuit, nowMs)
    let best: { waiting: Waiting; rank: number } | null = null
    for (const waiting of this.#waiting) {
      const own = rank(waiting)
      if (best === null || own <= best.rank) best = { waiting, rank: own }
    }
    if (best === null) throw new Error('nothing waits')
    return best.waiting
  }

  #startTimer(connection: Connection): void {
    connection.idleSinceMs = this.#parts.nowMs()
    connection.timer = setTimeout(() => connection.socket.destroy(), connection.idleMs)
  }

  #stopTimer(connection: Connection): void {
    if (connection.timer !== null) clearTimeout(connection.timer)
    connection.timer = null
  }

  #end(connection: Connection): void {
    const { socket, circuit } = connection
    if (!this.#bySocket.delete(socket)) return
    this.#stopTimer(connection)
    const own = this.#byCircuit.get(circuit)
    own?.delete(connection)
    if (own?.size === 0) this.#byCircuit.delete(circuit)
    const nowMs = this.#parts.nowMs()
    if (circuit !== SHARED) this.#used.add(circuit, nowMs - connection.sinceMs, nowMs)
    this.#startWaiting()
  }
}
