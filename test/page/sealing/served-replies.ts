import { createHash } from 'node:crypto'
import type { SigningKey } from '../../../src/keyring/minisign.ts'
import { signMinisign } from '../../../src/keyring/minisign.ts'
import type { ReplyIndex } from '../../../src/replies/index-file.ts'
import { formatIndex } from '../../../src/replies/index-file.ts'
import type { OutgoingMessage } from '../../../src/replies/make-drop.ts'
import { makeDrop } from '../../../src/replies/make-drop.ts'
import { splitMessage } from '../../../src/replies/message.ts'
import type { ReplyAsk } from '../../../src/replies/message.ts'
import { tagKeyOf } from '../../../src/thread/reply-group.ts'
import type { ReplyGroup } from '../../../src/thread/thread.ts'
import { blockPadding, encodeHeader } from '../../../src/tip/tar-header.ts'
import { primitives } from '../../support/ceremony.ts'

/** Answers as a server serves them, made with the desk's own code. */

export interface AnswerToWrite {
  to: ReplyGroup
  text: string
  asks?: readonly ReplyAsk[]
  day: string
}

export interface MadeReplyDrop {
  id: string
  day: string
  bytes: Uint8Array
}

const hexId = (): string => Buffer.from(primitives.randomBytes(16)).toString('hex')

/** A drop with these answers; `opened` are threads whose tips staff have opened. */
export async function dropWith(
  day: string,
  answers: readonly AnswerToWrite[],
  opened: readonly ReplyGroup[] = [],
): Promise<MadeReplyDrop & { messages: OutgoingMessage[] }> {
  const id = hexId()
  const messages = answers.map(({ to, text, asks = [], day: written }) => ({
    id: hexId(),
    recipient: to.recipient,
    tagKey: tagKeyOf(to),
    day: written,
    language: to.language,
    parts: splitMessage(text, asks),
    asks,
    isRepeat: false,
  }))
  const { bytes } = await makeDrop(primitives, { id, day, messages, opened: opened.map(tagKeyOf) })
  return { id, day, bytes, messages }
}

export function indexOf(
  change: Partial<ReplyIndex> & Pick<ReplyIndex, 'day' | 'keyring'>,
  drops: readonly MadeReplyDrop[] = [],
): ReplyIndex {
  return {
    format: 'tumen-replies',
    version: 1,
    seq: 1,
    reads: 2,
    organisation: null,
    closed: [],
    drops: drops.map(({ id, day, bytes }) => ({
      id,
      day,
      bytes: bytes.length,
      sha256: createHash('sha256').update(bytes).digest('hex'),
    })),
    ...change,
  }
}

/** The index as files, signed by a desk. */
export function indexFiles(
  index: ReplyIndex,
  desk: SigningKey,
  name = 'index.json',
): Record<string, Uint8Array> {
  const bytes = formatIndex(index)
  const signature = signMinisign({ secretKey: desk, message: bytes, trustedComment: 'index' })
  return { [name]: bytes, [`${name}.minisig`]: Buffer.from(signature) }
}

/** `newest.tar` with these files, in this order. */
export function bundleOf(files: Readonly<Record<string, Uint8Array>>): Uint8Array {
  const parts = Object.entries(files).flatMap(([name, bytes]) => [
    encodeHeader(name, bytes.length, '0'),
    bytes,
    new Uint8Array(blockPadding(bytes.length)),
  ])
  return Buffer.concat([...parts, new Uint8Array(1024)])
}

export const dropFiles = (drops: readonly MadeReplyDrop[]): Record<string, Uint8Array> =>
  Object.fromEntries(drops.map(({ id, bytes }) => [`${id}.tar`, bytes]))

/** Everything below `/replies/`, by path. */
export function servedReplies(
  index: Readonly<Record<string, Uint8Array>>,
  drops: readonly MadeReplyDrop[] = [],
): Record<string, Uint8Array> {
  const files = { ...index, 'newest.tar': bundleOf({ ...index, ...dropFiles(drops) }) }
  return Object.fromEntries(
    Object.entries(files).map(([name, bytes]) => [`/replies/${name}`, bytes]),
  )
}
