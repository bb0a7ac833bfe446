import { ledgerFilesOf, lastSegment, segmentPath } from './layout.ts'
import { linesAt } from './lines.ts'
import { parseLine } from './format.ts'

const dayMs = 24 * 60 * 60_000
const rateDays = 7

/** How much arrived on each day, in bytes or in files. */
export interface Arrivals {
  /** The first day that is known in full, `YYYY-MM-DD`; null if nothing is known. */
  firstDay: string | null
  byDay: ReadonlyMap<string, number>
}

/**
 * Days until `free` bytes or files are used up at the rate of the last whole days; null when
 * nothing arrived.
 */
export function daysUntilFull(
  free: number,
  { firstDay, byDay }: Arrivals,
  now: Date,
): number | null {
  const todayMs = Math.floor(now.getTime() / dayMs) * dayMs
  const ageDays = firstDay === null ? 0 : (todayMs - Date.parse(firstDay)) / dayMs
  const days = Math.min(rateDays, ageDays)
  let arrived = 0
  for (const [day, count] of byDay) {
    const atMs = Date.parse(day)
    if (atMs < todayMs && atMs >= todayMs - days * dayMs) arrived += count
  }
  return arrived === 0 ? null : free / (arrived / days)
}

/** The shorter of two times, either of which may be unknown. */
export function soonest(one: number | null, other: number | null): number | null {
  if (one === null || other === null) return one ?? other
  return Math.min(one, other)
}

/**
 * Reads what arrived lately from the end of the ledger, at most two segments of it, so that the
 * time it takes does not grow with the history.
 *
 * @param path of `ledger.jsonl`.
 */
export async function readArrivals(path: string): Promise<{ bytes: Arrivals; files: Arrivals }> {
  const files = ledgerFilesOf(path)
  const last = await lastSegment(files)
  const bytesByDay = new Map<string, number>()
  const filesByDay = new Map<string, number>()
  let firstDay: string | null = null
  const paths = last === 0 ? [path] : [segmentPath(files, last), path]
  for (const each of paths)
    for await (const bytes of linesAt(each)) {
      const line = parseLine(bytes.toString('utf8'))
      if (line === null) continue
      firstDay ??= line.day
      if (line.event !== 'stored') continue
      bytesByDay.set(line.day, (bytesByDay.get(line.day) ?? 0) + line.bytes)
      filesByDay.set(line.day, (filesByDay.get(line.day) ?? 0) + 1)
    }
  return { bytes: { firstDay, byDay: bytesByDay }, files: { firstDay, byDay: filesByDay } }
}
