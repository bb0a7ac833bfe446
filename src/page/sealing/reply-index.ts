import type { Day } from '../../time/day.ts'
import type { ReplyIndex } from '../../replies/index-file.ts'
import { indexFileName, parseIndex } from '../../replies/index-file.ts'
import { signersOn } from '../../keyring/in-force.ts'
import type { Keyring } from '../../keyring/keyring.ts'
import { formatKeyId, parsePublicKey } from '../../keyring/minisign-format.ts'
import { verifyMinisignWithNoble } from '../../keyring/verify-noble.ts'

/** A key in force that signs indexes, and the name of its index. */
export interface IndexSigner {
  publicKey: string
  fileName: string
}

/** Every index that this keyring allows: each visit asks for all of them. */
export function indexSigners({ signers }: Keyring, day: Day): IndexSigner[] {
  return signersOn({ signers }, 'acknowledgement', day).map(({ public_key: publicKey }, place) => ({
    publicKey,
    fileName: indexFileName(place === 0 ? null : formatKeyId(parsePublicKey(publicKey).keyId)),
  }))
}

/** The index, or null for one that this signer did not sign, or that cannot be read. */
export function readSignedIndex(
  { publicKey }: IndexSigner,
  { bytes, signature }: { bytes: Uint8Array; signature: Uint8Array },
): ReplyIndex | null {
  try {
    // The signature is checked before the bytes are parsed.
    verifyMinisignWithNoble({ publicKey: parsePublicKey(publicKey), message: bytes, signature })
    return parseIndex(bytes)
  } catch {
    return null
  }
}
