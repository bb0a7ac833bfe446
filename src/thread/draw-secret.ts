import type { Primitives } from '../age/primitives.ts'
import { deniedIndexes } from './denied-indexes.ts'
import { threadSecretBytes, wordIndexesOf } from './word-indexes.ts'

/**
 * Draws the secret of a new thread, repeatedly until its words contain no denied word in any of the
 * three languages. This costs about 1.6 bits of 128.
 */
export function drawThreadSecret(primitives: Pick<Primitives, 'randomBytes'>): Uint8Array {
  for (;;) {
    const secret = primitives.randomBytes(threadSecretBytes)
    if (!wordIndexesOf(secret).some((index) => deniedIndexes.has(index))) return secret
    secret.fill(0)
  }
}
