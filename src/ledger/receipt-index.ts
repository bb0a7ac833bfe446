import { addDays, daysBetween } from '../time/day.ts'
import { type LedgerEvent, ledgerEvents } from './format.ts'
import type { Tally } from './tally.ts'

/** The last event of one receipt. */
export interface LastEvent {
  event: LedgerEvent
  bytes: number
  day: string
}

/**
 * `dead` events are kept apart from `life` events: a damaged copy says nothing about a good
 * envelope with the same receipt.
 */
export type Kind = 'life' | 'dead'

export type DeadEvent = Extract<LedgerEvent, 'quarantined' | 'discarded'>

export function isDeadEvent(event: LedgerEvent): event is DeadEvent {
  return event === 'quarantined' || event === 'discarded'
}

// Layout of a record: 32 bytes of the receipt, 1 of the kind, 1 of the event, 2 of the day, 6 of
// the size.
const keyBytes = 33
const eventAt = 33
const dayAt = 34
const bytesAt = 36
export const recordBytes = 42

const epoch = '1970-01-01'
const maxDayNumber = 0xffff
const maxBytes = 2 ** 48 - 1

/**
 * The last event of every receipt whose envelope exists, in one sorted block of memory: 42 bytes
 * for each. It is immutable; `merge` creates the next one.
 */
export class ReceiptIndex {
  readonly block: Buffer

  constructor(block: Buffer = Buffer.alloc(0)) {
    this.block = block
  }

  get size(): number {
    return this.block.length / recordBytes
  }

  find(kind: Kind, receipt: string): LastEvent | null {
    const key = keyOf(kind, receipt)
    const record = this.#firstFrom(key)
    const isFound = record < this.size && this.#compare(record, key) === 0
    return isFound ? readRecord(this.block, record * recordBytes) : null
  }

  /** The number of the first record that does not come before this key. */
  #firstFrom(key: Buffer): number {
    let low = 0
    for (let high = this.size; low < high; ) {
      const middle = (low + high) >>> 1
      if (this.#compare(middle, key) < 0) low = middle + 1
      else high = middle
    }
    return low
  }

  /** At most `max` receipts after this one, in their order, without dead letters. */
  after(receipt: string, max: number): string[] {
    const receipts: string[] = []
    // The key of a dead letter comes after the one of the envelope with the same receipt.
    let at = this.#firstFrom(keyOf('dead', receipt)) * recordBytes
    for (; at < this.block.length && receipts.length < max; at += recordBytes)
      if (this.block[at + 32] === 0) receipts.push(this.block.toString('hex', at, at + 32))
    return receipts
  }

  /** The envelopes whose last event is this one. */
  tally(event: LedgerEvent): Tally {
    const days = new Map<number, { envelopes: number; bytes: number }>()
    const eventNumber = ledgerEvents.indexOf(event)
    for (let at = 0; at < this.block.length; at += recordBytes) {
      if (this.block[at + eventAt] !== eventNumber) continue
      const day = this.block.readUInt16BE(at + dayAt)
      const ofDay = days.get(day) ?? { envelopes: 0, bytes: 0 }
      ofDay.envelopes += 1
      ofDay.bytes += this.block.readUIntBE(at + bytesAt, 6)
      days.set(day, ofDay)
    }
    const each = [...days.values()]
    return {
      envelopes: each.reduce((sum, { envelopes }) => sum + envelopes, 0),
      bytes: each.reduce((sum, { bytes }) => sum + bytes, 0),
      byDay: new Map([...days].map(([day, { envelopes }]) => [addDays(epoch, day), envelopes])),
    }
  }

  /** Every record, in the order of receipts. */
  *records(): Generator<LastEvent & { kind: Kind; receipt: string }> {
    for (let at = 0; at < this.block.length; at += recordBytes)
      yield {
        kind: this.block[at + 32] === 0 ? 'life' : 'dead',
        receipt: this.block.toString('hex', at, at + 32),
        ...readRecord(this.block, at),
      }
  }

  /**
   * The index after these newer events. Receipts that were deleted or discarded before this index
   * was made are left out: their blobs have long been removed, and the same envelope may be sent
   * again.
   */
  merge(newer: Iterable<readonly [kind: Kind, receipt: string, last: LastEvent]>): ReceiptIndex {
    const fresh = Array.from(newer, ([kind, receipt, last]) => makeRecord(kind, receipt, last))
    fresh.sort((one, other) => one.compare(other, 0, keyBytes, 0, keyBytes))
    const block = Buffer.allocUnsafe(this.block.length + fresh.length * recordBytes)
    let length = 0
    let at = 0
    const copyUpTo = (end: number): void => {
      for (; at < end; at += recordBytes) {
        if (isGone(this.block, at)) continue
        this.block.copy(block, length, at, at + recordBytes)
        length += recordBytes
      }
    }
    for (const record of fresh) {
      const key = record.subarray(0, keyBytes)
      let end = at
      while (end < this.block.length && this.#compare(end / recordBytes, key) < 0)
        end += recordBytes
      copyUpTo(end)
      if (at < this.block.length && this.#compare(at / recordBytes, key) === 0) at += recordBytes
      record.copy(block, length)
      length += recordBytes
    }
    copyUpTo(this.block.length)
    // Copied, because a view would keep the whole block in memory.
    return new ReceiptIndex(
      length === block.length ? block : Buffer.from(block.subarray(0, length)),
    )
  }

  #compare(record: number, key: Buffer): number {
    const at = record * recordBytes
    return this.block.compare(key, 0, keyBytes, at, at + keyBytes)
  }
}

function keyOf(kind: Kind, receipt: string): Buffer {
  const key = Buffer.alloc(keyBytes)
  key.write(receipt, 'hex')
  key[32] = kind === 'life' ? 0 : 1
  return key
}

function makeRecord(kind: Kind, receipt: string, { event, day, bytes }: LastEvent): Buffer {
  const record = Buffer.alloc(recordBytes)
  keyOf(kind, receipt).copy(record)
  record[eventAt] = ledgerEvents.indexOf(event)
  record.writeUInt16BE(Math.min(Math.max(daysBetween(epoch, day), 0), maxDayNumber), dayAt)
  record.writeUIntBE(Math.min(bytes, maxBytes), bytesAt, 6)
  return record
}

function readRecord(block: Buffer, at: number): LastEvent {
  return {
    event: ledgerEvents[block[at + eventAt] ?? 0] ?? 'stored',
    day: addDays(epoch, block.readUInt16BE(at + dayAt)),
    bytes: block.readUIntBE(at + bytesAt, 6),
  }
}

function isGone(block: Buffer, at: number): boolean {
  const event = ledgerEvents[block[at + eventAt] ?? 0]
  return event === 'deleted' || event === 'discarded'
}
