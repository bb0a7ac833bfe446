import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { addRecipient, addSigner, createKeyring } from '../../../src/keyring/edit.ts'
import { generateIdentityPair, recipientsOf } from '../../../src/keyring/identity-file.ts'
import type { Keyring } from '../../../src/keyring/keyring.ts'
import { formatKeyring } from '../../../src/keyring/keyring.ts'
import type { SigningKey } from '../../../src/keyring/minisign.ts'
import {
  formatKeyId,
  formatPublicKeyFile,
  formatPublicKeyLine,
  generateSigningKey,
  signMinisign,
} from '../../../src/keyring/minisign.ts'
import { signKeyring } from '../../../src/keyring/sign.ts'
import type { ReplyIndex } from '../../../src/replies/index-file.ts'
import {
  dropTrustedComment,
  formatIndex,
  indexFileName,
  indexTrustedComment,
} from '../../../src/replies/index-file.ts'
import type { OutgoingMessage } from '../../../src/replies/make-drop.ts'
import { makeDrop } from '../../../src/replies/make-drop.ts'
import { encodeHeader } from '../../../src/tip/tar-header.ts'
import { newId } from '../../replies/samples.ts'
import { dropsPerBundle } from '../../../src/replies/bounds.ts'
import { primitives } from '../../support/ceremony.ts'
import { makeTempDir } from '../../support/temp-dir.ts'

export const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

/** Everything that a server serves, by path. */
export type Served = Map<string, Uint8Array>

export interface NamedDrop {
  id: string
  day: string
  bytes: Uint8Array
}

/** A keyring that the root signed. */
export interface SignedKeyringFiles {
  keyring: Keyring
  bytes: Uint8Array
  signature: string
}

/** The root of an organisation, and keyrings of its making. */
export class TestRoot {
  readonly key = generateSigningKey()
  readonly #analyst = {
    format: 'tumen-card' as const,
    version: 1 as const,
    kind: 'recipient' as const,
    name: 'analyst',
    role: 'analyst',
    ...recipientsOf(generateIdentityPair(primitives)),
  }

  issue(desks: readonly SigningKey[], day: string, expires = '2028-01-01'): SignedKeyringFiles {
    const always = { validFrom: day, validUntil: null }
    let keyring = addRecipient(createKeyring({ day, expires }), this.#analyst, always)
    for (const [number, desk] of desks.entries())
      keyring = addSigner(
        keyring,
        {
          format: 'tumen-card',
          version: 1,
          kind: 'signer',
          name: `desk ${number + 1}`,
          purpose: 'acknowledgement',
          public_key: formatPublicKeyLine(desk.publicKey),
        },
        always,
      )
    const bytes = formatKeyring(keyring)
    return { keyring, bytes, signature: signKeyring(bytes, this.key) }
  }
}

export async function dropFor(
  messages: readonly OutgoingMessage[],
  day: string,
  opened: readonly Uint8Array[] = [],
): Promise<NamedDrop> {
  const id = newId(primitives)
  const { bytes } = await makeDrop(primitives, { id, day, messages, opened })
  return { id, day, bytes }
}

export function indexOf(
  keyring: SignedKeyringFiles,
  drops: readonly NamedDrop[],
  changes: Partial<ReplyIndex> = {},
): ReplyIndex {
  return {
    format: 'tumen-replies',
    version: 1,
    day: '2027-03-10',
    seq: 5,
    reads: 2,
    keyring: { sha256: sha256(keyring.bytes), issued: keyring.keyring.issued, older: [] },
    organisation: null,
    closed: [],
    drops: drops.map(({ id, day, bytes }) => ({
      id,
      day,
      bytes: bytes.length,
      sha256: sha256(bytes),
    })),
    ...changes,
  }
}

export function signIndex(
  index: ReplyIndex,
  key: SigningKey,
): { bytes: Uint8Array; signature: Uint8Array } {
  const bytes = formatIndex(index)
  const trustedComment = indexTrustedComment(index)
  return {
    bytes,
    signature: Buffer.from(signMinisign({ secretKey: key, message: bytes, trustedComment })),
  }
}

export function signDrop({ id, bytes }: NamedDrop, key: SigningKey): Uint8Array {
  return Buffer.from(
    signMinisign({ secretKey: key, message: bytes, trustedComment: dropTrustedComment(id) }),
  )
}

/** What an honest server serves: one index for each desk, in the order of the keyring. */
export function serveHonestly(
  keyring: SignedKeyringFiles,
  desks: readonly { key: SigningKey; index: ReplyIndex; drops: readonly NamedDrop[] }[],
): Served {
  const served: Served = new Map()
  serveKeyring(served, keyring)
  const indexFiles: [string, Uint8Array][] = []
  for (const [position, { key, index, drops }] of desks.entries()) {
    const name = indexFileName(position === 0 ? null : formatKeyId(key.publicKey.keyId))
    const { bytes, signature } = signIndex(index, key)
    served.set(`/replies/${name}`, bytes)
    served.set(`/replies/${name}.minisig`, signature)
    indexFiles.push([name, bytes], [`${name}.minisig`, signature])
    for (const drop of drops) {
      served.set(`/replies/${drop.id}.tar`, drop.bytes)
      served.set(`/replies/${drop.id}.tar.minisig`, signDrop(drop, key))
    }
  }
  const drops = desks.flatMap((desk) => desk.drops).toSorted((a, b) => (a.day < b.day ? 1 : -1))
  const files = drops.map(({ id, bytes }): [string, Uint8Array] => [`${id}.tar`, bytes])
  served.set('/replies/newest.tar', bundleOf([...indexFiles, ...files.slice(0, dropsPerBundle)]))
  for (let from = dropsPerBundle; from < files.length; from += dropsPerBundle) {
    const bundle = bundleOf(files.slice(from, from + dropsPerBundle))
    served.set(`/replies/older-${from / dropsPerBundle}.tar`, bundle)
  }
  return served
}

export function serveKeyring(served: Served, { bytes, signature }: SignedKeyringFiles): void {
  served.set('/keyring.json', bytes)
  served.set('/keyring.json.minisig', Buffer.from(signature))
}

export function bundleOf(files: readonly [string, Uint8Array][]): Uint8Array {
  return Buffer.concat([
    ...files.flatMap(([name, bytes]) => [
      encodeHeader(name, bytes.length, '0'),
      bytes,
      new Uint8Array((512 - (bytes.length % 512)) % 512),
    ]),
    new Uint8Array(1024),
  ])
}

/** Serves the files until the test ends. */
export async function listenWith(served: Served): Promise<{ url: string; requests: string[] }> {
  const requests: string[] = []
  const server = createServer((request, response) => {
    requests.push(request.url ?? '')
    const bytes = served.get(request.url ?? '')
    if (bytes === undefined) response.writeHead(404).end()
    else response.writeHead(200, { 'content-length': bytes.length }).end(bytes)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  onTestFinished(() => void server.close())
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests }
}

/** The folder of a source by command: the root, and the words. */
export async function sourceMachine(
  root: TestRoot,
  words: readonly string[],
): Promise<{ dir: string; env: Record<string, string> }> {
  const dir = await makeTempDir()
  mkdirSync(join(dir, 'keys'))
  writeFileSync(join(dir, 'keys', 'root.pub'), formatPublicKeyFile(root.key.publicKey))
  writeFileSync(join(dir, 'words.txt'), `${words.join(' ')}\n`)
  return { dir, env: { TUMEN_KEYS_DIR: join(dir, 'keys') } }
}
