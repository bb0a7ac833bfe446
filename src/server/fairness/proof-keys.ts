import { createHmac, randomBytes } from 'node:crypto'

/** Gives the secret that signs the challenges of one epoch; the epochs of a series rise. */
export interface ProofKeys {
  secretOf: (epoch: number) => string
}

/** Keys that exist in the memory of this process only. */
export function ownProofKeys(): ProofKeys {
  return { secretOf: () => randomBytes(32).toString('base64') }
}

/**
 * Keys that every intake with the same shared key derives: the epoch follows from the clock, so an
 * intake accepts the challenges that another one has issued.
 */
export function sharedProofKeys(sharedKey: string): ProofKeys {
  return {
    secretOf: (epoch) =>
      createHmac('sha256', sharedKey).update(`tumen/proof-of-work/v1 ${epoch}`).digest('base64'),
  }
}
