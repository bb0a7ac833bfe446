import { join } from 'node:path'
import type { Keyring } from '../../keyring/keyring.ts'
import { repliesFolder } from '../../reply-store/layout.ts'
import { storedFiles } from '../../reply-store/reply-source.ts'
import { sharedFiles } from '../../reply-store/shared-files.ts'
import { readServed, type SignedFile } from '../../reply-store/served.ts'
import { StoreError } from '../../store/errors.ts'
import type { SharedFolder } from '../../store/s3-folder.ts'
import type { ReplyFiles, SignedReplyFile } from './shelf.ts'

export interface ReplyPlaces {
  dataDir: string
  /** The answers that all machines share; null if there is only this one. */
  shared: SharedFolder | null
}

/**
 * Reads the answers from the data folder, and those that another machine has taken in from the
 * store. @throws the system's error if the disk fails.
 */
export async function loadReplyFiles(
  { dataDir, shared }: ReplyPlaces,
  signers: { keyring: Keyring; day: string },
): Promise<ReplyFiles> {
  const here = storedFiles(join(dataDir, repliesFolder))
  const served =
    shared === null
      ? await readServed([here], signers)
      : await readServed([here, sharedFiles(shared)], signers).catch((error: unknown) => {
          // The store does not answer: what is here is complete, if perhaps not the newest.
          if (error instanceof StoreError) return readServed([here], signers)
          throw error
        })
  return { indexes: served.indexes.map(inBuffers), drops: served.drops.map(inBuffers) }
}

/** Without copying: a drop is in memory once. */
function inBuffers({ name, bytes, signature }: SignedFile): SignedReplyFile {
  return { name, bytes: bufferOf(bytes), signature: bufferOf(signature) }
}

function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
