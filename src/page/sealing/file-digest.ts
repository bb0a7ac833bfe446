import type { Bulk } from './bulk.ts'

/** The browser digests only what is whole in memory, and copies it: at most 64 MiB for a moment. */
export const maxWholeBytes = 32 * 1024 * 1024

export interface FileDigest {
  update(piece: Uint8Array): unknown
  digest(): Uint8Array | Promise<Uint8Array>
}

/** SHA-256 of a file of `bytes` bytes: by the browser where it can, else by the page's code. */
export function startFileDigest({ subtle, startSha256 }: Bulk, bytes: number): FileDigest {
  if (subtle === null || bytes > maxWholeBytes) return startSha256()
  const whole = new Uint8Array(bytes)
  let length = 0
  return {
    update(piece) {
      whole.set(piece, length)
      length += piece.length
    },
    async digest() {
      const digest = await subtle.digest('SHA-256', whole).catch(() => null)
      if (digest !== null) return new Uint8Array(digest)
      const own = startSha256()
      own.update(whole)
      return own.digest()
    },
  }
}
