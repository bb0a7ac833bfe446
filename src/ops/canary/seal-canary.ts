import { createHash, randomBytes, randomInt } from 'node:crypto'
import { parseHeader } from '../../age/header.ts'
import type { Identity } from '../../age/keys.ts'
import { generateIdentity } from '../../age/keys.ts'
import type { Primitives } from '../../age/primitives.ts'
import { unwrapFileKey } from '../../age/recipient-stanzas.ts'
import { inlineEngine } from '../../age/stream.ts'
import { canaryTip } from '../../canary/canary-tip.ts'
import type { CanaryNote } from '../../canary/note.ts'
import { tokenBytes } from '../../canary/note.ts'
import type { Day } from '../../time/day.ts'
import { sealTip } from '../../seal/seal-tip.ts'
import type { Receipt } from '../../store/blob-store.ts'
import { writeTip } from '../../tip/write-tip.ts'

export interface SealedCanary {
  bytes: Uint8Array
  receipt: Receipt
  note: CanaryNote
}

/**
 * Seals a canary like a text-only tip, to the same number of recipients: our stanza is at a random
 * place among them, and nobody has the identities of the others.
 */
export async function sealCanary(options: {
  primitives: Primitives
  identity: Identity
  recipients: number
  day: Day
}): Promise<SealedCanary> {
  const { primitives, identity, day } = options
  const recipients = Array.from({ length: options.recipients - 1 }, () => nobody(primitives))
  recipients.splice(randomInt(options.recipients), 0, identity)
  const token = randomBytes(tokenBytes).toString('hex')
  const envelope = await sealTip({
    primitives,
    engine: inlineEngine(primitives),
    recipients,
    tip: canaryTip(token),
    files: [],
    serialize: writeTip,
  })
  const pieces: Uint8Array[] = []
  for await (const piece of envelope.content) pieces.push(piece.slice())
  const bytes = Buffer.concat(pieces)
  const fileKey = unwrapFileKey(primitives, identity, parseHeader(bytes).stanzas)
  if (fileKey === null) throw new Error('a canary does not open to its own identity')
  return {
    bytes,
    receipt: createHash('sha256').update(bytes).digest('hex'),
    note: { fileKey, token, day },
  }
}

/** A recipient whose identity is discarded at once. */
function nobody(primitives: Primitives): Identity {
  const identity = generateIdentity(primitives, 'hybrid')
  identity.wipe()
  return identity
}
