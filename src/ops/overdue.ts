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
