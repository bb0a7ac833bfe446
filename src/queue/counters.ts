import type { Redis } from 'ioredis'

/**
 * Plain totals without a time, for facts about tips that may be known as long as it is not known
 * when they happened. Redis may lose them: they are a warning and prove nothing.
 */
const names = {
  oldKeyring: '{tumen}:count:old-keyring',
  unknownAcknowledged: '{tumen}:count:unknown-acknowledged',
  refusedAcknowledgements: '{tumen}:count:refused-acknowledgements',
  stalls: '{tumen}:count:stalls',
  failedAttempts: '{tumen}:count:failed-attempts',
  intakeStarts: '{tumen}:count:starts:intake',
  workerStarts: '{tumen}:count:starts:worker',
} as const

export type Counters = Record<keyof typeof names, number>

/** Counts a tip that is sealed to another keyring than the current one, according to its sender. */
export function countOldKeyring(redis: Redis): Promise<void> {
  return add(redis, 'oldKeyring', 1)
}

/** Counts receipts in a desk's acknowledgement that this server never stored. */
export function countUnknownAcknowledged(redis: Redis, receipts: number): Promise<void> {
  return add(redis, 'unknownAcknowledged', receipts)
}

/** Counts files in the inbox that were not signed by any signer of the keyring. */
export function countRefusedAcknowledgements(redis: Redis, files: number): Promise<void> {
  return add(redis, 'refusedAcknowledgements', files)
}

/** Counts a job whose worker died while it was running. */
export function countStall(redis: Redis): Promise<void> {
  return add(redis, 'stalls', 1)
}

/** Counts a failed attempt to store an envelope, which will be retried. */
export function countFailedAttempt(redis: Redis): Promise<void> {
  return add(redis, 'failedAttempts', 1)
}

/** Counts the start of an intake or a worker; other roles are ignored. */
export async function countStart(redis: Redis, role: string): Promise<void> {
  if (role === 'intake' || role === 'worker') await add(redis, `${role}Starts`, 1)
}

/** Rejects when Redis does not answer. */
export async function readCounters(redis: Redis): Promise<Counters> {
  const fields = Object.keys(names) as Array<keyof typeof names>
  const texts = await redis.mget(fields.map((field) => names[field]))
  return Object.fromEntries(
    fields.map((field, index) => [field, toCount(texts[index])]),
  ) as Counters
}

/** Never rejects: a lost count is not worth a failed request. */
async function add(redis: Redis, name: keyof typeof names, amount: number): Promise<void> {
  if (amount > 0) await redis.incrby(names[name], amount).catch(() => {})
}

function toCount(text: string | null | undefined): number {
  const count = Number(text ?? 0)
  return Number.isSafeInteger(count) && count >= 0 ? count : 0
}
