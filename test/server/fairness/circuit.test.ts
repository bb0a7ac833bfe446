import { inspect } from 'node:util'
import { Socket } from 'node:net'
import { describe, expect, it } from 'vitest'
import { Circuits, SHARED } from '../../../src/server/fairness/circuit.ts'

const ADDRESS = 'fc00:dead:beef:4dad::1a:29'

function bound(circuits: Circuits, address: string | null): Socket {
  const socket = new Socket()
  circuits.bind(socket, address)
  return socket
}

describe('Circuits', () => {
  it('gives connections of one circuit one name, and others another', () => {
    const circuits = new Circuits()
    const [one, same, other] = [ADDRESS, ADDRESS, 'fc00:dead:beef:4dad::1a:2a'].map((address) =>
      circuits.of(bound(circuits, address)),
    )
    expect(one).toBe(same)
    expect(one).not.toBe(other)
    expect(one).not.toBe(SHARED)
  })

  it.each([
    null,
    '203.0.113.7',
    '2001:db8::1',
    'fc00:dead:beef:4dad::1a:29:1',
    'fc00:dead:beef:4dae::1a:29',
    '::1',
  ])('makes no name from %s', (address) => {
    const circuits = new Circuits()
    expect(circuits.of(bound(circuits, address))).toBe(SHARED)
  })

  it('names them by a key of its own, and shows no address', () => {
    const [circuits, others] = [new Circuits(), new Circuits()]
    const socket = bound(circuits, ADDRESS)
    expect(circuits.of(socket)).not.toBe(others.of(bound(others, ADDRESS)))
    expect(
      `${circuits.of(socket)}${inspect(circuits, { depth: 9, showHidden: true })}`,
    ).not.toContain('4dad')
  })
})
