import { parseRecipient } from '../age/keys.ts'
import type { Primitives } from '../age/primitives.ts'
import { bytesOfHex } from '../age/hex.ts'

/** Languages in which a source can be answered: those of the tip's `lang`. */
export const replyLanguages = ['ko', 'zh', 'en', 'ug', 'bo', 'ru', 'other'] as const
export type ReplyLanguage = (typeof replyLanguages)[number]

export function isReplyLanguage(value: unknown): value is ReplyLanguage {
  return replyLanguages.some((each) => each === value)
}

/** The fields `reply` and `reply_next` of a tip. */
export interface ReplyGroup {
  /** `age1pq1…` */
  recipient: string
  /** 32 bytes as lower-case hex digits. */
  tag_key: string
  language: ReplyLanguage
}

/** Why a source cannot be answered, in one sentence without any value of the tip. */
export interface ReplyGroupProblem {
  problem: string
}

export const recipientChars = 1959
export const tagKeyBytes = 32
const fieldNames = ['language', 'recipient', 'tag_key']
const mlKemVectorBytes = 1152
const mlKemPublicKeyBytes = 1184
/** FIPS 203: the modulus of ML-KEM. */
const modulus = 3329

/**
 * Checks the group of a tip. A group that does not pass is never sealed to: it is reported.
 * @param value the field `reply` or `reply_next`, from outside.
 */
export function checkReplyGroup(
  primitives: Pick<Primitives, 'x25519' | 'randomBytes'>,
  value: unknown,
): ReplyGroup | ReplyGroupProblem {
  if (!isRecord(value)) return { problem: 'reply is not a group of fields' }
  if (Object.keys(value).toSorted().join() !== fieldNames.join())
    return { problem: 'reply does not have exactly the fields recipient, tag_key and language' }
  const { recipient, tag_key: tagKey, language } = value
  if (typeof tagKey !== 'string' || bytesOfHex(tagKey, tagKeyBytes) === null)
    return { problem: 'reply.tag_key is not 64 lower-case hex digits' }
  const known = replyLanguages.find((each) => each === language)
  if (known === undefined) return { problem: 'reply.language is not a known language' }
  const problem = recipientProblem(primitives, recipient)
  if (problem !== null || typeof recipient !== 'string')
    return { problem: `reply.recipient ${problem}` }
  return { recipient, tag_key: tagKey, language: known }
}

/** The bytes of a checked group's tag key. */
export function tagKeyOf({ tag_key: tagKey }: Pick<ReplyGroup, 'tag_key'>): Uint8Array {
  const bytes = bytesOfHex(tagKey, tagKeyBytes)
  if (bytes === null) throw new RangeError('a tag key has 64 hex digits')
  return bytes
}

function recipientProblem(
  primitives: Pick<Primitives, 'x25519' | 'randomBytes'>,
  recipient: unknown,
): string | null {
  if (typeof recipient !== 'string' || recipient.length > recipientChars)
    return 'is not an age1pq1 recipient'
  const publicKey = hybridKeyOf(recipient)
  if (publicKey === null) return 'is not an age1pq1 recipient'
  if (!hasReducedCoefficients(publicKey.subarray(0, mlKemVectorBytes)))
    return 'is not a valid ML-KEM key'
  // A point of low order gives the same shared secret whatever the other side draws.
  const point = publicKey.subarray(mlKemPublicKeyBytes)
  return primitives.x25519(primitives.randomBytes(32), point) === null
    ? 'has an X25519 key of low order'
    : null
}

function hybridKeyOf(recipient: string): Uint8Array | null {
  try {
    const { kind, publicKey } = parseRecipient(recipient)
    return kind === 'hybrid' ? publicKey : null
  } catch {
    return null
  }
}

/** FIPS 203 §7.2, "modulus check": three bytes hold two coefficients of 12 bits. */
function hasReducedCoefficients(vector: Uint8Array): boolean {
  for (let at = 0; at < vector.length; at += 3) {
    const [a = 0, b = 0, c = 0] = vector.subarray(at, at + 3)
    if ((a | ((b & 0x0f) << 8)) >= modulus || ((b >> 4) | (c << 4)) >= modulus) return false
  }
  return true
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
