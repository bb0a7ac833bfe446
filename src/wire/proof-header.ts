/**
 * Header of requests that start a tip. It contains a solution, or `none` from a client that is able
 * to compute one. A client that does not send the header is never asked for a proof of work.
 */
export const proofHeader = 'tumen-proof-of-work'
export const noProofYet = 'none'
