/** Time comes in as an argument, so that a test can hold or move it. */
export interface Clock {
  now(): Date
}

export const systemClock: Clock = { now: () => new Date() }

/** Midnight UTC of the day. Nothing finer than this is ever stored. */
export function dayOf(date: Date): Date {
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()))
}

/** `YYYY-MM-DD`, in UTC. */
export function dayString(date: Date): string {
  return date.toISOString().slice(0, 10)
}
