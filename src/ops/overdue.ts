import type { LedgerHistory } from '../ledger/days.ts'

/**
 * Nobody can tell how urgent a tip is before it is opened at the desk, so exports are due daily.
 */
const exportHours = 24
const acknowledgementHours = 72

const hourMs = 60 * 60_000
const dayMs = 24 * hourMs

export interface VaultDays {
  /**
   * Midnights (UTC) of the days on which the tips in the vault arrived; null when the vault is
   * empty.
   */
  oldest: Date | null
  newest: Date | null
}

export interface Overdue {
  export: boolean
  acknowledgement: boolean
}

/**
 * Whether tips in the vault wait too long for their export or acknowledgement. Only days and steps
 * are known: tips of the day of the last export may or may not be part of it.
 */
export function findOverdue(vault: VaultDays, lastExport: Date | null, now: Date): Overdue {
  if (vault.oldest === null || vault.newest === null)
    return { export: false, acknowledgement: false }
  const exportedMs = lastExport?.getTime() ?? -Infinity
  const isUnexported = vault.newest.getTime() + dayMs > exportedMs
  const waitsSinceMs = Math.max(exportedMs, vault.oldest.getTime())
  const isExported = vault.oldest.getTime() + dayMs <= exportedMs
  return {
    export: isUnexported && now.getTime() - waitsSinceMs >= exportHours * hourMs,
    acknowledgement:
      isExported &&
      now.getTime() - (vault.oldest.getTime() + dayMs) >= acknowledgementHours * hourMs,
  }
}

const rateDays = 7

/**
 * Days until `freeBytes` are used up at the rate of the last whole days; null when nothing arrived.
 */
export function daysUntilFull(
  freeBytes: number,
  { firstDay, storedBytesByDay }: Pick<LedgerHistory, 'firstDay' | 'storedBytesByDay'>,
  now: Date,
): number | null {
  const todayMs = Math.floor(now.getTime() / dayMs) * dayMs
  const ageDays = firstDay === null ? 0 : (todayMs - Date.parse(firstDay)) / dayMs
  const days = Math.min(rateDays, ageDays)
  let bytes = 0
  for (const [day, stored] of storedBytesByDay) {
    const atMs = Date.parse(day)
    if (atMs < todayMs && atMs >= todayMs - days * dayMs) bytes += stored
  }
  return bytes === 0 ? null : freeBytes / (bytes / days)
}
