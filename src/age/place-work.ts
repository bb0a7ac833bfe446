import { createHash } from 'node:crypto'
import type { PlaintextPart } from './plaintext-parts.ts'
import { readPlaintext } from './plaintext-parts.ts'
import { readRanges } from './read-file.ts'
import type { BatchSlot, ChunkCipher, FileRange } from './stream.ts'
import { chunkBytes, chunksPerBatch, newSlot, sealBatch, sealedChunkBytes } from './stream.ts'
import { writeAt } from './write-file.ts'

/** A payload that several threads seal into one open file, each chunk at its own position. */
export interface PlacedPayload {
  key: Uint8Array
  parts: readonly PlaintextPart[]
  plaintextBytes: number
  outputFd: number
  /** Where chunk 0 begins in the output. */
  outputAt: number
}

/** Consecutive chunks, from `first` up to but not including `end`. */
export interface ChunkSpan {
  first: number
  end: number
}

/**
 * Shared by all threads. `nextChunk` never decreases while chunks are left, so no two threads get
 * the same chunk and none is sealed twice. `sealedBatches` is for the progress bar.
 */
const counters = { nextChunk: 0, sealedBatches: 1, length: 2 } as const

/** A payload that several threads seal, and its counters in shared memory. */
export interface SharedWork {
  payload: PlacedPayload
  shared: Int32Array
}

/** Work that begins after the first `held` chunks. */
export function shareWork(payload: PlacedPayload, held: number): SharedWork {
  const shared = new Int32Array(new SharedArrayBuffer(4 * counters.length))
  shared[counters.nextChunk] = held
  return { payload, shared }
}

export function sealedBatches({ shared }: SharedWork): number {
  return Atomics.load(shared, counters.sealedBatches)
}

export function chunksOf(plaintextBytes: number): number {
  return Math.max(1, Math.ceil(plaintextBytes / chunkBytes))
}

/** Takes the next batch from the shared counter and seals it. @returns false if none was left */
export function sealNext(
  cipher: ChunkCipher,
  slot: BatchSlot,
  { payload, shared }: SharedWork,
): boolean {
  const all = chunksOf(payload.plaintextBytes)
  const first = Atomics.add(shared, counters.nextChunk, chunksPerBatch)
  if (first >= all) return false
  sealSpan(cipher, slot, payload, { first, end: Math.min(first + chunksPerBatch, all) })
  Atomics.add(shared, counters.sealedBatches, 1)
  return true
}

/** Called after one batch has failed: leaves no further batch for any thread. */
export function stopSealing({ payload, shared }: SharedWork): void {
  Atomics.store(shared, counters.nextChunk, chunksOf(payload.plaintextBytes))
}

/** Seals the first `held` chunks, which no thread has taken. */
export function sealHeld(cipher: ChunkCipher, payload: PlacedPayload, held: number): void {
  const slot = newSlot()
  for (let first = 0; first < held; first += chunksPerBatch)
    sealSpan(cipher, slot, payload, { first, end: Math.min(first + chunksPerBatch, held) })
}

/** Reads, seals and writes chunks, at most one batch of them. */
export function sealSpan(
  cipher: ChunkCipher,
  slot: BatchSlot,
  payload: PlacedPayload,
  { first, end }: ChunkSpan,
): void {
  const start = first * chunkBytes
  const length = Math.min(end * chunkBytes, payload.plaintextBytes) - start
  readPlaintext(payload.parts, start, slot.input.subarray(0, length))
  const isLast = end === chunksOf(payload.plaintextBytes)
  const batch = { key: payload.key, firstChunk: first, isLast, length, reads: [] }
  const sealed = slot.output.subarray(0, sealBatch(cipher, slot, batch).length)
  writeAt(payload.outputFd, sealed, payload.outputAt + first * sealedChunkBytes)
}

/** Fits into the cache of a core: larger pieces take a twentieth longer. */
const digestPieceBytes = 256 * 1024

/** SHA-256 of a range of a file, as 64 hex digits. */
export function digestRange({ fd, position, length }: FileRange): string {
  const hash = createHash('sha256')
  const buffer = new Uint8Array(Math.min(length, digestPieceBytes))
  for (let done = 0; done < length; done += digestPieceBytes) {
    const piece = buffer.subarray(0, length - done)
    readRanges(piece, [{ fd, position: position + done, length: piece.length, at: 0 }])
    hash.update(piece)
  }
  return hash.digest('hex')
}
