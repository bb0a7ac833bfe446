import { randomBytes } from 'node:crypto'
import type { Circuit } from './circuit.ts'

/**
 * Source of random values that a client can observe. Each value is drawn for a circuit, so that a
 * test can give each circuit its own stream and compare what a stranger observes with and without
 * other people.
 */
export type RandomBytes = (circuit: Circuit, count: number) => Buffer

export const systemRandomBytes: RandomBytes = (_circuit, count) => randomBytes(count)

const BYTES = 6

/** A number from 0 up to, but not including, 1. */
export function fractionFrom(random: RandomBytes, circuit: Circuit): number {
  return random(circuit, BYTES).readUIntBE(0, BYTES) / 2 ** (8 * BYTES)
}
