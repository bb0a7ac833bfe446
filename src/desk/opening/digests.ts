import { createHash } from 'node:crypto'

/** SHA-256 of a file while it is being written. */
export interface Digest {
  /** Called after `bytes` were appended to the file. */
  update(bytes: Uint8Array): void
  /** The digest in hex. May be called repeatedly. */
  finish(): Promise<string>
}

/** Starts the digest of an empty file, which must be readable and stay open until `finish`. */
export type StartDigest = (fd: number) => Digest

/** Digests in this thread, from memory. */
export const digestHere: StartDigest = () => {
  const hash = createHash('sha256')
  let digest: string | null = null
  return {
    update: (bytes) => void hash.update(bytes),
    finish: async () => (digest ??= hash.digest('hex')),
  }
}
