/**
 * How fast the page seals in the current environment: a browser's worker at any security level, or
 * Node.
 */
import { nobleChunkCipher } from '../../src/age/noble-cipher.ts'
import type { ChunkEngine } from '../../src/age/stream.ts'
import { chunkBytes, sealPayload } from '../../src/age/stream.ts'
import type { ChunkThread } from '../../src/page/sealing/chunk-threads.ts'
import { engineInThisThread, startChunkEngine } from '../../src/page/sealing/chunk-engine.ts'
import { fastBulk as bulk } from '../../src/page/sealing/fast-bulk.ts'

export interface SealingSpeeds {
  megabytes: number
  /** All speeds are in MB/s; null if the platform lacks the function. */
  ours: number
  oursInOneThread: number
  rawNoble: number
  /**
   * SHA-256 in MB/s. The worker computes it over each file before sealing, and over the envelope
   * while sealing.
   */
  sha256: number
  webCryptoAesGcm: number | null
  /** Whether two workers could be started. */
  hasWorkers: boolean
}

const key = new Uint8Array(32).fill(7)
const pieceBytes = 1024 * 1024
const roundSeconds = 2

/** Takes some seconds. The lengths adapt to the speed, so that it also finishes in Safer. */
export async function measureSealing(spawn: () => ChunkThread): Promise<SealingSpeeds> {
  const engine = await startChunkEngine(spawn, bulk.cipher)
  const megabytes = await sizeFor(roundSeconds)
  return {
    megabytes,
    hasWorkers: engine.inFlight > 1,
    ours: await speedOf(megabytes, () => seal(engine, megabytes)),
    oursInOneThread: await speedOf(megabytes, () =>
      seal(engineInThisThread(bulk.cipher), megabytes),
    ),
    rawNoble: await speedOf(megabytes, async () => sealRaw(megabytes)),
    sha256: await speedOf(megabytes, async () => digest(megabytes)),
    webCryptoAesGcm: (globalThis.crypto as Crypto | undefined)?.subtle
      ? await speedOf(megabytes, () => sealWithWebCrypto(megabytes))
      : null,
  }
}

/** The number of megabytes, from 2 to 256, that one thread seals in that time. */
async function sizeFor(seconds: number): Promise<number> {
  const speed = await speedOf(2, async () => sealRaw(2))
  return Math.min(256, Math.max(2, Math.round(speed * seconds)))
}

async function speedOf(megabytes: number, work: () => Promise<void>): Promise<number> {
  const start = performance.now()
  await work()
  return (megabytes * pieceBytes) / 1000 / (performance.now() - start)
}

async function* plaintext(megabytes: number): AsyncGenerator<Uint8Array> {
  for (let number = 0; number < megabytes; number++) yield new Uint8Array(pieceBytes)
}

async function seal(engine: ChunkEngine, megabytes: number): Promise<void> {
  for await (const _bytes of sealPayload(key, plaintext(megabytes), engine)) continue
}

function sealRaw(megabytes: number): void {
  const chunk = new Uint8Array(chunkBytes)
  const output = new Uint8Array(chunkBytes + 16)
  const nonce = new Uint8Array(12)
  for (let done = 0; done < megabytes * pieceBytes; done += chunkBytes)
    nobleChunkCipher.chacha20Poly1305Seal(key, nonce, chunk, output)
}

function digest(megabytes: number): void {
  const hash = bulk.startSha256()
  const piece = new Uint8Array(pieceBytes)
  for (let number = 0; number < megabytes; number++) hash.update(piece)
  hash.digest()
}

async function sealWithWebCrypto(megabytes: number): Promise<void> {
  const aesKey = await crypto.subtle.importKey('raw', key, 'AES-GCM', false, ['encrypt'])
  const chunk = new Uint8Array(chunkBytes)
  const iv = new Uint8Array(12)
  for (let done = 0; done < megabytes * pieceBytes; done += chunkBytes)
    await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, aesKey, chunk)
}
