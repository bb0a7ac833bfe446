import { type Circuit, SHARED } from '../fairness/circuit.ts'

/**
 * A circuit that did nothing for its upload this long is forgotten: the upload is then everybody's.
 */
const FORGET_MS = 10 * 60_000

/** Which circuit began or went on with which upload. Never written down, and for minutes only. */
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

  /** Those nobody asks for are forgotten too. */
  forget(): void {
    for (const id of this.#owners.keys()) this.of(id)
  }
}
