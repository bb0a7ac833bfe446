import { readFile } from 'node:fs/promises'
import { readCheckpoint } from './checkpoint.ts'
import type { LedgerEvent } from './format.ts'
import { indexPath, lastSegment, ledgerFilesOf } from './layout.ts'
import { ReceiptIndex } from './receipt-index.ts'
import { hashIndex } from './roll.ts'

/** Size and day of an envelope whose last event is the given one; null for any other envelope. */
export type FindBlob = (receipt: string) => { bytes: number; day: Date } | null

export interface KnownBlobs {
  /** Returns lookups into the newest index, which is read if it is newer than at the last call. */
  load(): Promise<(event: LedgerEvent) => FindBlob>
}

/**
 * Knows size and day of envelopes from the ledger, so that a listing of a large vault asks the file
 * system about new envelopes only. It takes 42 bytes of memory for each envelope that still exists.
 * If the index is damaged or missing, the file system is asked about all.
 *
 * @param path of `ledger.jsonl`.
 */
export function createKnownBlobs(path: string): KnownBlobs {
  const files = ledgerFilesOf(path)
  let segment = 0
  let index = new ReceiptIndex()
  return {
    async load() {
      const newest = await lastSegment(files)
      if (newest !== segment) {
        const checkpoint = await readCheckpoint(files, newest)
        const block = await readFile(indexPath(files, newest)).catch(() => null)
        const read = new ReceiptIndex(block ?? undefined)
        const isGood = checkpoint !== null && checkpoint !== 'damaged'
        index = isGood && hashIndex(read) === checkpoint.index ? read : new ReceiptIndex()
        segment = newest
      }
      return (event) => (receipt) => {
        const last = index.find('life', receipt)
        if (last?.event !== event) return null
        return { bytes: last.bytes, day: new Date(`${last.day}T00:00:00Z`) }
      }
    },
  }
}
