import { concat } from './bytes.ts'
import type { Primitives } from './primitives.ts'

type Hmac = Pick<Primitives, 'hmacSha256'>

/** HKDF-Extract with SHA-256 (RFC 5869 §2.2): 32 bytes. */
export function hkdfExtract(
  { hmacSha256 }: Hmac,
  salt: Uint8Array,
  keyMaterial: Uint8Array,
): Uint8Array {
  return hmacSha256(salt, keyMaterial)
}

/** HKDF-Expand (RFC 5869 §2.3) for at most 32 bytes: age never needs more than one block. */
export function hkdfExpand(
  { hmacSha256 }: Hmac,
  key: Uint8Array,
  info: Uint8Array,
  bytes = 32,
): Uint8Array {
  return hmacSha256(key, concat(info, Uint8Array.of(1))).subarray(0, bytes)
}

/** HKDF-SHA-256 (RFC 5869), 32 bytes. */
export function hkdf(
  hmac: Hmac,
  keyMaterial: Uint8Array,
  salt: Uint8Array,
  info: Uint8Array,
): Uint8Array {
  return hkdfExpand(hmac, hkdfExtract(hmac, salt, keyMaterial), info)
}
