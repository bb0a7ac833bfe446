import { randomBytes } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { addSigner } from '../../src/keyring/edit.ts'
import type { Keyring } from '../../src/keyring/keyring.ts'
import { formatSignature } from '../../src/keyring/minisign-format.ts'
import {
  formatKeyId,
  formatPublicKeyLine,
  generateSigningKey,
  type SigningKey,
  signMinisign,
} from '../../src/keyring/minisign.ts'
import { sodium } from '../../src/keyring/sodium.ts'
import { dropBytes } from '../../src/replies/bounds.ts'
import {
  dropTrustedComment,
  formatIndex,
  indexTrustedComment,
  type ReplyIndex,
} from '../../src/replies/index-file.ts'
import { digestOf } from '../../src/reply-store/stored-indexes.ts'

/** A keyring with a further desk, and its key. */
export function addOtherDesk(
  keyring: Keyring,
  validFrom: string,
): { otherDesk: SigningKey; twoDesks: Keyring } {
  const otherDesk = generateSigningKey()
  const card = {
    format: 'tumen-card',
    version: 1,
    kind: 'signer',
    name: 'other desk',
    purpose: 'acknowledgement',
    public_key: formatPublicKeyLine(otherDesk.publicKey),
  } as const
  return { otherDesk, twoDesks: addSigner(keyring, card, { validFrom, validUntil: null }) }
}

/** A drop as the server sees it: 140,288 bytes that it cannot read. */
export interface TestDrop {
  id: string
  bytes: Buffer
  day: string
}

export function makeTestDrop(day: string): TestDrop {
  return { id: randomBytes(16).toString('hex'), bytes: randomBytes(dropBytes), day }
}

export interface Carried {
  /** Name of the index. */
  name?: string
  seq: number
  day: string
  /** All drops that the index names, newest first. */
  drops?: readonly TestDrop[]
  keyring?: { sha256: string; issued: string; older?: string[] }
}

export function indexOf({ seq, day, drops = [], keyring }: Carried): ReplyIndex {
  return {
    format: 'tumen-replies',
    version: 1,
    day,
    seq,
    reads: 2,
    keyring: { sha256: 'a'.repeat(64), issued: day, older: [], ...keyring },
    organisation: null,
    closed: [],
    drops: drops.map((drop) => ({
      id: drop.id,
      day: drop.day,
      bytes: drop.bytes.length,
      sha256: digestOf(drop.bytes),
    })),
  }
}

/** Writes a folder of answers as a desk does, on a stick or anywhere else. */
export function writeReplies(folder: string, key: SigningKey, carried: Carried): Buffer {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const index = indexOf(carried)
  const bytes = Buffer.from(formatIndex(index))
  const name = carried.name ?? 'index.json'
  const put = (file: string, content: Uint8Array, trustedComment: string): void => {
    writeFileSync(join(folder, file), content)
    const signature = signMinisign({ secretKey: key, message: content, trustedComment })
    writeFileSync(join(folder, `${file}.minisig`), signature)
  }
  for (const { id, bytes: content } of carried.drops ?? [])
    put(`${id}.tar`, content, dropTrustedComment(id))
  put(name, bytes, indexTrustedComment(index))
  return bytes
}

/** A signature as `minisign -l` makes it: over the bytes themselves, not over their digest. */
export function signLegacy(key: SigningKey, message: Uint8Array): string {
  const sign = (bytes: Uint8Array): Uint8Array =>
    sodium.crypto_sign_detached(bytes, key.secret.reveal())
  const trustedComment = 'legacy'
  const signature = sign(message)
  return formatSignature(
    {
      algorithm: 'legacy',
      keyId: key.publicKey.keyId,
      signature,
      trustedComment,
      globalSignature: sign(Buffer.concat([signature, Buffer.from(trustedComment)])),
    },
    'made by a test',
  )
}

export const keyIdOf = (key: SigningKey): string => formatKeyId(key.publicKey.keyId)

/** Every file of a folder with its content, to see that nothing changed. */
export function filesIn(folder: string): Map<string, string> {
  return new Map(
    readdirSync(folder)
      .sort()
      .map((name) => [name, digestOf(readFileSync(join(folder, name)))]),
  )
}
