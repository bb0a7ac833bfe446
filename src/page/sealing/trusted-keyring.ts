import { sha256 } from '@noble/hashes/sha2.js'
import { hex } from '@scure/base'
import type { Recipient } from '../../age/keys.ts'
import { parseRecipient } from '../../age/keys.ts'
import type { Day } from '../../keyring/day.ts'
import { fingerprintGroups } from '../../keyring/fingerprint.ts'
import { isExpired, maxKeyringBytes, recipientsOn } from '../../keyring/in-force.ts'
import type { Keyring } from '../../keyring/keyring.ts'
import { maxSignatureFileBytes, parsePublicKey } from '../../keyring/minisign-format.ts'
import { verifyMinisignWithNoble } from '../../keyring/verify-noble.ts'
import type { TrustedKeyring } from './sealer.ts'
import { SealingError } from './sealer.ts'

/** A keyring the root has signed. */
export interface SignedKeyring {
  keyring: Keyring
  /** SHA-256 of `keyring.json`, 64 hex digits. */
  fingerprint: string
}

/**
 * Fetches the keyring and checks that the root signed it.
 * @param options.rootKey the base64 line of `root.pub`.
 * @throws SealingError `KEYRING_UNREACHABLE` or `KEYRING_UNTRUSTED`.
 */
export async function fetchKeyring(options: { fetch: typeof fetch; origin: string; rootKey: string }): Promise<SignedKeyring> {
  const [bytes, signature] = await Promise.all([
    fetchBounded(options, '/keyring.json', maxKeyringBytes),
    fetchBounded(options, '/keyring.json.minisig', maxSignatureFileBytes),
  ])
  return checkSigned({ bytes, signature, rootKey: options.rootKey })
}

/** @throws SealingError `KEYRING_UNTRUSTED`. */
export function checkSigned({ bytes, signature, rootKey }: { bytes: Uint8Array; signature: Uint8Array; rootKey: string }): SignedKeyring {
  try {
    // The signature is checked before anything else is made of the bytes.
    verifyMinisignWithNoble({ publicKey: parsePublicKey(rootKey), message: bytes, signature })
    return { keyring: parseSigned(bytes), fingerprint: hex.encode(sha256(bytes)) }
  } catch (cause) {
    throw new SealingError('KEYRING_UNTRUSTED', 'the keyring is not as the root signed it', cause)
  }
}

/** What the page shows of it. @throws SealingError `KEYRING_EXPIRED`. */
export function describeKeyring(signed: SignedKeyring, day: Day): TrustedKeyring {
  const { keyring, fingerprint } = signed
  return {
    fingerprint: fingerprintGroups(fingerprint).split(' '),
    recipients: entriesInForce(signed, day).map(({ name, role }) => ({ name, role })),
    isDemo: keyring.demo,
    expires: keyring.expires,
  }
}

/** Whom a tip is sealed to on this day. @throws SealingError `KEYRING_EXPIRED`, `KEYRING_UNTRUSTED`. */
export function recipientsInForce(signed: SignedKeyring, day: Day): Recipient[] {
  try {
    return entriesInForce(signed, day).map(({ recipient }) => parseRecipient(recipient))
  } catch (cause) {
    if (cause instanceof SealingError) throw cause
    throw new SealingError('KEYRING_UNTRUSTED', 'the keyring has a damaged recipient', cause)
  }
}

function entriesInForce(signed: SignedKeyring, day: Day) {
  const entries = recipientsOn(signed.keyring, day)
  if (isExpired(signed, day) || entries.length === 0) {
    throw new SealingError('KEYRING_EXPIRED', `nobody in the keyring is in force on ${day}`)
  }
  return entries
}

/** `tumen keyring sign` signs nothing that breaks the schema; what is left to tell is another version of it. */
function parseSigned(bytes: Uint8Array): Keyring {
  const keyring = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as Keyring
  if (keyring.format === 'tumen-keyring' && keyring.version === 1) return keyring
  throw new TypeError('not a keyring of version 1')
}

async function fetchBounded(source: { fetch: typeof fetch; origin: string }, path: string, maxBytes: number): Promise<Uint8Array> {
  try {
    const { fetch, origin } = source
    const response = await fetch(new URL(path, origin), {
      cache: 'no-store', credentials: 'omit', referrerPolicy: 'no-referrer', redirect: 'error',
    })
    if (!response.ok || response.body === null) throw new TypeError(`answered with ${response.status}`)
    return await readBounded(response.body.getReader(), maxBytes)
  } catch (cause) {
    throw new SealingError('KEYRING_UNREACHABLE', `${path} did not come`, cause)
  }
}

async function readBounded(reader: ReadableStreamDefaultReader<Uint8Array>, maxBytes: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(maxBytes)
  let length = 0
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    if (length + next.value.length > maxBytes) {
      void reader.cancel().catch(() => undefined)
      throw new TypeError(`longer than ${maxBytes} bytes`)
    }
    bytes.set(next.value, length)
    length += next.value.length
  }
  return bytes.slice(0, length)
}
