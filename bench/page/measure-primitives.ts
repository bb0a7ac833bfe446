/** Our unrolled primitives against noble's in the current environment, in rounds that alternate. */
import { sha256 } from '@noble/hashes/sha2.js'
import { nobleChunkCipher } from '../../src/age/noble-cipher.ts'
import type { ChunkCipher } from '../../src/age/stream.ts'
import { chunkBytes, tagBytes } from '../../src/age/stream.ts'
import { unrolledChunkCipher } from '../../src/age/unrolled/cipher.ts'
import { UnrolledSha256 } from '../../src/age/unrolled/sha256.ts'

/** Medians, in MB/s. */
export interface PrimitiveSpeeds {
  sha256: { ours: number; noble: number }
  cipher: { ours: number; noble: number }
}

const rounds = 7
const roundMilliseconds = 400
const chunk = new Uint8Array(chunkBytes).fill(9)
const output = new Uint8Array(chunkBytes + tagBytes)
const key = new Uint8Array(32).fill(7)
const nonce = new Uint8Array(12)

const sealWith = (cipher: ChunkCipher) => () =>
  void cipher.chacha20Poly1305Seal(key, nonce, chunk, output)

const work = {
  ourSha256: () => void new UnrolledSha256().update(chunk).digest(),
  nobleSha256: () => void sha256(chunk),
  ourCipher: sealWith(unrolledChunkCipher),
  nobleCipher: sealWith(nobleChunkCipher),
}

export function measurePrimitives(): PrimitiveSpeeds {
  const speeds: Record<keyof typeof work, number[]> = {
    ourSha256: [],
    nobleSha256: [],
    ourCipher: [],
    nobleCipher: [],
  }
  const names = Object.keys(work) as (keyof typeof work)[]
  for (let round = 0; round < rounds; round++)
    for (const name of names) speeds[name].push(speedOf(work[name]))
  return {
    sha256: { ours: median(speeds.ourSha256), noble: median(speeds.nobleSha256) },
    cipher: { ours: median(speeds.ourCipher), noble: median(speeds.nobleCipher) },
  }
}

function speedOf(once: () => void): number {
  const start = performance.now()
  let count = 0
  let elapsed = 0
  for (; elapsed < roundMilliseconds; count++) {
    once()
    elapsed = performance.now() - start
  }
  return (count * chunkBytes) / 1000 / elapsed
}

function median(numbers: number[]): number {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? 0
}
