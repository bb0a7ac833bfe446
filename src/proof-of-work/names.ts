/**
 * Sent with what begins a tip: a solution, or `none` by a client that can work one out. Without it
 * nobody is asked.
 */
export const proofHeader = 'tumen-proof-of-work'
export const noProofYet = 'none'

/** The `code` of the problem that holds a challenge. */
export const proofNeeded = 'PROOF_OF_WORK_NEEDED'
