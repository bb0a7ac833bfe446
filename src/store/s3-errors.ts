import { StoreError } from './errors.ts'

/** Names under which servers report that a limit of bytes or objects is reached. */
const fullNames = ['QuotaExceeded', 'InsufficientCapacity', 'InsufficientStorage', 'StorageFull']

const refusals = [
  'AccessDenied',
  'InvalidAccessKeyId',
  'SignatureDoesNotMatch',
  'AllAccessDisabled',
  'RequestTimeTooSkewed',
]

/** The HTTP status of an answer of the S3 server; null if there was no answer. */
export function statusOf(cause: unknown): number | null {
  const status = fieldOf(fieldOf(cause, '$metadata'), 'httpStatusCode')
  return typeof status === 'number' ? status : null
}

/** The name of an S3 error, such as `NoSuchKey`. Never contains a key of the bucket. */
export function nameOf(cause: unknown): string {
  const name = fieldOf(cause, 'Code') ?? fieldOf(cause, 'name')
  return typeof name === 'string' && /^[A-Za-z0-9_]{1,60}$/.test(name) ? name : 'Unknown'
}

/** Whether a condition of a PUT was not met, or lost a race against another PUT. */
export function isConditionFailure(cause: unknown): boolean {
  const status = statusOf(cause)
  return status === 412 || (status === 409 && nameOf(cause) !== 'BucketAlreadyExists')
}

/** A missing bucket is a fault of the store, and never a missing object. */
export function isMissing(cause: unknown): boolean {
  return statusOf(cause) === 404 && nameOf(cause) !== 'NoSuchBucket'
}

/**
 * Turns a failed request into a StoreError. Everything that another attempt may cure is
 * `STORE_DOWN`; the message contains the name of the S3 error and no key.
 */
export function asS3Error(cause: unknown): StoreError {
  if (cause instanceof StoreError) return cause
  const name = nameOf(cause)
  if (fullNames.includes(name) || statusOf(cause) === 507)
    return new StoreError(
      'NO_SPACE',
      `the S3 store takes nothing in (${name}): raise its limit or free some space`,
      cause,
    )
  if (refusals.includes(name) || [401, 403].includes(statusOf(cause) ?? 0))
    return new StoreError(
      'STORE_DOWN',
      `the S3 store refuses this machine (${name}): check TUMEN_S3_ACCESS_KEY_FILE, TUMEN_S3_SECRET_KEY_FILE, the rights of that key, and the clock`,
      cause,
    )
  return new StoreError(
    'STORE_DOWN',
    `the S3 store does not answer as it should (${name}): check that it runs and can be reached from here`,
    cause,
  )
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && name in value
    ? (value as Record<string, unknown>)[name]
    : undefined
}
