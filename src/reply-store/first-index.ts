import type { SigningKey } from '../keyring/minisign.ts'
import { formatKeyId, signMinisign } from '../keyring/minisign.ts'
import type { Keyring } from '../keyring/keyring.ts'
import { formatIndex, indexTrustedComment, type ReplyIndex } from '../replies/index-file.ts'
import type { Day } from '../time/day.ts'
import { indexNamesOn } from './stored-indexes.ts'

export interface FirstIndex {
  name: string
  bytes: Uint8Array
  signature: Uint8Array
}

/**
 * The first index of a desk: without answers, it says only which keyring the desk has confirmed and
 * which edition of the tip's schema it reads. Null if the key is no acknowledgement signer in force
 * on this day.
 */
export function makeFirstIndex(options: {
  keyring: Keyring
  /** SHA-256 of `keyring.json`, and of `organisation.json` if there is one. */
  keyringSha256: string
  organisationSha256: string | null
  /** The newest edition of the tip's schema that the desk reads. */
  reads: number
  key: SigningKey
  day: Day
}): FirstIndex | null {
  const { keyring, key, day } = options
  const keyId = formatKeyId(key.publicKey.keyId)
  const name = indexNamesOn(keyring, day).find((named) => named.keyId === keyId)?.name
  if (name === undefined) return null
  const index: ReplyIndex = {
    format: 'tumen-replies',
    version: 1,
    day,
    seq: 1,
    reads: options.reads,
    keyring: { sha256: options.keyringSha256, issued: keyring.issued, older: [] },
    organisation: options.organisationSha256,
    closed: [],
    drops: [],
  }
  const bytes = formatIndex(index)
  const trustedComment = indexTrustedComment(index)
  const signature = signMinisign({ secretKey: key, message: bytes, trustedComment })
  return { name, bytes, signature: new TextEncoder().encode(signature) }
}
