/** Time comes in as an argument, so that a test can hold or move it. */
export interface Clock {
  now: () => Date
}

export const systemClock: Clock = { now: () => new Date() }
