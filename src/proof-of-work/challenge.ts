import { objectIn } from '../json/object-in.ts'
import { proofNeeded } from '../wire/problem-codes.ts'

/**
 * A sum to be worked out, as altcha's version 1 states it: which number, written behind the salt,
 * has this SHA-256?
 */
export interface Challenge {
  algorithm: 'SHA-256'
  /** 64 hex digits. */
  challenge: string
  /** The number is one of 1 to this. */
  maxnumber: number
  salt: string
  /** Of the intake, 64 hex digits. */
  signature: string
}

/**
 * 2 to 3 s at most in Tor Browser's Safer on a desktop, where scripts are only interpreted; 15 s on
 * a phone five times as slow; half of it on average. Whoever asks for more than twice as much is no
 * intake of ours.
 */
export const maxNumber = 50_000
const mostAccepted = 2 * maxNumber

/** The longest that anything may take for a salt: with the number one block of SHA-256. */
const saltPattern = /^[0-9a-f]{8,40}&$/
const digestPattern = /^[0-9a-f]{64}$/

/** The challenge in the text of an answer; null for whatever else it is. */
export function challengeIn(text: string): Challenge | null {
  const { code, challenge: asked } = objectIn(text)
  if (code !== proofNeeded || typeof asked !== 'object' || asked === null) return null
  const { challenge, maxnumber, salt, signature } = asked as Record<string, unknown>
  if (!isDigest(challenge) || !isDigest(signature) || !isSalt(salt)) return null
  if (
    typeof maxnumber !== 'number' ||
    !Number.isInteger(maxnumber) ||
    maxnumber < 1 ||
    maxnumber > mostAccepted
  )
    return null
  return { algorithm: 'SHA-256', challenge, maxnumber, salt, signature }
}

/** What altcha calls the payload. */
export type Solution = Omit<Challenge, 'maxnumber'> & { number: number }

/** A solution has 282 characters or a few less. */
const maxSolutionChars = 400

export function writeSolution(solution: Solution): string {
  return btoa(JSON.stringify(solution))
}

/** Total: null for what `writeSolution` would not have made of a challenge of ours. */
export function readSolution(header: string): Solution | null {
  if (header.length > maxSolutionChars || !/^[A-Za-z0-9+/]+={0,2}$/.test(header)) return null
  const { algorithm, challenge, number, salt, signature } = objectIn(decode(header))
  if (algorithm !== 'SHA-256' || !isDigest(challenge) || !isDigest(signature) || !isSalt(salt))
    return null
  if (typeof number !== 'number' || !Number.isInteger(number) || number < 1 || number > maxNumber)
    return null
  return { algorithm, challenge, number, salt, signature }
}

function decode(base64: string): string {
  try {
    return atob(base64)
  } catch {
    return ''
  }
}

function isDigest(value: unknown): value is string {
  return typeof value === 'string' && digestPattern.test(value)
}

function isSalt(value: unknown): value is string {
  return typeof value === 'string' && saltPattern.test(value)
}
