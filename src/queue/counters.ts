import type { Redis } from 'ioredis'

/**
 * Plain sums without a time, for what may be known about tips but not about when
 * they came. Redis may lose them: they warn, they prove nothing.
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

/** A sender said that its tip is sealed to a keyring that is not the present one. */
export function countOldKeyring(redis: Redis): Promise<void> {
  return add(redis, 'oldKeyring', 1)
}

/** Receipts in a desk's acknowledgement that this server never stored. */
export function countUnknownAcknowledged(redis: Redis, receipts: number): Promise<void> {
  return add(redis, 'unknownAcknowledged', receipts)
}

/** Files in the inbox that no signer of the keyring had signed. */
export function countRefusedAcknowledgements(redis: Redis, files: number): Promise<void> {
  return add(redis, 'refusedAcknowledgements', files)
}

/** A job whose worker went away under it. */
export function countStall(redis: Redis): Promise<void> {
  return add(redis, 'stalls', 1)
}

/** Storing an envelope was begun, and is to be tried again. */
export function countFailedAttempt(redis: Redis): Promise<void> {
  return add(redis, 'failedAttempts', 1)
}

/** A process of this role has started; other roles are not counted. */
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

/** Never rejects: a count is not worth a failed request. */
async function add(redis: Redis, name: keyof typeof names, amount: number): Promise<void> {
  if (amount > 0) await redis.incrby(names[name], amount).catch(() => {})
}

function toCount(text: string | null | undefined): number {
  const count = Number(text ?? 0)
  return Number.isSafeInteger(count) && count >= 0 ? count : 0
}
