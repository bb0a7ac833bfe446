import { randomBytes } from 'node:crypto'
import { createChallenge, verifySolution } from 'altcha-lib/v1'
import { type Challenge, maxNumber, readSolution } from '../../proof-of-work/challenge.ts'

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
  readonly sinceMs: number
  readonly used: Set<string>
}

/**
 * Issues challenges, and checks that a solution belongs to one of them and was not used before. A
 * challenge contains nothing about the client or the time: it is valid as long as the key that
 * signed it, which exists in memory only.
 */
export class ProofsOfWork {
  readonly #nowMs: () => number
  readonly #mostUsed: number
  #key: Key
  #before: Key | null = null

  constructor(nowMs: () => number, mostUsed = MOST_USED) {
    this.#nowMs = nowMs
    this.#mostUsed = mostUsed
    this.#key = this.#makeKey()
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
        return this.#use(key, solution.challenge)
    }
    return null
  }

  #use({ used }: Key, challenge: string): Redeemed | null {
    if (used.has(challenge)) return null
    used.add(challenge)
    const [oldest] = used
    if (used.size > this.#mostUsed && oldest !== undefined) used.delete(oldest)
    return { giveBack: () => void used.delete(challenge) }
  }

  #turnKeys(): void {
    const ageMs = this.#nowMs() - this.#key.sinceMs
    if (ageMs < KEY_MS) return
    this.#before = ageMs < 2 * KEY_MS ? this.#key : null
    this.#key = this.#makeKey()
  }

  #makeKey(): Key {
    return { secret: randomBytes(32).toString('base64'), sinceMs: this.#nowMs(), used: new Set() }
  }
}
