import { randomBytes } from 'node:crypto'
import type { Circuit } from './circuit.ts'

/**
 * Random values that a client can observe. They are drawn for a circuit, so that a test can give
 * each circuit a stream of its own and compare what a stranger sees with and without other people.
 */
export type RandomBytes = (circuit: Circuit, count: number) => Buffer

export const systemRandomBytes: RandomBytes = (_circuit, count) => randomBytes(count)

const BYTES = 6

/** From 0 to below 1. */
export function fractionFrom(random: RandomBytes, circuit: Circuit): number {
  return random(circuit, BYTES).readUIntBE(0, BYTES) / 2 ** (8 * BYTES)
}
