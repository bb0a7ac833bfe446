import { EventEmitter } from 'node:events'
import type { Socket } from 'node:net'
import { beforeEach, describe, expect, it } from 'vitest'
import { type Circuit, SHARED } from '../../../src/server/fairness/circuit.ts'
import { Connections } from '../../../src/server/fairness/connections.ts'

class FakeSocket extends EventEmitter {
  destroyed = false

  destroy(): void {
    this.destroyed = true
    this.emit('close')
  }
}

let nowMs: number
let connections: Connections

beforeEach(() => {
  nowMs = 0
  connections = new Connections({
    limits: { maxConnections: 8, circuitConnections: 6 },
    nowMs: () => nowMs,
  })
})

function dial(circuit: string, count = 1): FakeSocket[] {
  return Array.from({ length: count }, () => {
    const socket = new FakeSocket()
    connections.admit(socket as unknown as Socket, circuit as Circuit)
    nowMs += 1
    return socket
  })
}

const open = (sockets: readonly FakeSocket[]): boolean[] =>
  sockets.map(({ destroyed }) => !destroyed)
const asSocket = (socket: FakeSocket | undefined): Socket => socket as unknown as Socket

describe('Connections', () => {
  it('gives one circuit no more than its share, and the place of its own spare ones', () => {
    const sockets = dial('greedy', 7)
    expect(open(sockets)).toEqual([true, true, true, true, true, true, false])
    nowMs += 10_000
    expect(open(dial('greedy'))).toEqual([true])
    expect(open(sockets)[0]).toBe(false)
    expect(connections.size).toBe(6)
  })

  it("gives a newcomer the place of the heaviest circuit's longest resting one", () => {
    const [light, heavy] = [dial('light', 2), dial('heavy', 6)]
    expect(open(dial('fresh'))).toEqual([true])
    expect([open(light), open(heavy)]).toEqual([
      [true, true],
      [false, true, true, true, true, true],
    ])
  })

  it('takes those with a request last, and those with an upload never', () => {
    const heavy = dial('heavy', 6)
    dial('light', 2)
    connections.beginUpload(asSocket(heavy[0]))
    connections.beginRequest(asSocket(heavy[1]))
    for (let count = 0; count < 4; count += 1) dial(`fresh ${count}`)
    expect(open(heavy)).toEqual([true, true, false, false, false, false])
  })

  it('refuses when everybody has one and works', () => {
    const busy = Array.from({ length: 8 }, (_, at) => dial(`circuit ${at}`)[0])
    for (const socket of busy) connections.beginUpload(asSocket(socket))
    expect(open(dial('fresh'))).toEqual([false])
  })

  it('lets one of equal weight have what rests for ten seconds', () => {
    for (let at = 0; at < 8; at += 1) dial(`circuit ${at}`)
    expect(open(dial('circuit 0'))).toEqual([false])
    nowMs += 10_000
    expect(open(dial('circuit 0'))).toEqual([true])
  })

  it('knows no share for what comes without a circuit', () => {
    expect(open(dial(SHARED, 8))).toEqual(Array.from({ length: 8 }, () => true))
  })

  it('ends one that asks for more than eight things at once', () => {
    const [one] = dial('a')
    const ends = Array.from({ length: 8 }, () => connections.beginRequest(asSocket(one)))
    ends[0]?.()
    connections.beginRequest(asSocket(one))
    expect(one?.destroyed).toBe(false)
    connections.beginRequest(asSocket(one))
    expect(one?.destroyed).toBe(true)
  })

  it('counts what ends only once', () => {
    const [one] = dial('a')
    const end = connections.beginRequest(asSocket(one))
    end()
    end()
    one?.destroy()
    expect(connections.size).toBe(0)
  })
})
