import type { LedgerLine } from './format.ts'

/** More days than any published rate is computed from. */
const maxDays = 32

/** Summary of the days in the lines of a ledger. */
export interface LedgerHistory {
  /** `YYYY-MM-DD`, or null for an empty ledger. */
  readonly firstDay: string | null
  /** The day of the last line, or null for an empty ledger. */
  readonly lastDay: string | null
  /** Bytes stored on each of the last days on which anything was stored. */
  readonly storedBytesByDay: ReadonlyMap<string, number>
}

export class Days implements LedgerHistory {
  firstDay: string | null = null
  lastDay: string | null = null
  readonly storedBytesByDay = new Map<string, number>()

  /** @param from an earlier history to continue. */
  constructor(from?: LedgerHistory) {
    if (from === undefined) return
    this.firstDay = from.firstDay
    this.lastDay = from.lastDay
    for (const [day, bytes] of from.storedBytesByDay) this.storedBytesByDay.set(day, bytes)
  }

  add({ day, event, bytes }: Pick<LedgerLine, 'day' | 'event' | 'bytes'>): void {
    this.firstDay ??= day
    this.lastDay = day
    if (event !== 'stored') return
    this.storedBytesByDay.set(day, (this.storedBytesByDay.get(day) ?? 0) + bytes)
    for (const oldest of this.storedBytesByDay.keys()) {
      if (this.storedBytesByDay.size <= maxDays) break
      this.storedBytesByDay.delete(oldest)
    }
  }
}
