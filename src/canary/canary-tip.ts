import { concat } from '../age/bytes.ts'
import { maxHeaderBytes } from '../age/header.ts'
import { payloadNonceBytes, sealedPayloadBytes } from '../age/stream.ts'
import { minPaddedBytes } from '../tip/bounds.ts'
import type { DetentionTip } from '../tip/schema.ts'
import { packTip } from '../tip/tar-writer.ts'
import { writeTip } from '../tip/write-tip.ts'

/** The longest possible envelope of a text-only tip. */
export const maxCanaryBytes =
  maxHeaderBytes + payloadNonceBytes + sealedPayloadBytes(minPaddedBytes)

/** The content of a canary, which differs from every tip and every other canary. */
export function canaryTip(token: string): DetentionTip {
  return { narrative: `This is a canary of the server and no tip. ${token}` }
}

/** The exact plaintext of the canary with this token. */
export async function canaryPlaintext(token: string): Promise<Uint8Array> {
  const pieces: Uint8Array[] = []
  for await (const piece of packTip({ tipJson: writeTip(canaryTip(token)), attachments: [] }))
    pieces.push(piece)
  return concat(...pieces)
}
