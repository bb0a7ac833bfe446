import type { Redis } from 'ioredis'

const prefix = '{tumen}:proof:'

/** A challenge is valid for at most ten minutes, so its use is remembered for as long. */
const rememberedMs = 10 * 60_000

/**
 * The used solutions of all intakes. A key is the SHA-256 of the challenge's salt and number, and
 * belongs to no source.
 */
export interface RedeemedProofs {
  /** False if another intake has accepted it; null if Redis does not answer. */
  use(challenge: string): Promise<boolean | null>
  /** Allows it to be used again. Never rejects. */
  giveBack(challenge: string): Promise<void>
}

export function createRedeemedProofs(redis: Redis): RedeemedProofs {
  return {
    use: (challenge) =>
      redis.set(`${prefix}${challenge}`, '1', 'PX', rememberedMs, 'NX').then(
        (answer) => answer === 'OK',
        () => null,
      ),
    giveBack: (challenge) =>
      redis.del(`${prefix}${challenge}`).then(
        () => {},
        () => {},
      ),
  }
}
