import { base32nopad } from '@scure/base'
import { combine, split } from 'shamir-secret-sharing'

import type { Primitives } from '../age/primitives.ts'
import type { Day } from '../time/day.ts'
import { ShareError } from './errors.ts'
import { fingerprintGroups } from './fingerprint.ts'
import { digestOfText } from './secret-text.ts'
import type { SecretText } from './secret-text.ts'
import { Secret } from './secret.ts'
import { maxSharedSecretBytes } from './share-format.ts'
import type { Share } from './share-format.ts'
import { count } from '../text/count.ts'

/** The number of a share is one byte. */
export const maxShares = 255
/** With a threshold of one, every share would be the key. */
export const minThreshold = 2
/** 40 random bits, which distinguish two splittings of the same key. */
const setBytes = 5

export interface Splitting {
  readonly of: string
  readonly day: Day
  readonly shares: number
  readonly threshold: number
}

/**
 * Splits a secret's text by Shamir's scheme over GF(2⁸). Fewer than `threshold` shares reveal
 * nothing about it.
 * @throws ShareError `BOUNDS`.
 */
export async function splitSecret(
  primitives: Primitives,
  secret: SecretText,
  splitting: Splitting,
): Promise<Share[]> {
  const { of, day, shares: total, threshold } = splitting
  refuseBounds(splitting)
  const plain = secret.text.reveal()
  if (plain.length > maxSharedSecretBytes)
    throw bounds(
      `the secret has ${plain.length} bytes, but the limit is ${maxSharedSecretBytes}: split one identity at a time`,
    )
  const set = base32nopad.encode(primitives.randomBytes(setBytes))
  const fingerprint = fingerprintGroups(secret.digest)
  const parts = await split(new Uint8Array(plain), total, threshold)
  return parts.map((bytes, index) => ({
    of,
    kind: secret.kind,
    number: index + 1,
    total,
    threshold,
    day,
    set,
    fingerprint,
    bytes,
  }))
}

/** A share, and the name of its file for error messages. */
export interface GivenShare {
  readonly from: string
  readonly share: Share
}

/**
 * Joins shares and checks that the result is the key that they name.
 * @throws ShareError `MIXED`, `DUPLICATE`, `TOO_FEW` or `NOT_RESTORED`.
 */
export async function combineShares(
  primitives: Primitives,
  given: readonly GivenShare[],
): Promise<SecretText> {
  const first = given[0]
  if (first === undefined) throw new ShareError('TOO_FEW', 'no share was given')
  refuseMixed(first, given)
  refuseDuplicates(given)
  refuseTooFew(first.share, given)
  const { kind, fingerprint } = first.share
  const plain = await combine(given.map(({ share }) => share.bytes)).catch(() => null)
  const digest = plain === null ? null : digestOrNull(primitives, kind, plain)
  if (plain !== null && digest !== null && fingerprintGroups(digest) === fingerprint)
    return { kind, text: new Secret(plain), digest }
  plain?.fill(0)
  throw new ShareError(
    'NOT_RESTORED',
    `${namesOf(given)} do not give the key that they name: one of them was changed or forged; try other shares of the set`,
  )
}

function refuseBounds({ shares, threshold }: Splitting): void {
  if (!Number.isInteger(shares) || shares < minThreshold || shares > maxShares)
    throw bounds(`there can be ${minThreshold} to ${maxShares} shares`)
  if (!Number.isInteger(threshold) || threshold < minThreshold)
    throw bounds(`the threshold is ${minThreshold} or more: with one, each share would be the key`)
  if (threshold > shares)
    throw bounds(
      `the threshold (${threshold}) is more than the shares (${shares}): nobody could ever restore the key`,
    )
}

function refuseMixed(first: GivenShare, given: readonly GivenShare[]): void {
  const other = given.find(({ share }) => share.set !== first.share.set)
  if (other !== undefined) {
    throw new ShareError(
      'MIXED',
      `these shares do not belong together: ${describe(first)}, ${describe(other)}`,
    )
  }
  const changed = given.find(({ share }) => !isOfOneSplitting(share, first.share))
  if (changed !== undefined) {
    throw new ShareError(
      'MIXED',
      `${first.from} and ${changed.from} contradict each other about the same set: one of them was changed`,
    )
  }
}

function isOfOneSplitting(one: Share, other: Share): boolean {
  return (
    one.of === other.of &&
    one.kind === other.kind &&
    one.threshold === other.threshold &&
    one.total === other.total &&
    one.fingerprint === other.fingerprint &&
    one.bytes.length === other.bytes.length
  )
}

function describe({ from, share: { number, of, day, set } }: GivenShare): string {
  return `${from} is share ${number} of ${of} (${day}, set ${set})`
}

function refuseDuplicates(given: readonly GivenShare[]): void {
  for (const [index, { from, share }] of given.entries()) {
    const earlier = given.slice(0, index).find((other) => other.share.number === share.number)
    if (earlier !== undefined)
      throw new ShareError(
        'DUPLICATE',
        `${earlier.from} and ${from} are both share ${share.number}: a copy counts once`,
      )
  }
}

function refuseTooFew({ threshold }: Share, given: readonly GivenShare[]): void {
  const missing = threshold - given.length
  if (missing <= 0) return
  throw new ShareError(
    'TOO_FEW',
    `${threshold} shares restore this key and only ${count(given.length, 'was', 'were')} given (${namesOf(given)}): ${count(missing, 'more is', 'more are')} needed`,
  )
}

function namesOf(given: readonly GivenShare[]): string {
  return given.map(({ from }) => from).join(', ')
}

function digestOrNull(
  primitives: Primitives,
  kind: Share['kind'],
  plain: Uint8Array,
): Uint8Array | null {
  try {
    return digestOfText(primitives, kind, plain)
  } catch {
    return null
  }
}

function bounds(why: string): ShareError {
  return new ShareError('BOUNDS', why)
}
