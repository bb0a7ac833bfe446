import { AgeError } from './errors.ts'
import type { Primitives } from './primitives.ts'

/** age §2.3.2: STREAM (Hoang, Reyhanitabar, Rogaway, Vizár 2015) with ChaCha20-Poly1305. */
export const chunkBytes = 64 * 1024
export const tagBytes = 16
export const sealedChunkBytes = chunkBytes + tagBytes
export const payloadNonceBytes = 16

/**
 * 512 KiB: large enough that handing a batch to another core costs little compared with processing
 * it.
 */
export const chunksPerBatch = 8
/** Maximum size of the input or the output of a batch, whichever is larger. */
export const maxBatchBytes = chunksPerBatch * sealedChunkBytes

/**
 * A range of an open file in place of its bytes. The thread that processes the batch reads the
 * range itself, so that no byte moves between cores before it is processed.
 */
export interface FileRange {
  readonly fd: number
  readonly position: number
  readonly length: number
}

/**
 * A piece of a payload: bytes, which are valid until the next piece is requested, or a range of a
 * file.
 */
export type Piece = Uint8Array | FileRange

/** A file range of a batch, and its position (`at`) in the slot's input. */
export interface BatchRead extends FileRange {
  readonly at: number
}

/** Consecutive chunks of one payload. Only the last chunk of the payload may be short. */
export interface ChunkBatch {
  key: Uint8Array
  /** Number of the first chunk, from 0. */
  firstChunk: number
  /** Whether the batch contains the end of the payload. */
  isLast: boolean
  /** Number of bytes in the slot's input after all `reads`. */
  length: number
  reads: readonly BatchRead[]
}

/**
 * Memory for one batch. Slots are reused, because getting new pages from the kernel costs more than
 * the cipher.
 */
export interface BatchSlot {
  input: Uint8Array
  output: Uint8Array
}

/**
 * `length`: number of authentic bytes in the slot's output. `isWhole`: false if the next chunk
 * failed.
 */
export interface BatchResult {
  length: number
  isWhole: boolean
}

/** Seals and opens batches, in this thread or in others. */
export interface ChunkEngine {
  /** Number of batches that are processed at the same time. */
  readonly inFlight: number
  /** Lends a slot to the caller until it is given back. At most `inFlight` + 1 may be taken. */
  takeSlot(): BatchSlot
  giveSlot(slot: BatchSlot): void
  seal(slot: BatchSlot, batch: ChunkBatch): BatchResult | Promise<BatchResult>
  open(slot: BatchSlot, batch: ChunkBatch): BatchResult | Promise<BatchResult>
}

/** Length of the sealed chunks, without the nonce, of `plaintextBytes` bytes of plaintext. */
export function sealedPayloadBytes(plaintextBytes: number): number {
  return plaintextBytes + tagBytes * Math.max(1, Math.ceil(plaintextBytes / chunkBytes))
}

/** The only primitive that chunks need. */
export type ChunkCipher = Pick<Primitives, 'chacha20Poly1305Seal' | 'chacha20Poly1305Open'>

export function newSlot(): BatchSlot {
  return { input: new Uint8Array(maxBatchBytes), output: new Uint8Array(maxBatchBytes) }
}

/**
 * Fills a slot's input from files.
 * @throws AgeError `SOURCE_CHANGED` if a file is shorter than its range.
 */
export type ReadRanges = (input: Uint8Array, reads: readonly BatchRead[]) => void

/**
 * An engine that works in this thread. Without `readRanges`, as in the page, payloads must be
 * passed as bytes.
 */
export function inlineEngine(
  cipher: ChunkCipher,
  readRanges: ReadRanges = refuseRanges,
): ChunkEngine {
  const free: BatchSlot[] = []
  const worked = (work: typeof sealBatch) => (slot: BatchSlot, batch: ChunkBatch) => {
    readRanges(slot.input, batch.reads)
    return work(cipher, slot, batch)
  }
  return {
    inFlight: 1,
    takeSlot: () => free.pop() ?? newSlot(),
    giveSlot: (slot) => void free.push(slot),
    seal: worked(sealBatch),
    open: worked(openBatch),
  }
}

function refuseRanges(_input: Uint8Array, reads: readonly BatchRead[]): void {
  if (reads.length > 0) throw new AgeError('PROVIDER_UNAVAILABLE', 'this engine cannot read files')
}

/**
 * Seals a payload (without its nonce) in constant memory. A yielded piece is valid until the next
 * one is requested: write or copy it before.
 */
export async function* sealPayload(
  key: Uint8Array,
  plaintext: AsyncIterable<Piece>,
  engine: ChunkEngine,
): AsyncGenerator<Uint8Array> {
  const batches = batchUp(key, plaintext, chunkBytes, engine)
  for await (const { bytes } of inOrder(batches, engine, (slot, batch) => engine.seal(slot, batch)))
    yield bytes
}

/**
 * Opens a payload (without its nonce) in constant memory. Every yielded byte is authentic and in
 * its place, but the payload is known to be complete only when the iteration ends without an
 * error: treat everything before that as provisional. A yielded piece is valid until the next one
 * is requested.
 * @throws AgeError `OPEN_FAILED`.
 */
export async function* openPayload(
  key: Uint8Array,
  ciphertext: AsyncIterable<Piece>,
  engine: ChunkEngine,
): AsyncGenerator<Uint8Array> {
  const batches = batchUp(key, ciphertext, sealedChunkBytes, engine)
  for await (const { bytes, isWhole } of inOrder(batches, engine, (slot, batch) =>
    engine.open(slot, batch),
  )) {
    if (bytes.length > 0) yield bytes
    if (!isWhole) throw new AgeError('OPEN_FAILED', 'the payload is damaged or cut short')
  }
}

