import { concat } from '../age/bytes.ts'
import { base64 } from '@scure/base'

import { MinisignError } from './errors.ts'
import { deriveStream, sensitiveLimits } from './minisign-kdf.ts'
import type { KdfLimits } from './minisign-kdf.ts'
import { maxKeyFileBytes } from './bounds.ts'
import {
  ascii,
  asciiBytes,
  decodeExactly,
  keyIdBytes,
  malformed,
  splitLines,
  unsupported,
} from './minisign-format.ts'
import type { SigningKey } from './minisign-format.ts'
import { Secret } from './secret.ts'
import { sodium } from './sodium.ts'

// algorithm 2 | kdf 2 | checksum algorithm 2 | salt 32 | opslimit 8 | memlimit 8 | key id 8, secret
// 64, checksum 32
const saltOffset = 6
const saltBytes = 32
const opsOffset = saltOffset + saltBytes
const memOffset = opsOffset + 8
const boxOffset = memOffset + 8
const boxBytes = keyIdBytes + 64 + 32
const secretKeyBytes = boxOffset + boxBytes

const commentPrefix = 'untrusted comment: '
const noKdf = '\0\0'

/** Whether a passphrase is needed to read the key file. @throws MinisignError */
export function secretKeyIsProtected(text: string): boolean {
  return ascii(decodeSecretFile(text), 2) === 'Sc'
}

/**
 * Reads a secret key file. A protected file takes about three seconds and up to 1 GiB of memory.
 * @throws MinisignError `PASSPHRASE_NEEDED`, `PASSPHRASE_WRONG`, `MALFORMED` or `UNSUPPORTED`.
 */
export function parseSecretKey(text: string, passphrase?: Secret): SigningKey {
  const bytes = decodeSecretFile(text)
  const box = bytes.slice(boxOffset)
  const isProtected = ascii(bytes, 2) === 'Sc'
  if (isProtected) unmask(box, bytes, passphrase)
  const isIntact = sodium.memcmp(box.slice(-32), checksumOf(box))
  // `minisign -W` leaves the checksum of an unprotected key zero.
  const isUnchecked = !isProtected && box.slice(-32).every((byte) => byte === 0)
  if (!isIntact && !isUnchecked) throw brokenBox(isProtected)
  return openBox(box)
}

/** Writes a secret key file. Without a passphrase the key is unprotected, as by `minisign -W`. */
export function formatSecretKey(
  key: SigningKey,
  passphrase?: Secret,
  limits: KdfLimits = sensitiveLimits,
): string {
  const box = concat(key.publicKey.keyId, key.secret.reveal(), new Uint8Array(32))
  const salt =
    passphrase === undefined ? new Uint8Array(saltBytes) : sodium.randombytes_buf(saltBytes)
  if (passphrase !== undefined) {
    box.set(checksumOf(box), boxBytes - 32)
    xorInto(box, deriveStream(passphrase, salt, limits, boxBytes))
  }
  const kdf = passphrase === undefined ? noKdf : 'Sc'
  const limitBytes = passphrase === undefined ? new Uint8Array(16) : formatLimits(limits)
  const bytes = concat(asciiBytes(`Ed${kdf}B2`), salt, limitBytes, box)
  const text = `${commentPrefix}minisign encrypted secret key\n${base64.encode(bytes)}\n`
  bytes.fill(0)
  box.fill(0)
  return text
}

function decodeSecretFile(text: string): Uint8Array {
  const lines = splitLines(text, maxKeyFileBytes, 'secret key')
  if (lines.length !== 2 || !lines[0]?.startsWith(commentPrefix)) {
    throw malformed('secret key', 'expected a comment line and a key line')
  }
  const bytes = decodeExactly(lines[1], secretKeyBytes, 'secret key')
  if (ascii(bytes, 0) !== 'Ed') throw unsupported('secret key', ascii(bytes, 0))
  const kdf = ascii(bytes, 2)
  if (kdf !== 'Sc' && kdf !== noKdf) throw unsupported('secret key', kdf)
  if (ascii(bytes, 4) !== 'B2') throw unsupported('secret key', ascii(bytes, 4))
  return bytes
}

function unmask(box: Uint8Array, file: Uint8Array, passphrase: Secret | undefined): void {
  if (passphrase === undefined) {
    throw new MinisignError(
      'PASSPHRASE_NEEDED',
      'this secret key is protected by a passphrase: give it',
    )
  }
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  const limits = {
    ops: view.getBigUint64(opsOffset, true),
    memoryBytes: view.getBigUint64(memOffset, true),
  }
  xorInto(box, deriveStream(passphrase, file.slice(saltOffset, opsOffset), limits, boxBytes))
}

function openBox(box: Uint8Array): SigningKey {
  const seed = box.slice(keyIdBytes, keyIdBytes + 32)
  const pair = sodium.crypto_sign_seed_keypair(seed)
  const isConsistent = sodium.memcmp(pair.privateKey, box.slice(keyIdBytes, keyIdBytes + 64))
  const keyId = box.slice(0, keyIdBytes)
  seed.fill(0)
  box.fill(0)
  // Signing with a public half that does not belong to the seed would reveal the secret.
  if (!isConsistent) throw malformed('secret key', 'its two halves do not belong together')
  return { publicKey: { keyId, key: pair.publicKey }, secret: new Secret(pair.privateKey) }
}

/** minisign: BLAKE2b-256 over the algorithm, the key id and the secret key. */
function checksumOf(box: Uint8Array): Uint8Array {
  return sodium.crypto_generichash(
    32,
    concat(asciiBytes('Ed'), box.slice(0, keyIdBytes + 64)),
    null,
  )
}

function brokenBox(isProtected: boolean): MinisignError {
  if (isProtected)
    return new MinisignError(
      'PASSPHRASE_WRONG',
      'the passphrase does not open this secret key: try again',
    )
  return malformed('secret key', 'its checksum does not match')
}

function formatLimits(limits: KdfLimits): Uint8Array {
  const bytes = new Uint8Array(16)
  const view = new DataView(bytes.buffer)
  view.setBigUint64(0, limits.ops, true)
  view.setBigUint64(8, limits.memoryBytes, true)
  return bytes
}

function xorInto(target: Uint8Array, stream: Uint8Array): void {
  for (let index = 0; index < target.length; index += 1) {
    target[index] = (target[index] ?? 0) ^ (stream[index] ?? 0)
  }
  stream.fill(0)
}
