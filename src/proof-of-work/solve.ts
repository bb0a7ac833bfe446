import type { Challenge } from './challenge.ts'
import { writeSolution } from './challenge.ts'

/** A batch takes a few ms at most, so that other work in this thread is not delayed. */
const numbersAtOnce = 250

export interface SolverOptions {
  sha256: (bytes: Uint8Array) => Uint8Array
  signal: AbortSignal
}

/**
 * Tries every number from 1 upwards.
 * @returns the value of the request header; null if no number fits or the signal has fired
 */
export async function solve(
  asked: Challenge,
  { sha256, signal }: SolverOptions,
): Promise<string | null> {
  const { maxnumber, ...rest } = asked
  const wanted = bytesOf(asked.challenge)
  const tried = new Candidate(asked.salt)
  for (let number = 1; number <= maxnumber; number++) {
    if (number % numbersAtOnce === 0) {
      await nextTurn()
      if (signal.aborted) return null
    }
    if (isSame(sha256(tried.with(number)), wanted)) return writeSolution({ ...rest, number })
  }
  return null
}

/**
 * Salt and number as bytes. One buffer is reused for all numbers, because allocating new ones would
 * take half of the time.
 */
class Candidate {
  readonly #bytes: Uint8Array
  readonly #saltBytes: number

  constructor(salt: string) {
    const bytes = new TextEncoder().encode(salt)
    this.#saltBytes = bytes.length
    this.#bytes = new Uint8Array(bytes.length + 16)
    this.#bytes.set(bytes)
  }

  with(number: number): Uint8Array {
    const digits = String(number)
    for (let at = 0; at < digits.length; at++)
      this.#bytes[this.#saltBytes + at] = digits.charCodeAt(at)
    return this.#bytes.subarray(0, this.#saltBytes + digits.length)
  }
}

function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from({ length: hex.length / 2 }, (_, at) =>
    Number.parseInt(hex.slice(2 * at, 2 * at + 2), 16),
  )
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return one.every((byte, at) => byte === other[at])
}

/** Lets other events be handled. `setTimeout` would wait four ms each time. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = () => {
      port1.close()
      resolve()
    }
    port2.postMessage(null)
  })
}
