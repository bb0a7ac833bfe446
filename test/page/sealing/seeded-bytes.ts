import { createCipheriv } from 'node:crypto'

/** Incompressible bytes, like a photo's; the same seed gives the same bytes. */
export function seeded(bytes: number, seed: number): Uint8Array {
  return createCipheriv('aes-256-ctr', Buffer.alloc(32, seed), Buffer.alloc(16)).update(
    Buffer.alloc(bytes),
  )
}
