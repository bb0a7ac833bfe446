import { asS3Error } from './s3-errors.ts'
import type { S3Bucket } from './s3-bucket.ts'

/** Whether this machine may do the work that is done once for all machines. */
export interface Lease {
  /** Takes, keeps or gives up the lease; to be called every few seconds. Never rejects. */
  tend(): Promise<void>
  /** Whether it is held now, and for long enough to finish one small step. */
  isHeld(): boolean
  /** How often the lease has changed hands; null while it is not held. */
  term(): number | null
  /** Gives it up, so that another machine need not wait. */
  release(): Promise<void>
}

const key = 'lease/chores'

/** Another machine takes the lease when it has not changed for this long. */
export const leaseMs = 60_000

/** The holder stops this long before another machine can take it. */
const marginMs = 20_000

interface Seen {
  etag: string
  sinceMs: number
}

/**
 * A lease held by conditional writes of one object: `If-None-Match: *` makes it, `If-Match` renews
 * and takes it. Time is measured by each machine's own monotonic clock from when it first saw a
 * state, so wrong clocks do no harm. A holder that was stopped meanwhile finds its own time over
 * before it does anything else.
 */
export function createLease(options: {
  bucket: S3Bucket
  holder: string
  monotonicMs: () => number
}): Lease {
  const { bucket, holder, monotonicMs } = options
  let held: { etag: string; term: number; untilMs: number } | null = null
  let seen: Seen | null = null

  const write = async (
    state: { term: number; isFree?: boolean },
    condition: 'absent' | { etag: string },
  ): Promise<void> => {
    const startedMs = monotonicMs()
    const { term, isFree = false } = state
    const content = JSON.stringify({ format: 'tumen-lease', version: 1, term, holder, isFree })
    const written = await bucket.put(key, Buffer.from(content), condition)
    held =
      written === null || isFree
        ? null
        : { etag: written.etag, term, untilMs: startedMs + leaseMs - marginMs }
    if (written === null) seen = null
  }

  const tryToTake = async (): Promise<void> => {
    const current = await readLease(bucket)
    if (current === null) return await write({ term: 1 }, 'absent')
    const { etag, term, isFree } = current
    if (seen?.etag !== etag) seen = { etag, sinceMs: monotonicMs() }
    if (isFree || monotonicMs() - seen.sinceMs >= leaseMs) await write({ term: term + 1 }, { etag })
  }

  return {
    async tend() {
      try {
        if (held === null) await tryToTake()
        else await write({ term: held.term }, { etag: held.etag })
      } catch {
        // Without the store the time of the lease runs out by itself.
      }
    },
    isHeld: () => held !== null && monotonicMs() < held.untilMs,
    term: () => (held !== null && monotonicMs() < held.untilMs ? held.term : null),
    async release() {
      if (held === null) return
      await write({ term: held.term, isFree: true }, { etag: held.etag }).catch(() => {})
      held = null
    },
  }
}

async function readLease(
  bucket: S3Bucket,
): Promise<{ etag: string; term: number; isFree: boolean } | null> {
  const found = await bucket.get(key)
  if (found === null) return null
  const pieces: Uint8Array[] = []
  let bytes = 0
  for await (const piece of found.body) {
    bytes += piece.length
    if (bytes > maxLeaseBytes) break
    pieces.push(piece)
  }
  return { etag: found.etag, ...parseLease(Buffer.concat(pieces).toString('utf8')) }
}

const maxLeaseBytes = 1024

/** An unreadable lease is one that nobody renews: it is taken when its time is over. */
function parseLease(text: string): { term: number; isFree: boolean } {
  try {
    const { term, isFree } = JSON.parse(text) as Record<string, unknown>
    return Number.isSafeInteger(term)
      ? { term: term as number, isFree: isFree === true }
      : { term: 0, isFree: false }
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw asS3Error(cause)
    return { term: 0, isFree: false }
  }
}
