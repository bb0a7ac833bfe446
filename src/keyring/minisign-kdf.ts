import { scryptSync } from 'node:crypto'

import { MinisignError } from './errors.ts'
import type { Secret } from './secret.ts'

/** libsodium's limits, as stored in a secret key file. */
export interface KdfLimits {
  readonly ops: bigint
  readonly memoryBytes: bigint
}

/** libsodium: crypto_pwhash_scryptsalsa208sha256_{OPS,MEM}LIMIT_SENSITIVE, minisign's default. */
export const sensitiveLimits: KdfLimits = { ops: 33_554_432n, memoryBytes: 1_073_741_824n }

const blockSize = 8
/** libsodium raises smaller limits to this value. */
const minOps = 32_768n

export interface ScryptParameters {
  readonly cost: number
  readonly blockSize: number
  readonly parallelization: number
}

/**
 * libsodium's `pickparams` (crypto_pwhash/scryptsalsa208sha256), with the same integer arithmetic.
 * @throws MinisignError `UNSUPPORTED` above minisign's own limits: a key file must not demand more
 *   memory or time than minisign itself ever does.
 */
export function pickScryptParameters(limits: KdfLimits): ScryptParameters {
  if (limits.ops > sensitiveLimits.ops || limits.memoryBytes > sensitiveLimits.memoryBytes)
    throw refused()
  const ops = limits.ops < minOps ? minOps : limits.ops
  if (ops < limits.memoryBytes / 32n) {
    return { cost: 2 ** costExponent(ops / BigInt(blockSize * 4)), blockSize, parallelization: 1 }
  }
  const exponent = costExponent(limits.memoryBytes / BigInt(blockSize * 128))
  const parallelization = Number(ops / 4n / 2n ** BigInt(exponent)) / blockSize
  if (parallelization < 1) throw refused()
  return { cost: 2 ** exponent, blockSize, parallelization: Math.floor(parallelization) }
}

/** @throws MinisignError `UNSUPPORTED`. */
export function deriveStream(
  passphrase: Secret,
  salt: Uint8Array,
  limits: KdfLimits,
  length: number,
): Uint8Array {
  const { cost, parallelization } = pickScryptParameters(limits)
  const needed = 128 * blockSize * (cost + parallelization + 2)
  const options = { N: cost, r: blockSize, p: parallelization, maxmem: needed + 1024 * 1024 }
  try {
    return new Uint8Array(scryptSync(passphrase.reveal(), salt, length, options))
  } catch (cause) {
    throw new MinisignError(
      'UNSUPPORTED',
      'this secret key needs 1 GiB of free memory to open: close programs and try again',
      cause,
    )
  }
}

/** The smallest exponent (from 1) with 2^exponent above half of `maxCost`. */
function costExponent(maxCost: bigint): number {
  let exponent = 1
  while (2n ** BigInt(exponent) <= maxCost / 2n) exponent += 1
  return exponent
}

function refused(): MinisignError {
  return new MinisignError(
    'UNSUPPORTED',
    'this secret key demands unusual scrypt limits: write it again with `minisign -C`',
  )
}
