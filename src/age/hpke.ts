import { ascii, concat } from './bytes.ts'
import { hkdfExpand, hkdfExtract } from './hkdf.ts'
import type { Primitives } from './primitives.ts'

// The suite identifier of HPKE (RFC 9180 §7): "HPKE", KEM 0x647a MLKEM768-X25519, KDF 0x0001
// HKDF-SHA256, AEAD 0x0003 ChaCha20Poly1305.
const suiteId = concat(ascii('HPKE'), Uint8Array.of(0x64, 0x7a, 0x00, 0x01, 0x00, 0x03))
const versionLabel = ascii('HPKE-v1')
const empty = new Uint8Array(0)

/**
 * Key and nonce of the single message of an HPKE base-mode context (RFC 9180 §5.1,
 * KeySchedule with an empty psk), for the suite of age's `mlkem768x25519` recipients.
 */
export function hpkeKeySchedule(
  primitives: Pick<Primitives, 'hmacSha256'>,
  sharedSecret: Uint8Array,
  info: Uint8Array,
): { key: Uint8Array; nonce: Uint8Array } {
  const extract = (salt: Uint8Array, label: string, keyMaterial: Uint8Array) =>
    hkdfExtract(primitives, salt, concat(versionLabel, suiteId, ascii(label), keyMaterial))
  const context = concat(
    Uint8Array.of(0),
    extract(empty, 'psk_id_hash', empty),
    extract(empty, 'info_hash', info),
  )
  const secret = extract(sharedSecret, 'secret', empty)
  const expand = (label: string, bytes: number) =>
    hkdfExpand(
      primitives,
      secret,
      concat(Uint8Array.of(0, bytes), versionLabel, suiteId, ascii(label), context),
      bytes,
    )
  return { key: expand('key', 32), nonce: expand('base_nonce', 12) }
}
