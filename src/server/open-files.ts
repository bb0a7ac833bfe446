import { readFileSync } from 'node:fs'
import { type FairnessLimits, MAX_WAITING } from './fairness/limits.ts'

/** Listeners, Redis, libraries, syncs of folders and the files of the page while it loads. */
const ownFiles = 128

/** The file of an upload, and the record of a resumable one. */
const filesOfUpload = 2

/** Below this, a few visitors would already shut out the others. */
const leastConnections = 16

type ConnectionLimits = Pick<FairnessLimits, 'maxConnections' | 'maxUploads'>

/**
 * Lowers the limits on connections to what the process may open. Otherwise a stranger with many
 * connections would use up the descriptors, and uploads of everybody would end because their files
 * cannot be opened. At most two thirds of the connections have a place, and the rest wait.
 */
export function fitToOpenFiles<L extends ConnectionLimits>(
  limits: L,
  maxOpenFiles: number,
): L & { maxWaiting: number } {
  const { maxConnections, maxUploads } = limits
  const forConnections = maxOpenFiles - ownFiles - filesOfUpload * maxUploads
  if (forConnections >= maxConnections + MAX_WAITING) return { ...limits, maxWaiting: MAX_WAITING }
  const places = Math.max(leastConnections, Math.floor((forConnections * 2) / 3))
  const fitted = Math.min(maxConnections, places)
  return {
    ...limits,
    maxConnections: fitted,
    maxWaiting: Math.max(0, Math.min(MAX_WAITING, forConnections - fitted)),
  }
}

/** The limit of this process (`ulimit -n`). Infinity if the system does not report it. */
export function readMaxOpenFiles(path = '/proc/self/limits'): number {
  try {
    const found = /^Max open files +(\d+)/m.exec(readFileSync(path, 'latin1'))?.[1]
    return found === undefined ? Infinity : Number(found)
  } catch {
    return Infinity
  }
}
