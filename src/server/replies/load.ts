import { join } from 'node:path'
import type { Keyring } from '../../keyring/keyring.ts'
import { repliesFolder } from '../../reply-store/layout.ts'
import { storedFiles } from '../../reply-store/reply-source.ts'
import { readServed, type SignedFile } from '../../reply-store/served.ts'
import type { ReplyFiles, SignedReplyFile } from './shelf.ts'

/** Reads the answers from the data folder. @throws the system's error if the disk fails. */
export async function loadReplyFiles(
  dataDir: string,
  signers: { keyring: Keyring; day: string },
): Promise<ReplyFiles> {
  const read = storedFiles(join(dataDir, repliesFolder))
  const { indexes, drops } = await readServed(read, signers)
  return { indexes: indexes.map(inBuffers), drops: drops.map(inBuffers) }
}

/** Without copying: a drop is in memory once. */
function inBuffers({ name, bytes, signature }: SignedFile): SignedReplyFile {
  return { name, bytes: bufferOf(bytes), signature: bufferOf(signature) }
}

function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
