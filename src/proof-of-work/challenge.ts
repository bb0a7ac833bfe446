import { objectIn } from '../json/object-in.ts'
import { proofNeeded } from '../wire/problem-codes.ts'

/**
 * A proof-of-work challenge in the format of altcha version 1: the task is to find the number that,
 * appended to the salt, has this SHA-256.
 */
export interface Challenge {
  algorithm: 'SHA-256'
  /** SHA-256 as 64 hex digits. */
  challenge: string
  /** The number is between 1 and this maximum. */
  maxnumber: number
  salt: string
  /** The intake's signature as 64 hex digits. */
  signature: string
}

/**
 * Solving takes at most 2 to 3 s on a desktop in Tor Browser at the level Safer, where scripts are
 * interpreted, and at most 15 s on a phone that is five times as slow. The average is half of that.
 * A challenge with more than twice as many numbers is refused, because it cannot come from our
 * intake.
 */
export const maxNumber = 50_000
const maxAcceptedNumber = 2 * maxNumber

/**
 * The longest salt that any part of the system accepts. Salt and number fit into one block of
 * SHA-256.
 */
const saltPattern = /^[0-9a-f]{8,40}&$/
const digestPattern = /^[0-9a-f]{64}$/

/** The challenge in the body of an answer; null if there is none. */
export function challengeIn(text: string): Challenge | null {
  const { code, challenge: asked } = objectIn(text)
  if (code !== proofNeeded || typeof asked !== 'object' || asked === null) return null
  const { challenge, maxnumber, salt, signature } = asked as Record<string, unknown>
  if (!isDigest(challenge) || !isDigest(signature) || !isSalt(salt)) return null
  if (
    typeof maxnumber !== 'number' ||
    !Number.isInteger(maxnumber) ||
    maxnumber < 1 ||
    maxnumber > maxAcceptedNumber
  )
    return null
  return { algorithm: 'SHA-256', challenge, maxnumber, salt, signature }
}

/** The solution that the client sends, which altcha calls the payload. */
export type Solution = Omit<Challenge, 'maxnumber'> & { number: number }

/** A solution has at most 282 characters. */
const maxSolutionChars = 400

export function writeSolution(solution: Solution): string {
  return btoa(JSON.stringify(solution))
}

/** Parses a header. Null for anything that `writeSolution` would not have written. Never throws. */
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
