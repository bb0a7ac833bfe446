import { ascii, concat } from '../age/bytes.ts'
import { hkdf } from '../age/hkdf.ts'
import { Identity, parseRecipient, recipientOf } from '../age/keys.ts'
import type { Primitives } from '../age/primitives.ts'
import { hexOf } from '../age/hex.ts'
import type { ReplyGroup } from './reply-group.ts'

export { checkReplyGroup } from './reply-group.ts'
export type { ReplyGroup, ReplyGroupProblem } from './reply-group.ts'

/** The salt of everything that is derived from the words of a thread. */
const threadLabel = ascii('tumen/thread/v1')
const replyLabel = ascii('tumen/reply/v1')
const openedLabel = ascii('tumen/opened/v1')

/** Thread ids and tags are digests cut to this length. */
export const tagBytes = 16
/** Length of the random id of a drop. */
export const dropIdBytes = 16

/** What the twelve words give: all of it is as secret as the words, except recipient and id. */
export interface Thread {
  secret: Uint8Array
  identity: Identity
  /** `age1pq1…`: answers are sealed to it. */
  recipient: string
  /** 32 bytes: whoever has it knows in which slots of a drop the answers of the thread are. */
  tagKey: Uint8Array
  /** 32 hex digits. */
  id: string
}

/** Derives the keys of a thread from its secret of 16 bytes (HKDF-SHA-256, RFC 5869). */
export function deriveThread(primitives: Primitives, secret: Uint8Array): Thread {
  const seed = hkdf(primitives, secret, threadLabel, ascii('identity'))
  const identity = new Identity('hybrid', seed, primitives.xwingPublicKey(seed))
  const tagKey = hkdf(primitives, secret, threadLabel, ascii('tag'))
  const recipient = recipientOf(identity)
  return { secret, identity, recipient, tagKey, id: threadIdOf(primitives, { recipient, tagKey }) }
}

/** Overwrites every secret of a thread. */
export function wipeThread({ secret, identity, tagKey }: Thread): void {
  for (const bytes of [secret, identity.secret, tagKey]) bytes.fill(0)
}

/**
 * The name of a thread: it is computed from recipient and tag key, never read from a tip.
 * @throws AgeError `RECIPIENT_INVALID`.
 */
export function threadIdOf(
  primitives: Pick<Primitives, 'sha256'>,
  { recipient, tagKey }: Pick<Thread, 'recipient' | 'tagKey'>,
): string {
  const { publicKey } = parseRecipient(recipient)
  const digest = primitives.sha256(concat(threadLabel, publicKey, tagKey))
  return hexOf(digest.subarray(0, tagBytes))
}

/** The tag of the thread's slot number `k`, from 0, in a drop: 32 hex digits. */
export function replyTag(
  primitives: Pick<Primitives, 'hmacSha256'>,
  tagKey: Uint8Array,
  dropId: Uint8Array,
  k: number,
): string {
  return cutTag(primitives, tagKey, concat(replyLabel, dropId, Uint8Array.of(k)))
}

/** The tag that says in a drop: staff have opened a tip of this thread. 32 hex digits. */
export function openedTag(
  primitives: Pick<Primitives, 'hmacSha256'>,
  tagKey: Uint8Array,
  dropId: Uint8Array,
): string {
  return cutTag(primitives, tagKey, concat(openedLabel, dropId))
}

/** What goes into a tip, so that it can be answered. */
export function replyGroupOf(
  { recipient, tagKey }: Pick<Thread, 'recipient' | 'tagKey'>,
  language: ReplyGroup['language'],
): ReplyGroup {
  return { recipient, tag_key: hexOf(tagKey), language }
}

function cutTag(
  primitives: Pick<Primitives, 'hmacSha256'>,
  tagKey: Uint8Array,
  message: Uint8Array,
): string {
  return hexOf(primitives.hmacSha256(tagKey, message).subarray(0, tagBytes))
}
