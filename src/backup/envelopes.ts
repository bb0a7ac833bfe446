import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { BlobEntry, BlobStore, Prefix, Receipt } from '../store/blob-store.ts'
import { StoreError } from '../store/errors.ts'
import { orNull } from '../disk/errno.ts'
import { PREFIXES, receiptOf, WAY } from '../store/layout.ts'
import { digestOf, type Tree } from './tree.ts'

/**
 * The order in which the folders are searched. An envelope gets its next name before it loses its
 * previous one, and the folders are searched in the order in which envelopes move, so an envelope
 * that leaves one folder is found in a later one. Quarantine is searched first and last, because a
 * dead letter may return to the spool meanwhile, or an envelope may be quarantined.
 */
const round: readonly Prefix[] = ['quarantine', 'incoming', 'sealed', 'collected', 'quarantine']

/**
 * An envelope that moved back and forth during the search is searched for again, at most this many
 * times.
 */
const maxTries = 3

export interface EnvelopeOutcome {
  envelopes: number
  bytes: number
  /** Envelopes that were linked from the previous backup instead of copied. */
  linked: number
  /**
   * Envelopes whose bytes do not match their name, and of which the previous backup has no good
   * copy.
   */
  damaged: Receipt[]
}

export interface EnvelopeCopy {
  store: Pick<BlobStore, 'list' | 'read'>
  tree: Tree
  /** Folder of the previous backup, or null. */
  earlier: string | null
  onBytes: (bytes: number) => void
}

/**
 * Copies every envelope once. If an envelope was seen in several folders, the copy goes into the
 * furthest one on its way through the vault.
 */
export class EnvelopeCopier {
  readonly #options: EnvelopeCopy
  readonly #places = new Map<Receipt, (typeof WAY)[number]>()
  readonly #dead = new Map<Receipt, string>()
  readonly #lost = new Map<Receipt, BlobEntry>()
  readonly #damaged = new Set<Receipt>()
  #earlier: ReadonlyMap<Receipt, string> = new Map()
  #bytes = 0
  #linked = 0

  constructor(options: EnvelopeCopy) {
    this.#options = options
  }

