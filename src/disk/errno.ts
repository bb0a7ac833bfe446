import { constants } from 'node:os'

/** The system's own code (`ENOENT`, …) of an error, or null. */
export function errnoOf(cause: unknown): string | null {
  if (typeof cause !== 'object' || cause === null || !('code' in cause)) return null
  // libuv has no name for an exhausted quota: its code is "Unknown system error -122".
  if ('errno' in cause && cause.errno === -constants.errno.EDQUOT) return 'EDQUOT'
  return typeof cause.code === 'string' ? cause.code : null
}

/**
 * Whether nothing more can be written: the disk has no free bytes or inodes, the user's quota is
 * exhausted, or the file system is mounted read-only.
 */
export function isOutOfRoom(cause: unknown): boolean {
  return ['ENOSPC', 'EDQUOT', 'EROFS'].includes(errnoOf(cause) ?? '')
}

/** Resolves to null if the system reports that the file does not exist. */
export async function orNull<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await work
  } catch (cause) {
    if (errnoOf(cause) === 'ENOENT') return null
    throw cause
  }
}
