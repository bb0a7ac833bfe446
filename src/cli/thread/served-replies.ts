import { createHash } from 'node:crypto'
import type { Day } from '../../time/day.ts'
import { KeyringError, MinisignError } from '../../keyring/errors.ts'
import { isExpired } from '../../keyring/in-force.ts'
import type { Keyring } from '../../keyring/keyring.ts'
import { parseKeyring } from '../../keyring/keyring.ts'
import type { PublicKey } from '../../keyring/minisign.ts'
import { formatKeyId } from '../../keyring/minisign.ts'
import { verifyMinisignWithNoble } from '../../keyring/verify-noble.ts'
import { signerKeysOn, verifySignerWithNoble } from '../../keyring/verify-signer-noble.ts'
import { believeIndexes, dropsOf } from '../../replies/believe-indexes.ts'
import type { ServedIndex } from '../../replies/believe-indexes.ts'
import { dropName } from '../../replies/drop.ts'
import { ReplyError } from '../../replies/errors.ts'
import type { ReplyIndex } from '../../replies/index-file.ts'
import { indexFileName } from '../../replies/index-file.ts'
import type { JudgedKeys } from '../../replies/judge-index.ts'
import { judgeKeysByAll } from '../../replies/judge-index.ts'
import { dropsPerBundle, maxBundles } from '../../replies/bounds.ts'
import { readBundle } from '../../replies/bundle-reader.ts'
import { newestRepliesName, olderRepliesName } from '../../wire/names.ts'
import { failure } from '../frame/errors.ts'
import type { IntakeSource, SignedFile } from './fetch-replies.ts'
import { fetchBundle, fetchDrop, fetchIndex, fetchKeyringFiles } from './fetch-replies.ts'

/** A server's keyring and answers, as far as staff signed them. */
export interface ServedReplies {
  /** The day on which the keyring that was served was issued. */
  issued: Day
  keys: JudgedKeys
  indexes: ReplyIndex[]
  /** The bytes that were served under the name of each drop; not checked yet. */
  dropWithId: (id: string) => Uint8Array | null
}

/**
 * Fetches keyring, indexes and drops. What is fetched depends on the server alone, never on words.
 * @param root the key that signs the keyring.
 * @throws CliError `FAILED` if the server cannot be reached, or if its keyring is not the root's or
 *   has expired.
 */
export async function fetchReplies(
  source: IntakeSource,
  root: PublicKey,
  today: Day,
): Promise<ServedReplies> {
  const { keyring, sha256 } = readKeyring(await fetchKeyringFiles(source), root, today)
  const keys = signerKeysOn(keyring, 'acknowledgement', today)
  const served: ServedIndex[] = []
  for (const name of indexNames(keys)) {
    const index = await fetchIndex(source, name)
    if (index !== null) served.push(index)
  }
  const files = await fetchFiles(source, newestRepliesName)
  served.push(...signedFilesIn(files))
  const indexes = believeIndexes(served, (index) => signerOf(keys, index))
  await fetchOlderDrops(source, indexes, files)
  const { issued } = keyring
  return {
    issued,
    keys: judgeKeysByAll({ keyringSha256: sha256, keyringIssued: issued, indexes, today }),
    indexes,
    dropWithId: (id) => files.get(dropName(id)) ?? null,
  }
}

function readKeyring(
  { bytes, signature }: SignedFile,
  root: PublicKey,
  today: Day,
): { keyring: Keyring; sha256: string } {
  try {
    // The signature is checked before the bytes are parsed.
    verifyMinisignWithNoble({ publicKey: root, message: bytes, signature })
    const keyring = parseKeyring(bytes)
    if (isExpired({ keyring }, today))
      throw failure(`the keyring that was served expired on ${keyring.expires}: no answer is shown`)
    return { keyring, sha256: createHash('sha256').update(bytes).digest('hex') }
  } catch (cause) {
    if (!(cause instanceof MinisignError || cause instanceof KeyringError)) throw cause
    throw failure(
      'the keyring that was served is not signed by the root in your keyring folder: do not trust this server or the connection to it',
      cause,
    )
  }
}

function indexNames(keys: readonly PublicKey[]): string[] {
  return keys.map(({ keyId }, position) =>
    indexFileName(position === 0 ? null : formatKeyId(keyId)),
  )
}

function signerOf(keys: readonly PublicKey[], { bytes, signature }: ServedIndex): string | null {
  try {
    return formatKeyId(verifySignerWithNoble({ keys, message: bytes, signature }).key.keyId)
  } catch (error) {
    if (error instanceof MinisignError) return null
    throw error
  }
}

async function fetchFiles(source: IntakeSource, name: string): Promise<Map<string, Uint8Array>> {
  const bytes = await fetchBundle(source, name)
  if (bytes === null) return new Map()
  try {
    return readBundle(bytes)
  } catch (error) {
    if (error instanceof ReplyError) return new Map()
    throw error
  }
}

function signedFilesIn(files: ReadonlyMap<string, Uint8Array>): ServedIndex[] {
  return [...files].flatMap(([name, bytes]) => {
    const signature = files.get(`${name}.minisig`)
    return name.startsWith('index') && signature !== undefined ? [{ bytes, signature }] : []
  })
}

/** First whole bundles; then single drops, in case the server took in new ones meanwhile. */
async function fetchOlderDrops(
  source: IntakeSource,
  indexes: readonly ReplyIndex[],
  files: Map<string, Uint8Array>,
): Promise<void> {
  const drops = dropsOf(indexes).toReversed()
  const missing = () => drops.filter(({ id }) => !files.has(dropName(id)))
  const bundles = Math.min(Math.ceil(drops.length / dropsPerBundle), maxBundles)
  for (let number = 1; number < bundles && missing().length > 0; number += 1)
    for (const [name, bytes] of await fetchFiles(source, olderRepliesName(number)))
      if (!files.has(name)) files.set(name, bytes)
  for (const { id } of missing()) {
    const bytes = await fetchDrop(source, id)
    if (bytes !== null) files.set(dropName(id), bytes)
  }
}
