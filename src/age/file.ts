import { ascii, concat, equalConstantTime } from './bytes.ts'
import { AgeError } from './errors.ts'
import type { Header, Stanza } from './header.ts'
import { encodeHeader, encodeHeaderWithoutMac, HeaderParser } from './header.ts'
import { hkdf } from './hkdf.ts'
import type { Identity, Recipient } from './keys.ts'
import type { Primitives } from './primitives.ts'
import { fileKeyBytes, unwrapFileKey, wrapFileKey } from './recipient-stanzas.ts'
import { resume } from './resume.ts'
import type { ChunkEngine, Piece } from './stream.ts'
import { maxStanzas } from './walk.ts'
import { openPayload, payloadNonceBytes, sealedPayloadBytes, sealPayload } from './stream.ts'

const headerInfo = ascii('header')
const payloadInfo = ascii('payload')
const noSalt = new Uint8Array(0)

/** Finds the file key in a header's stanzas; returns null if no stanza can be unwrapped. */
export type Unwrap = (stanzas: readonly Stanza[]) => Promise<Uint8Array | null> | Uint8Array | null

/** A sealed header and the key of the payload that must follow it. */
export interface SealedHeader {
  /** Header and payload nonce: the first bytes of the file. */
  bytes: Uint8Array
  payloadKey: Uint8Array
}

/**
 * Creates the header of a new age file.
 * @throws AgeError `NO_STANZAS` without a recipient; `RECIPIENTS_MIXED` for post-quantum and
 *   classic recipients together: age refuses such a mix, because the file would only be as strong
 *   as its weakest stanza.
 */
export function sealHeader(primitives: Primitives, recipients: readonly Recipient[]): SealedHeader {
  if (recipients.length === 0) throw new AgeError('NO_STANZAS', 'there is no recipient to seal to')
  if (new Set(recipients.map(({ kind }) => kind)).size > 1) {
    throw new AgeError(
      'RECIPIENTS_MIXED',
      'post-quantum (age1pq1) and classic (age1) recipients cannot be mixed in one file',
    )
  }
  return sealHeaderWith(primitives, (fileKey) =>
    recipients.map((recipient) => wrapFileKey(primitives, recipient, fileKey)),
  )
}

/**
 * Creates a header (age §2.2–2.3): draws a file key, which `wrap` turns into stanzas. The file key
 * authenticates the header, and the payload key is derived from it.
 */
export function sealHeaderWith(
  primitives: Primitives,
  wrap: (fileKey: Uint8Array) => Stanza[],
): SealedHeader {
  const fileKey = primitives.randomBytes(fileKeyBytes)
  const stanzas = wrap(fileKey)
  const mac = headerMac(primitives, fileKey, encodeHeaderWithoutMac(stanzas))
  const nonce = primitives.randomBytes(payloadNonceBytes)
  const payloadKey = hkdf(primitives, fileKey, nonce, payloadInfo)
  fileKey.fill(0)
  return { bytes: concat(encodeHeader(stanzas, mac), nonce), payloadKey }
}

/** Seals `plaintext` to an age v1 file in constant memory. @throws AgeError like `sealHeader`. */
export async function* sealFile(
  { primitives, engine }: { primitives: Primitives; engine: ChunkEngine },
  recipients: readonly Recipient[],
  plaintext: AsyncIterable<Piece>,
): AsyncGenerator<Uint8Array> {
  const header = sealHeader(primitives, recipients)
  yield header.bytes
  yield* sealPayload(header.payloadKey, plaintext, engine)
  header.payloadKey.fill(0)
}

/** Length in bytes of the age file with this header and `plaintextBytes` bytes of plaintext. */
export function sealedFileBytes(header: SealedHeader, plaintextBytes: number): number {
  return header.bytes.length + sealedPayloadBytes(plaintextBytes)
}

/**
 * Opens an age v1 file in constant memory. The file is known to be complete only when the iteration
 * ends without an error: treat everything before that as provisional. `file` is always closed.
 * @throws AgeError `NOT_AGE`, `ARMORED`, `HEADER_…` for a malformed file, `NO_MATCH` if it is
 *   sealed to other recipients, `OPEN_FAILED` if it does not authenticate.
 */
