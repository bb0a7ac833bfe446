import type { Writable } from 'node:stream'

/** Work that takes less time draws no bar. */
const quietMs = 1000
/** At most ten updates a second. */
const stepMs = 100
const barCells = 20

export interface Progress {
  add: (bytes: number) => void
  /** Passes chunks through and counts their bytes. */
  track(chunks: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array>
  /** Removes the bar. */
  finish(): void
}

/** A bar for work over a second, only on a terminal. `totalBytes`: null if it is unknown. */
export function createProgress(options: {
  stderr: Writable
  isTerminal: boolean
  label: string
  totalBytes: number | null
  /** Milliseconds, monotonic. */
  now?: () => number
}): Progress {
  const { stderr, isTerminal, label, totalBytes, now = () => performance.now() } = options
  const startedAt = now()
  let doneBytes = 0
  let drawnAt: number | null = null

  const add = (bytes: number) => {
    doneBytes += bytes
    const time = now()
    if (!isTerminal || time - startedAt < quietMs || (drawnAt !== null && time - drawnAt < stepMs))
      return
    drawnAt = time
    stderr.write(
      `\r\u001b[K${progressLine({ label, doneBytes, totalBytes, seconds: (time - startedAt) / 1000 })}`,
    )
  }

  return {
    add,
    async *track(chunks) {
      for await (const chunk of chunks) {
        add(chunk.length)
        yield chunk
      }
    },
    finish() {
      if (drawnAt !== null) stderr.write('\r\u001b[K')
      drawnAt = null
    },
  }
}

export function progressLine(state: {
  label: string
  doneBytes: number
  totalBytes: number | null
  seconds: number
}): string {
  const { label, doneBytes, totalBytes, seconds } = state
  const rate = doneBytes / seconds
  const rateText = `${formatBytes(rate)}/s`
  if (totalBytes === null || totalBytes === 0)
    return `${label}  ${formatBytes(doneBytes)}  ${rateText}`
  const share = Math.min(1, doneBytes / totalBytes)
  const filled = Math.round(share * barCells)
  const bar = `[${'#'.repeat(filled)}${'.'.repeat(barCells - filled)}]`
  const left = rate > 0 ? `  ${formatSeconds((totalBytes - doneBytes) / rate)} left` : ''
  return `${label} ${bar} ${Math.floor(share * 100)} %  ${formatBytes(doneBytes)} of ${formatBytes(totalBytes)}  ${rateText}${left}`
}

export function formatBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB']
  let value = bytes
  let unit = 0
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024
    unit += 1
  }
  return `${unit === 0 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`
}

export function formatSeconds(seconds: number): string {
  const whole = Math.max(0, Math.ceil(seconds))
  if (whole < 60) return `${whole} s`
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`
}
