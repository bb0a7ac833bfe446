import { StoreError } from './errors.ts'
import type { S3Bucket } from './s3-bucket.ts'

/** Small objects in a folder of the bucket, which all machines read and write. */
export interface SharedFolder {
  /** The names of all objects, each with a mark that changes with its bytes. */
  list(): Promise<Map<string, string>>
  /** Null if there is no such object, or one that is longer. */
  read(name: string, maxBytes: number): Promise<Uint8Array | null>
  /**
   * Writes an object and reads it back.
   * @param replaces the mark that the object must still have, or null if there must be none. A
   *   server that ignores conditions writes in any case.
   * @returns false if the condition was not met.
   */
  write(name: string, bytes: Uint8Array, replaces?: string | null): Promise<boolean>
  /** A missing object is not an error. */
  remove(name: string): Promise<void>
}

export function openSharedFolder(bucket: S3Bucket, folder: string): SharedFolder {
  const keyOf = (name: string): string => `${folder}/${name}`

  const read: SharedFolder['read'] = async (name, maxBytes) => {
    const found = await bucket.get(keyOf(name))
    if (found === null) return null
    const pieces: Uint8Array[] = []
    let bytes = 0
    for await (const piece of found.body) {
      bytes += piece.length
      // Leaving the loop closes the connection: a server cannot make us read for ever.
      if (bytes > maxBytes) return null
      pieces.push(piece)
    }
    return Buffer.concat(pieces)
  }

  return {
    read,
    async list() {
      const marks = new Map<string, string>()
      for await (const { name, etag } of bucket.list(folder)) marks.set(name, etag)
      return marks
    },
    async write(name, bytes, replaces) {
      const condition = replaces === null ? 'absent' : replaces && { etag: replaces }
      const written = await bucket.put(keyOf(name), bytes, condition || undefined)
      if (written === null) return false
      const back = await read(name, bytes.length)
      // Another machine may have replaced it meanwhile, which is no fault of the store.
      if (
        back !== null &&
        Buffer.compare(back, bytes) !== 0 &&
        written.etag === (await etagOf(name))
      )
        throw new StoreError('STORE_DOWN', 'the S3 store gave back other bytes than it was sent')
      return true
    },
    remove: (name) => bucket.remove(keyOf(name)),
  }

  async function etagOf(name: string): Promise<string | null> {
    return (await bucket.head(keyOf(name)))?.etag ?? null
  }
}