export async function* openFile(
  { primitives, engine }: { primitives: Primitives; engine: ChunkEngine },
  unwrap: Unwrap,
  file: AsyncIterable<Piece>,
): AsyncGenerator<Uint8Array> {
  const pieces = file[Symbol.asyncIterator]()
  try {
    const { header, rest } = await readHeader(pieces)
    const fileKey = await unwrapChecked(primitives, unwrap, header)
    const { nonce, payload } = await readNonce(rest)
    const payloadKey = hkdf(primitives, fileKey, nonce, payloadInfo)
    fileKey.fill(0)
    yield* openPayload(payloadKey, payload, engine)
    payloadKey.fill(0)
  } finally {
    await pieces.return?.()
  }
}

/**
 * The desk refuses files with more stanzas than the intake accepts, because each costs a
 * decapsulation.
 */
function refuseManyStanzas(_type: string, number: number): void {
  if (number > maxStanzas)
    throw new AgeError('TOO_MANY_STANZAS', `the age file has more than ${maxStanzas} stanzas`)
}

/** Tries the identities in turn and calls `onMatch` with the identity that opened the file. */
export function unwrapWith(
  primitives: Primitives,
  identities: readonly Identity[],
  onMatch?: (identity: Identity) => void,
): Unwrap {
  return (stanzas) => {
    // age §2.2: a passphrase stanza must be the only stanza.
    if (stanzas.length > 1 && stanzas.some((stanza) => stanza.args[0] === 'scrypt')) {
      throw new AgeError('HEADER_INVALID', 'a passphrase stanza is not the only one in the header')
    }
    for (const identity of identities) {
      const fileKey = unwrapFileKey(primitives, identity, stanzas)
      if (!fileKey) continue
      onMatch?.(identity)
      return fileKey
    }
    return null
  }
}

async function unwrapChecked(
  primitives: Primitives,
  unwrap: Unwrap,
  header: Header,
): Promise<Uint8Array> {
  const fileKey = await unwrap(header.stanzas)
  if (!fileKey) throw new AgeError('NO_MATCH', 'the file is not sealed to any of these identities')
  const expected = headerMac(primitives, fileKey, header.macInput)
  if (!equalConstantTime(expected, header.mac))
    throw new AgeError('OPEN_FAILED', 'the header is damaged')
  return fileKey
}

function headerMac(primitives: Primitives, fileKey: Uint8Array, macInput: Uint8Array): Uint8Array {
  return primitives.hmacSha256(hkdf(primitives, fileKey, noSalt, headerInfo), macInput)
}

type Rest = AsyncGenerator<Piece>

async function readHeader(pieces: AsyncIterator<Piece>): Promise<{ header: Header; rest: Rest }> {
  const parser = new HeaderParser(refuseManyStanzas)
  for (let next = await pieces.next(); !next.done; next = await pieces.next()) {
    const bytes = requireBytes(next.value)
    const parsed = parser.push(bytes)
    if (parsed)
      return { header: parsed.header, rest: resume<Piece>(bytes.subarray(parsed.consumed), pieces) }
  }
  throw new AgeError('HEADER_INVALID', 'the age file ends inside its header')
}

async function readNonce(pieces: Rest): Promise<{ nonce: Uint8Array; payload: Rest }> {
  let seen: Uint8Array = new Uint8Array(0)
  while (seen.length < payloadNonceBytes) {
    const next = await pieces.next()
    if (next.done) throw new AgeError('HEADER_INVALID', 'the age file ends inside its nonce')
    seen = concat(seen, requireBytes(next.value))
  }
  return {
    nonce: seen.slice(0, payloadNonceBytes),
    payload: resume<Piece>(seen.subarray(payloadNonceBytes), pieces),
  }
}

// Refuses a file range in place of a header, because the header is parsed in this thread.
function requireBytes(piece: Piece): Uint8Array {
  if (piece instanceof Uint8Array) return piece
  throw new AgeError('HEADER_INVALID', 'the age header must come as bytes')
}
