/**
 * Request header of whatever starts a tip. It holds a solution, or `none` from a client that can
 * work one out. A client that does not send it is never asked for a proof of work.
 */
export const proofHeader = 'tumen-proof-of-work'
export const noProofYet = 'none'
