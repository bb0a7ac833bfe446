import { EventEmitter } from 'node:events'
import type { Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Circuit, SHARED } from '../../../src/server/fairness/circuit.ts'
import { Connections } from '../../../src/server/fairness/connections.ts'
import { MAX_WAITING } from '../../../src/server/fairness/limits.ts'

class FakeSocket extends EventEmitter {
  destroyed = false
  isStarted = false

  pause(): void {}
  resume(): void {}

  destroy(): void {
    if (this.destroyed) return
    this.destroyed = true
    this.emit('close')
  }
}

let nowMs: number
let connections: Connections

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  nowMs = 0
  connections = makeConnections()
})
afterEach(() => void vi.useRealTimers())

function makeConnections(random = 0): Connections {
  return new Connections({
    limits: { maxConnections: 8, maxWaiting: MAX_WAITING, circuitConnections: 6 },
    nowMs: () => nowMs,
    random: (_circuit, count) => Buffer.alloc(count, random),
  })
}

function pass(ms: number): void {
  nowMs += ms
  vi.advanceTimersByTime(ms)
}

function dial(circuit: string, count = 1): FakeSocket[] {
  return Array.from({ length: count }, () => {
    const socket = new FakeSocket()
    connections.admit(
      socket as unknown as Socket,
      circuit as Circuit,
      () => void (socket.isStarted = true),
    )
    nowMs += 1
    return socket
  })
}

const open = (sockets: readonly FakeSocket[]): boolean[] =>
  sockets.map(({ destroyed }) => !destroyed)
const started = (sockets: readonly FakeSocket[]): boolean[] =>
  sockets.map(({ isStarted }) => isStarted)
const asSocket = (socket: FakeSocket | undefined): Socket => socket as unknown as Socket

describe('Connections', () => {
  it('replaces an idle connection of the same circuit when the circuit has its share', () => {
    const sockets = dial('greedy', 6)
    for (const socket of sockets.slice(1)) connections.beginRequest(asSocket(socket))
    expect(open(dial('greedy'))).toEqual([true])
    expect(open(sockets)).toEqual([false, true, true, true, true, true])
    expect(connections.size).toBe(6)
  })

  it('refuses a connection of a circuit that is using its whole share', () => {
    for (const socket of dial('greedy', 6)) connections.beginRequest(asSocket(socket))
    expect(open(dial('greedy'))).toEqual([false])
  })

  it('closes nothing for the sake of another circuit, and lets new connections wait', () => {
    const held = [...dial('heavy', 6), ...dial('light', 2)]
    const waiting = dial('fresh', 2)
    expect([open(held).every(Boolean), started(waiting), open(waiting)]).toEqual([
      true,
      [false, false],
      [true, true],
    ])
    held[0]?.destroy()
    expect(started(waiting).filter(Boolean)).toHaveLength(1)
  })

  it('serves circuits with the fewest connections first, then those connected least so far', () => {
    const [first, ...held] = [...dial('a', 6), ...dial('b', 2)]
    const [ofA] = dial('b')
    const [used] = dial('used')
    const [fresh] = dial('fresh')
    first?.destroy()
    expect(started([ofA, used, fresh] as FakeSocket[])).toEqual([false, false, true])
    nowMs += 60_000
    fresh?.destroy()
    expect(used?.isStarted).toBe(true)
    const [again] = dial('fresh')
    const [newer] = dial('newer')
    held[0]?.destroy()
    expect(started([again, newer] as FakeSocket[])).toEqual([false, true])
  })

  it.each([
    [0, 15_000],
    [255, 24_999],
  ])('ends an idle connection after its own random time: %i', (random, ms) => {
    connections = makeConnections(random)
    const [one] = dial('a')
    pass(Math.floor(ms) - 1)
    expect(one?.destroyed).toBe(false)
    pass(2)
    expect(one?.destroyed).toBe(true)
  })

  it('counts no time of a request as idle', () => {
    const [one] = dial('a')
    const end = connections.beginRequest(asSocket(one))
    pass(100_000)
    end()
    pass(14_999)
    expect(one?.destroyed).toBe(false)
    pass(1)
    expect(one?.destroyed).toBe(true)
  })

  it('closes connections that waited for a minute, and new ones when too many wait', () => {
    const held = dial(SHARED, 8)
    for (const socket of held) connections.beginRequest(asSocket(socket))
    const waiting = dial(SHARED, MAX_WAITING)
    expect(open(dial('late'))).toEqual([false])
    pass(60_000)
    expect(open(waiting).some(Boolean)).toBe(false)
    expect([connections.waiting, open(held).every(Boolean)]).toEqual([0, true])
  })

  it('has no share for connections without a circuit', () => {
    expect(started(dial(SHARED, 8))).toEqual(Array.from({ length: 8 }, () => true))
  })

  it('ends a connection with more than eight requests at once', () => {
    const [one] = dial('a')
    const ends = Array.from({ length: 8 }, () => connections.beginRequest(asSocket(one)))
    ends[0]?.()
    connections.beginRequest(asSocket(one))
    expect(one?.destroyed).toBe(false)
    connections.beginRequest(asSocket(one))
    expect(one?.destroyed).toBe(true)
  })

  it('counts the end of a request once', () => {
    const [one] = dial('a')
    const end = connections.beginRequest(asSocket(one))
    end()
    end()
    one?.destroy()
    expect(connections.size).toBe(0)
  })
})
