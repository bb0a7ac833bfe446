import { constants } from 'node:os'

/** The system's own code (`ENOENT`, …) of an error, or null. */
export function errnoOf(cause: unknown): string | null {
  if (typeof cause !== 'object' || cause === null || !('code' in cause)) return null
  // libuv has no name for a quota that is used up: its code is "Unknown system error -122".
  if ('errno' in cause && cause.errno === -constants.errno.EDQUOT) return 'EDQUOT'
  return typeof cause.code === 'string' ? cause.code : null
}

/**
 * Whether the disk takes nothing more in: it is full, in bytes or in inodes, its user's quota is
 * used up, or it is mounted read-only.
 */
export function isOutOfRoom(cause: unknown): boolean {
  return ['ENOSPC', 'EDQUOT', 'EROFS'].includes(errnoOf(cause) ?? '')
}

/** Resolves to null where the system says there is no such file. */
export async function orNull<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await work
  } catch (cause) {
    if (errnoOf(cause) === 'ENOENT') return null
    throw cause
  }
}