  async run(): Promise<void> {
    this.#earlier = await findEarlier(this.#options.earlier)
    for (const prefix of round) await this.#copyAll(prefix)
    for (let time = 0; time < maxTries && this.#lost.size > 0; time += 1) await this.#lookAgain()
    for (const [receipt, digest] of this.#dead) {
      // A retry was in progress, so the same envelope was also copied from the vault: it must not
      // be restored twice.
      if (digest === receipt && this.#places.has(receipt))
        await this.#options.tree.remove(pathOf('quarantine', receipt))
    }
  }

  has(receipt: Receipt): boolean {
    return this.#places.has(receipt)
  }

  isDead(receipt: Receipt): boolean {
    return this.#dead.has(receipt)
  }

  /**
   * Envelopes that were listed, but had disappeared when they were read and were not found since.
   */
  lost(): readonly Receipt[] {
    return [...this.#lost.keys()]
  }

  /**
   * Takes an envelope that the vault no longer has from the previous backup. False if that backup
   * does not have it either.
   */
  async rescue(receipt: Receipt, prefix: 'sealed' | 'collected', day: Date): Promise<boolean> {
    return await this.#fromEarlier(prefix, { receipt, bytes: 0, day })
  }

  outcome(): EnvelopeOutcome {
    return {
      envelopes: this.#places.size + this.#dead.size,
      bytes: this.#bytes,
      linked: this.#linked,
      damaged: [...this.#damaged].sort(),
    }
  }

  async #copyAll(prefix: Prefix): Promise<void> {
    const entries: BlobEntry[] = []
    for await (const entry of this.#options.store.list(prefix)) entries.push(entry)
    // Sorted, so that the backup does not reveal in which order the envelopes reached the disk.
    entries.sort((one, other) => (one.receipt < other.receipt ? -1 : 1))
    for (const entry of entries) await this.#copy(prefix, entry)
  }

  async #lookAgain(): Promise<void> {
    const wanted = new Set(this.#lost.keys())
    for (const prefix of PREFIXES) {
      for await (const entry of this.#options.store.list(prefix))
        if (wanted.has(entry.receipt)) await this.#copy(prefix, entry)
    }
  }

  async #copy(prefix: Prefix, entry: BlobEntry): Promise<void> {
    try {
      await (prefix === 'quarantine' ? this.#copyDead(entry) : this.#copyGood(prefix, entry))
      this.#lost.delete(entry.receipt)
    } catch (error) {
      if (!(error instanceof StoreError) || error.code !== 'NOT_FOUND') throw error
      this.#lost.set(entry.receipt, entry)
    }
  }

  async #copyGood(prefix: (typeof WAY)[number], entry: BlobEntry): Promise<void> {
    const { receipt, day } = entry
    const before = this.#places.get(receipt)
    if (before === undefined) {
      if (await this.#fromEarlier(prefix, entry)) return
      return await this.#fromStore(prefix, entry)
    }
    if (WAY.indexOf(prefix) <= WAY.indexOf(before)) return
    await this.#options.tree.move(pathOf(before, receipt), { path: pathOf(prefix, receipt), day })
    this.#places.set(receipt, prefix)
  }

  /** The earlier copy is read again before it is linked: a backup may rot as well. */
  async #fromEarlier(
    prefix: (typeof WAY)[number],
    { receipt, day, bytes }: BlobEntry,
  ): Promise<boolean> {
    const source = this.#earlier.get(receipt)
    if (source === undefined || (await digestOf(source)) !== receipt) return false
    if (!(await this.#options.tree.adopt({ path: pathOf(prefix, receipt), day }, source, receipt)))
      return false
    this.#note(prefix, receipt, bytes)
    this.#linked += 1
    this.#options.onBytes(bytes)
    return true
  }

  async #fromStore(
    prefix: (typeof WAY)[number],
    { receipt, day, bytes }: BlobEntry,
  ): Promise<void> {
    const digest = await this.#options.tree
      .write({ path: pathOf(prefix, receipt), day }, this.#read(prefix, receipt), receipt)
      .catch(nullIfUnreadable)
    if (digest === receipt) this.#note(prefix, receipt, bytes)
    else this.#damaged.add(receipt)
  }

  #note(prefix: (typeof WAY)[number], receipt: Receipt, bytes: number): void {
    this.#places.set(receipt, prefix)
    this.#damaged.delete(receipt)
    this.#bytes += bytes
  }

  /**
   * Copies the dead letter unchanged, whatever its digest: a wrong digest may be the reason for its
   * quarantine.
   */
  async #copyDead({ receipt, bytes, day }: BlobEntry): Promise<void> {
    if (this.#dead.has(receipt) || this.#places.has(receipt)) return
    const digest = await this.#options.tree.write(
      { path: pathOf('quarantine', receipt), day },
      this.#read('quarantine', receipt),
    )
    this.#dead.set(receipt, digest)
    this.#bytes += bytes
  }

  async *#read(prefix: Prefix, receipt: Receipt): AsyncGenerator<Uint8Array> {
    for await (const bytes of this.#options.store.read(prefix, receipt)) {
      this.#options.onBytes(bytes.length)
      yield bytes
    }
  }
}

/** One envelope that cannot be read, or is not what its name says, must not end the backup. */
function nullIfUnreadable(error: unknown): null {
  if (error instanceof StoreError && error.code === 'IO_FAILED') return null
  throw error
}

function pathOf(prefix: Prefix, receipt: Receipt): string {
  return `${prefix}/${receipt}.age`
}

/** Paths of all envelopes in the previous backup, whatever folder they are in. */
async function findEarlier(folder: string | null): Promise<Map<Receipt, string>> {
  const found = new Map<Receipt, string>()
  if (folder === null) return found
  for (const prefix of WAY) {
    for (const name of (await orNull(readdir(join(folder, prefix)))) ?? []) {
      const receipt = receiptOf(name)
      if (receipt !== null) found.set(receipt, join(folder, prefix, name))
    }
  }
  return found
}
