import { createChallenge, verifySolution } from 'altcha-lib/v1'
import { type Challenge, maxNumber, readSolution } from '../../proof-of-work/challenge.ts'
import type { RedeemedProofs } from '../../queue/redeemed-proofs.ts'
import { ownProofKeys, type ProofKeys } from './proof-keys.ts'

/**
 * How often the signing key changes. A challenge is valid until the key that follows its own is
 * dropped: at least five minutes, at most ten.
 */
const KEY_MS = 5 * 60_000

/**
 * Maximum of used solutions remembered for each key, at about 100 bytes each. Beyond it the oldest
 * is forgotten, and could be used once more.
 */
const MOST_USED = 50_000

/** A solution that was accepted. */
export interface Redeemed {
  /** Allows the solution to be used again, because its request was not carried out. */
  giveBack: () => void
}

interface Key {
  readonly secret: string
  readonly epoch: number
  readonly used: Set<string>
}

export interface ProofsOfWorkOptions {
  /** With shared keys the time of day, which all intakes agree on within minutes. */
  nowMs: () => number
  keys?: ProofKeys
  /** What other intakes have accepted; without it, or while it is away, each remembers its own. */
  redeemed?: Pick<RedeemedProofs, 'use' | 'giveBack'> | null
  mostUsed?: number
}

/**
 * Issues challenges, and checks that a solution belongs to one of them and was not used before. A
 * challenge contains nothing about the client or the time: it is valid as long as the key that
 * signed it.
 */
export class ProofsOfWork {
  readonly #nowMs: () => number
  readonly #keys: ProofKeys
  readonly #redeemed: ProofsOfWorkOptions['redeemed']
  readonly #mostUsed: number
  #key: Key
  #before: Key | null = null

  constructor(options: ProofsOfWorkOptions) {
    this.#nowMs = options.nowMs
    this.#keys = options.keys ?? ownProofKeys()
    this.#redeemed = options.redeemed ?? null
    this.#mostUsed = options.mostUsed ?? MOST_USED
    const epoch = this.#epoch()
    this.#key = this.#makeKey(epoch)
    // Another intake may have asked for a proof before this one started.
    if (options.keys !== undefined) this.#before = this.#makeKey(epoch - 1)
  }

  async ask(): Promise<Challenge> {
    this.#turnKeys()
    const { salt, challenge, signature } = await createChallenge({
      hmacKey: this.#key.secret,
      maxnumber: maxNumber,
    })
    return { algorithm: 'SHA-256', challenge, maxnumber: maxNumber, salt, signature }
  }

  /** Null if the solution is wrong, forged, expired or already used. */
  async redeem(header: string): Promise<Redeemed | null> {
    this.#turnKeys()
    const solution = readSolution(header)
    if (solution === null) return null
    for (const key of [this.#key, this.#before]) {
      if (key !== null && (await verifySolution(solution, key.secret, false)))
        return await this.#use(key, solution.challenge)
    }
    return null
  }

  async #use({ used }: Key, challenge: string): Promise<Redeemed | null> {
    if (used.has(challenge)) return null
    used.add(challenge)
    const [oldest] = used
    if (used.size > this.#mostUsed && oldest !== undefined) used.delete(oldest)
    if ((await this.#redeemed?.use(challenge)) === false) return null
    return {
      giveBack: () => {
        used.delete(challenge)
        void this.#redeemed?.giveBack(challenge)
      },
    }
  }

  #turnKeys(): void {
    const epoch = this.#epoch()
    const passed = epoch - this.#key.epoch
    if (passed <= 0) return
    this.#before = passed === 1 ? this.#key : null
    this.#key = this.#makeKey(epoch)
  }

  #epoch(): number {
    return Math.floor(this.#nowMs() / KEY_MS)
  }

  #makeKey(epoch: number): Key {
    return { secret: this.#keys.secretOf(epoch), epoch, used: new Set() }
  }
}
