import { AgeError } from '../../age/errors.ts'
import type {
  BatchResult,
  BatchSlot,
  ChunkBatch,
  ChunkCipher,
  ChunkEngine,
} from '../../age/stream.ts'
import { inlineEngine, newSlot } from '../../age/stream.ts'
import type { FromChunkWorker } from './chunk-protocol.ts'
import { memoryOf } from './chunk-protocol.ts'
import { type ChunkThread, startChunkThreads } from './chunk-threads.ts'

/** One batch is being sealed while another is being transferred. */
const batchesPerThread = 2
interface Waiting {
  resolve(result: BatchResult): void
  reject: (error: AgeError) => void
}

/** An engine that can erase what it worked on. */
export interface PageEngine extends ChunkEngine {
  /** Erases the plaintext of the last batches, which otherwise stays in the slots. */
  wipe(): void
}

/** Seals on two workers, or with `cipher` in this thread if they cannot be started. */
export async function startChunkEngine(
  spawn: () => ChunkThread,
  cipher: ChunkCipher,
): Promise<PageEngine> {
  return engineOn(await startChunkThreads(spawn), cipher)
}

/** @param threads what `startChunkThreads` returned */
export function engineOn(threads: readonly ChunkThread[], cipher: ChunkCipher): PageEngine {
  return threads.length === 0 ? engineInThisThread(cipher) : new ThreadedEngine(threads)
}

export function engineInThisThread(cipher: ChunkCipher): PageEngine {
  const engine = inlineEngine(cipher)
  const seen = new Set<BatchSlot>()
  return {
    ...engine,
    giveSlot(slot) {
      seen.add(slot)
      engine.giveSlot(slot)
    },
    wipe: () => seen.forEach(wipeSlot),
  }
}

function wipeSlot({ input }: BatchSlot): void {
  // If a worker died while it had this memory, the buffer here is empty.
  if (input.byteLength > 0) input.fill(0)
}

class ThreadedEngine implements PageEngine {
  readonly inFlight: number
  readonly #threads: readonly ChunkThread[]
  readonly #slots: readonly BatchSlot[]
  readonly #free: BatchSlot[]
  readonly #waiting = new Map<number, Waiting>()
  #turn = 0
  #failure: AgeError | null = null

  constructor(threads: readonly ChunkThread[]) {
    this.#threads = threads
    this.inFlight = threads.length * batchesPerThread
    this.#slots = Array.from({ length: this.inFlight + 1 }, newSlot)
    this.#free = [...this.#slots]
    for (const thread of threads) {
      thread.addEventListener('message', ({ data: answer }) => this.#take(answer))
      for (const type of ['error', 'messageerror'] as const)
        thread.addEventListener(type, (event) => this.#fail(event))
    }
  }

  takeSlot(): BatchSlot {
    const slot = this.#free.pop()
    if (!slot) throw new AgeError('PROVIDER_UNAVAILABLE', 'one engine seals one envelope at a time')
    return slot
  }

  giveSlot(slot: BatchSlot): void {
    this.#free.push(slot)
  }

  seal(slot: BatchSlot, batch: ChunkBatch): Promise<BatchResult> {
    const slotNumber = this.#slots.indexOf(slot)
    return new Promise((resolve, reject) => {
      if (this.#failure) return reject(this.#failure)
      this.#waiting.set(slotNumber, { resolve, reject })
      this.#threads[this.#turn++ % this.#threads.length]?.postMessage(
        { slotNumber, slot, batch },
        memoryOf(slot),
      )
    })
  }

  open(): never {
    throw new AgeError('PROVIDER_UNAVAILABLE', 'the page cannot open envelopes')
  }

  wipe(): void {
    this.#slots.forEach(wipeSlot)
  }

  #take(answer: FromChunkWorker): void {
    if (answer === 'ready') return
    Object.assign(this.#slots[answer.slotNumber] as BatchSlot, answer.slot)
    this.#waiting.get(answer.slotNumber)?.resolve(answer.result)
    this.#waiting.delete(answer.slotNumber)
  }

  #fail(event: Pick<Event, 'preventDefault'>): void {
    event.preventDefault()
    this.#failure = new AgeError('PROVIDER_UNAVAILABLE', 'a chunk worker died')
    for (const { reject } of this.#waiting.values()) reject(this.#failure)
    this.#waiting.clear()
  }
}
