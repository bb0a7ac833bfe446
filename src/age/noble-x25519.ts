import { pow } from '@noble/curves/abstract/modular.js'
import { montgomery } from '@noble/curves/abstract/montgomery.js'

const fieldPrime = (1n << 255n) - 19n

/**
 * X25519 (RFC 7748 §5) on noble's Montgomery ladder. noble's own `x25519` multiplies the base
 * point on the Edwards curve: three times as fast, and half as much again for a page to load.
 */
export const x25519 = montgomery({
  P: fieldPrime,
  type: 'x25519',
  powPminus2: (x) => pow(x, fieldPrime - 2n, fieldPrime),
  adjustScalarBytes(bytes: Uint8Array) {
    // RFC 7748 §5: decodeScalar25519.
    bytes[0] = (bytes[0] ?? 0) & 248
    bytes[31] = ((bytes[31] ?? 0) & 127) | 64
    return bytes
  },
})