export function sealBatch(
  cipher: ChunkCipher,
  { input, output }: BatchSlot,
  batch: ChunkBatch,
): BatchResult {
  let length = 0
  for (const { bytes, nonce } of chunksOf(input, batch, chunkBytes)) {
    length += cipher.chacha20Poly1305Seal(batch.key, nonce, bytes, output.subarray(length)).length
  }
  return { length, isWhole: true }
}

export function openBatch(
  cipher: ChunkCipher,
  { input, output }: BatchSlot,
  batch: ChunkBatch,
): BatchResult {
  let length = 0
  for (const { bytes, nonce, number } of chunksOf(input, batch, sealedChunkBytes)) {
    const chunk = cipher.chacha20Poly1305Open(batch.key, nonce, bytes, output.subarray(length))
    const released =
      chunk ?? openMisflagged(cipher, batch.key, nonce, bytes, output.subarray(length))
    length += released?.length ?? 0
    // age §2.3.2: the last chunk may be empty only if it is the first.
    const isForbiddenEmpty = chunk?.length === 0 && number > 0
    if (!chunk || isForbiddenEmpty) return { length, isWhole: false }
  }
  return { length, isWhole: true }
}

/**
 * Opens a full chunk whose last-chunk flag is wrong because the file continues after its last chunk
 * or was cut off. Its bytes are authentic, so they are released, as by age itself, before the
 * damage is reported.
 */
function openMisflagged(
  cipher: ChunkCipher,
  key: Uint8Array,
  nonce: Uint8Array,
  bytes: Uint8Array,
  output: Uint8Array,
): Uint8Array | null {
  if (bytes.length !== sealedChunkBytes) return null
  const otherNonce = nonce.slice()
  otherNonce[11] = nonce[11] === 1 ? 0 : 1
  return cipher.chacha20Poly1305Open(key, otherNonce, bytes, output)
}

function* chunksOf(input: Uint8Array, batch: ChunkBatch, size: number) {
  const count = Math.max(1, Math.ceil(batch.length / size))
  for (let i = 0; i < count; i++) {
    const number = batch.firstChunk + i
    const nonce = chunkNonce(number, batch.isLast && i === count - 1)
    yield { bytes: input.subarray(i * size, Math.min((i + 1) * size, batch.length)), nonce, number }
  }
}

/** age §2.3.2: an 11-byte big-endian counter, then 1 for the last chunk. */
function chunkNonce(number: number, isLast: boolean): Uint8Array {
  const nonce = new Uint8Array(12)
  const view = new DataView(nonce.buffer)
  view.setUint32(3, Math.floor(number / 2 ** 32))
  view.setUint32(7, number % 2 ** 32)
  nonce[11] = isLast ? 1 : 0
  return nonce
}

interface FilledSlot {
  slot: BatchSlot
  batch: ChunkBatch
}

/**
 * Splits a stream into batches. A full batch is held back until it is known whether it is the last.
 */
async function* batchUp(
  key: Uint8Array,
  source: AsyncIterable<Piece>,
  size: number,
  engine: ChunkEngine,
): AsyncGenerator<FilledSlot> {
  const batchBytes = size * chunksPerBatch
  let slot: BatchSlot | null = engine.takeSlot()
  let reads: BatchRead[] = []
  let length = 0
  let firstChunk = 0
  const hand = (isLast: boolean): FilledSlot => {
    const filled = { slot: slot as BatchSlot, batch: { key, firstChunk, isLast, length, reads } }
    slot = null
    return filled
  }
  try {
    for await (const piece of source) {
      for (let done = 0; done < piece.length; ) {
        if (length === batchBytes) {
          yield hand(false)
          firstChunk += chunksPerBatch
          slot = engine.takeSlot()
          reads = []
          length = 0
        }
        const taken = Math.min(piece.length - done, batchBytes - length)
        if (piece instanceof Uint8Array) slot?.input.set(piece.subarray(done, done + taken), length)
        else
          reads.push({ fd: piece.fd, position: piece.position + done, length: taken, at: length })
        length += taken
        done += taken
      }
    }
    yield hand(true)
  } finally {
    if (slot) engine.giveSlot(slot)
  }
}

/**
 * Runs `work` on up to `inFlight` batches at once and yields the results in the order of the
 * batches.
 */
async function* inOrder(
  batches: AsyncIterable<FilledSlot>,
  engine: ChunkEngine,
  work: (slot: BatchSlot, batch: ChunkBatch) => BatchResult | Promise<BatchResult>,
): AsyncGenerator<{ bytes: Uint8Array; isWhole: boolean }> {
  const started: { slot: BatchSlot; result: BatchResult | Promise<BatchResult> }[] = []
  async function* finishOldest() {
    const oldest = started[0]
    if (!oldest) return
    const { length, isWhole } = await oldest.result
    yield { bytes: oldest.slot.output.subarray(0, length), isWhole }
    started.shift()
    engine.giveSlot(oldest.slot)
  }
  try {
    for await (const { slot, batch } of batches) {
      const result = work(slot, batch)
      // A batch may fail while an earlier one is awaited. `finishOldest` reports the failure in
      // turn.
      if (result instanceof Promise) result.catch(() => undefined)
      started.push({ slot, result })
      if (started.length >= engine.inFlight) yield* finishOldest()
    }
    while (started.length > 0) yield* finishOldest()
  } finally {
    // After an early end or a failure, a slot is given back only when no thread can write to it any
    // more.
    await Promise.allSettled(started.map(({ result }) => result))
    for (const { slot } of started) engine.giveSlot(slot)
  }
}
