import { setImmediate as yieldToOthers } from 'node:timers/promises'
import type { Holdings } from '../ledger/holdings.ts'
import type { BlobEntry, BlobStore, Receipt } from '../store/blob-store.ts'

/** What the vault and its ledger do not agree about. */
export interface VaultDifferences {
  /** Number of envelopes that exist according to the ledger, and are nowhere. */
  missing: number
  /** Number of envelopes that are in the vault, and that the ledger does not know. */
  unknown: number
}

export interface VaultCheck {
  /**
   * Called once per boundary. Compares the next slice of the ledger with the vault, and the next
   * slice of the vault with the ledger, so that a large vault is compared over many boundaries.
   */
  look(holdings: Holdings): Promise<VaultDifferences>
  /**
   * Whether, at the last check, the ledger could replace a listing of the vault. It cannot while
   * the worker is still adding the envelopes that it found in the vault.
   */
  isLedgerComplete(): boolean
  /** Ends the listing that is in progress. */
  close(): Promise<void>
}

export interface CheckedVault {
  store: Pick<BlobStore, 'locate'>
  /** The store without canaries, which the ledger does not know. */
  withoutCanaries: Pick<BlobStore, 'list' | 'locate'>
}

/** Beyond this many differences, the exact number does not matter. */
const maxKept = 1000

/** Of the envelopes in a slice, at most this share may be unknown to a ledger that is complete. */
const unknownRatio = 0.01

/** Files are checked with synchronous calls, so after this many, other work gets a turn. */
const askedAtOnce = 256

/** @param slice number of envelopes that one look compares. */
export function createVaultCheck(
  { store, withoutCanaries }: CheckedVault,
  slice: number,
): VaultCheck {
  const missing = new Differences(
    async (receipt, holdings) =>
      holdings.last(receipt) !== null && (await store.locate(receipt)) === null,
  )
  const unknown = new Differences(
    async (receipt, holdings) =>
      holdings.last(receipt) === null &&
      ['sealed', 'collected'].includes((await withoutCanaries.locate(receipt)) ?? ''),
  )
  const walk = new VaultWalk(withoutCanaries)
  let cursor = ''
  let lines: number | null = null
  let isComplete = false
  return {
    async look(holdings) {
      isComplete = false
      const known = holdings.after(cursor, slice)
      cursor = known.at(-1) ?? ''
      const names = await walk.next(holdings, slice)
      const strangers = names.filter((receipt) => holdings.last(receipt) === null)
      const grownBy = holdings.lines - (lines ?? holdings.lines)
      lines = holdings.lines
      isComplete = grownBy <= slice && strangers.length <= names.length * unknownRatio
      return {
        missing: await missing.look(known, holdings),
        unknown: await unknown.look(strangers, holdings),
      }
    },
    isLedgerComplete: () => isComplete,
    close: () => walk.close(),
  }
}

/**
 * Receipts for which vault and ledger differ. An envelope may come or go while it is looked at, so
 * a difference counts only if it is still there at the next look.
 */
class Differences {
  readonly #differs: (receipt: Receipt, holdings: Holdings) => Promise<boolean>
  #seenOnce: Receipt[] = []
  #certain: Receipt[] = []

  constructor(differs: (receipt: Receipt, holdings: Holdings) => Promise<boolean>) {
    this.#differs = differs
  }

  /** @returns the number of differences that are certain. */
  async look(receipts: readonly Receipt[], holdings: Holdings): Promise<number> {
    const before = [...new Set([...this.#certain, ...this.#seenOnce])]
    this.#certain = (await this.#among(before, holdings)).slice(0, maxKept)
    this.#seenOnce = (await this.#among(receipts, holdings)).slice(0, maxKept)
    return this.#certain.length
  }

  async #among(receipts: readonly Receipt[], holdings: Holdings): Promise<Receipt[]> {
    const found: Receipt[] = []
    for (const [index, receipt] of receipts.entries()) {
      if (index % askedAtOnce === 0) await yieldToOthers()
      if (await this.#differs(receipt, holdings)) found.push(receipt)
    }
    return found
  }
}

/** Lists the vault repeatedly, one slice per call. */
class VaultWalk {
  readonly #store: Pick<BlobStore, 'list'>
  #entries: AsyncGenerator<BlobEntry> | null = null
  #holdings: Holdings | null = null

  constructor(store: Pick<BlobStore, 'list'>) {
    this.#store = store
  }

  async next(holdings: Holdings, max: number): Promise<Receipt[]> {
    // The listing outlives this call; it must not keep older holdings in memory.
    this.#holdings = holdings
    const entries = (this.#entries ??= this.#list())
    const receipts: Receipt[] = []
    try {
      while (receipts.length < max) {
        const { done, value } = await entries.next()
        if (done === true) {
          this.#entries = null
          break
        }
        receipts.push(value.receipt)
      }
    } catch (error) {
      this.#entries = null
      throw error
    } finally {
      this.#holdings = null
    }
    return receipts
  }

  async close(): Promise<void> {
    await this.#entries?.return(undefined)
    this.#entries = null
  }

  async *#list(): AsyncGenerator<BlobEntry> {
    for (const prefix of ['sealed', 'collected'] as const)
      yield* this.#store.list(prefix, (receipt) => this.#holdings?.blob(receipt) ?? null)
  }
}
