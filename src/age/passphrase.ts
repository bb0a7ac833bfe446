import { scrypt } from 'node:crypto'
import { promisify } from 'node:util'
import { base64nopad } from '@scure/base'
import { ascii, concat } from './bytes.ts'
import { AgeError } from './errors.ts'
import { openFile, sealHeaderWith } from './file.ts'
import type { Stanza } from './header.ts'
import type { Primitives } from './primitives.ts'
import { fileKeyBytes, wrappedFileKeyBytes } from './recipient-stanzas.ts'
import { inlineEngine, sealPayload } from './stream.ts'

/** age's own default, which takes about a second on a desktop computer. */
const defaultLogN = 18
/** 1 GiB of memory. A larger value is considered an attack (age's own limit is 22). */
const maxLogN = 20
const saltBytes = 16
const label = ascii('age-encryption.org/v1/scrypt')
const zeroNonce = new Uint8Array(12)

/** Seals an identity file with a passphrase, like `age -p`; never used for tips. */
export async function sealWithPassphrase(
  primitives: Primitives,
  plaintext: Uint8Array,
  passphrase: string,
  logN = defaultLogN,
): Promise<Uint8Array> {
  const salt = primitives.randomBytes(saltBytes)
  const key = await stretch(passphrase, salt, logN)
  const header = sealHeaderWith(primitives, (fileKey) => [
    {
      args: ['scrypt', base64nopad.encode(salt), String(logN)],
      body: primitives.chacha20Poly1305Seal(key, zeroNonce, fileKey),
    },
  ])
  key.fill(0)
  const payload = sealPayload(header.payloadKey, once(plaintext), inlineEngine(primitives))
  return concat(header.bytes, ...(await Array.fromAsync(payload)))
}

/**
 * Opens a passphrase-protected identity file.
 * @throws AgeError `NO_MATCH` for the wrong passphrase, otherwise like `openFile`.
 */
export async function openWithPassphrase(
  primitives: Primitives,
  file: Uint8Array,
  passphrase: string,
): Promise<Uint8Array> {
  const tools = { primitives, engine: inlineEngine(primitives) }
  const unwrap = (stanzas: readonly Stanza[]) =>
    unwrapWithPassphrase(primitives, stanzas, passphrase)
  return concat(...(await Array.fromAsync(openFile(tools, unwrap, once(file)))))
}

/**
 * Unwraps the file key of a scrypt stanza (age §2.2.3). Null if there is no scrypt stanza or the
 * passphrase is wrong.
 */
export async function unwrapWithPassphrase(
  primitives: Primitives,
  stanzas: readonly Stanza[],
  passphrase: string,
): Promise<Uint8Array | null> {
  const stanza = stanzas.find(({ args }) => args[0] === 'scrypt')
  if (!stanza) return null
  if (stanzas.length > 1) throw invalid('is not the only one in the header')
  const { salt, logN } = readStanza(stanza)
  const key = await stretch(passphrase, salt, logN)
  const fileKey = primitives.chacha20Poly1305Open(key, zeroNonce, stanza.body)
  key.fill(0)
  return fileKey
}

function readStanza({ args, body }: Stanza): { salt: Uint8Array; logN: number } {
  const [, encodedSalt, workFactor, ...rest] = args
  if (encodedSalt === undefined || workFactor === undefined || rest.length > 0)
    throw invalid('has the wrong number of arguments')
  const salt = decodeSalt(encodedSalt)
  if (salt.length !== saltBytes) throw invalid('has a salt of the wrong length')
  if (!/^[1-9][0-9]?$/.test(workFactor)) throw invalid('has a malformed work factor')
  if (Number(workFactor) > maxLogN) throw invalid(`asks for more work than ${maxLogN} allows`)
  if (body.length !== wrappedFileKeyBytes)
    throw invalid(`does not hold a file key of ${fileKeyBytes} bytes`)
  return { salt, logN: Number(workFactor) }
}

function decodeSalt(text: string): Uint8Array {
  try {
    return base64nopad.decode(text)
  } catch {
    throw invalid('has a salt that is not base64')
  }
}

async function stretch(passphrase: string, salt: Uint8Array, logN: number): Promise<Uint8Array> {
  const cost = { N: 2 ** logN, r: 8, p: 1, maxmem: 2 ** (logN + 11) }
  const derive = promisify<string, Uint8Array, number, typeof cost, Buffer>(scrypt)
  return derive(passphrase, concat(label, salt), 32, cost)
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

function invalid(what: string): AgeError {
  return new AgeError('HEADER_INVALID', `the passphrase stanza ${what}`)
}
