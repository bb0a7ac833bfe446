import { readFile } from 'node:fs/promises'
import { readCheckpoint } from './checkpoint.ts'
import type { LedgerEvent } from './format.ts'
import { indexPath, lastSegment, ledgerFilesOf } from './layout.ts'
import { ReceiptIndex } from './receipt-index.ts'
import { hashIndex } from './roll.ts'

/** Size and day of an envelope whose last event is this one, or null. */
export type FindBlob = (receipt: string) => { bytes: number; day: Date } | null

export interface KnownBlobs {
  /** What the newest index says. Reads it when there is a newer one than at the last call. */
  load(): Promise<(event: LedgerEvent) => FindBlob>
}

/**
 * What a ledger says about size and day of envelopes, so that a listing of a large vault asks the
 * file system about new ones only. It costs 42 bytes of memory for each envelope that is alive. A
 * damaged or missing index says nothing, and then the file system is asked.
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
