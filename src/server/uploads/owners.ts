import { type Circuit, SHARED } from '../fairness/circuit.ts'

/**
 * A circuit that has not used its upload for this long is forgotten: any circuit may then continue
 * it.
 */
const FORGET_MS = 10 * 60_000

/** Which circuit started or last continued each upload. Kept in memory only, for minutes. */
export class UploadOwners {
  readonly #nowMs: () => number
  readonly #owners = new Map<string, { circuit: Circuit; seenMs: number }>()

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs
  }

  of(id: string): Circuit {
    const owner = this.#owners.get(id)
    if (owner === undefined) return SHARED
    if (this.#nowMs() - owner.seenMs < FORGET_MS) return owner.circuit
    this.#owners.delete(id)
    return SHARED
  }

  set(id: string, circuit: Circuit): void {
    if (circuit !== SHARED) this.#owners.set(id, { circuit, seenMs: this.#nowMs() })
  }

  delete(id: string): void {
    this.#owners.delete(id)
  }

  /** Also forgets expired owners that nobody asks for. */
  forget(): void {
    for (const id of this.#owners.keys()) this.of(id)
  }
}
