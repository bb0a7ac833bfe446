import type { Receipt } from '../store/blob-store.ts'
import { isReceipt } from '../store/layout.ts'
import { isShared } from '../store/open-store.ts'
import type { S3Bucket } from '../store/s3-bucket.ts'
import type { StagingStore } from '../store/staging-store.ts'
import type { CanaryNote } from './note.ts'
import { formatNote, maxNoteBytes, parseNote } from './note.ts'
import { CanaryNotes, type NoteState, notesFolder } from './notes.ts'

/** The notes for a store: with a shared one, every machine must know the others' canaries. */
export function openNotes(store: StagingStore, dataDir: string): CanaryNotes {
  return isShared(store) ? new BucketNotes(store.bucket, dataDir) : new CanaryNotes(dataDir)
}

const states: readonly NoteState[] = ['sent', 'done']

/** Notes as objects of the bucket, `canary/<receipt>.sent` and later `canary/<receipt>.done`. */
class BucketNotes extends CanaryNotes {
  readonly #bucket: S3Bucket
  /** The listing in progress, and the next one, which has not started yet; see `#listed`. */
  #running: Promise<void> = Promise.resolve()
  #next: Promise<ReadonlySet<Receipt>> | null = null

  constructor(bucket: S3Bucket, dataDir: string) {
    super(dataDir)
    this.#bucket = bucket
  }

  override async create(): Promise<void> {}

  override async write(receipt: Receipt, note: CanaryNote): Promise<void> {
    await this.#bucket.put(keyOf(receipt, 'sent'), formatNote(note))
  }

  override async read(receipt: Receipt): Promise<CanaryNote | null> {
    if (!(await this.#listed()).has(receipt)) return null
    for (const state of states) {
      const found = await this.#bucket.get(keyOf(receipt, state))
      if (found !== null && found.bytes <= maxNoteBytes)
        return parseNote(Buffer.concat(await Array.fromAsync(found.body)))
    }
    return null
  }

  override async list(): Promise<{ receipt: Receipt; state: NoteState }[]> {
    const notes: { receipt: Receipt; state: NoteState }[] = []
    for await (const { name } of this.#bucket.list(notesFolder)) {
      const [receipt = '', state = ''] = name.split('.')
      if (isReceipt(receipt) && (state === 'sent' || state === 'done'))
        notes.push({ receipt, state })
    }
    return notes
  }

  /**
   * The receipts that have a note. Workers ask about every tip, and few tips are canaries. All
   * calls that come while a listing is running share the next listing, which starts after each of
   * these calls.
   */
  async #listed(): Promise<ReadonlySet<Receipt>> {
    if (this.#next === null) {
      const before = this.#running
      const listing = before.then(async () => {
        this.#next = null
        return new Set((await this.list()).map(({ receipt }) => receipt))
      })
      this.#next = listing
      this.#running = listing.then(ignore, ignore)
    }
    return await this.#next
  }

  override async finish(receipt: Receipt): Promise<void> {
    await this.#bucket.copy(keyOf(receipt, 'sent'), keyOf(receipt, 'done'))
    await this.#bucket.remove(keyOf(receipt, 'sent'))
  }

  override async forget(receipt: Receipt): Promise<void> {
    for (const state of states) await this.#bucket.remove(keyOf(receipt, state))
  }
}

function keyOf(receipt: Receipt, state: NoteState): string {
  return `${notesFolder}/${receipt}.${state}`
}

function ignore(): void {}
