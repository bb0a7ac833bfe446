export type StoreErrorCode =
  | 'NO_SPACE'
  | 'NOT_FOUND'
  | 'INVALID_RECEIPT'
  | 'STAGE_CLOSED'
  | 'IN_USE'
  | 'IO_FAILED'

export class StoreError extends Error {
  override readonly name = 'StoreError'
  readonly code: StoreErrorCode

  constructor(code: StoreErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
  }
}

/** The system's own code (`ENOENT`, …) of an error, or null. */
export function errnoOf(cause: unknown): string | null {
  if (typeof cause !== 'object' || cause === null || !('code' in cause)) return null
  return typeof cause.code === 'string' ? cause.code : null
}

/** A full disk is told apart from a broken one: the first can be waited out. */
export function asStoreError(cause: unknown): StoreError {
  if (cause instanceof StoreError) return cause
  const errno = errnoOf(cause)
  if (errno === 'ENOSPC' || errno === 'EDQUOT') {
    return new StoreError('NO_SPACE', 'the data folder is full: free some space or move it', cause)
  }
  return new StoreError(
    'IO_FAILED',
    `the data folder failed (${errno ?? 'unknown'}): check the disk`,
    cause,
  )
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
