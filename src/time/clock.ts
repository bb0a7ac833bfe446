/** The source of time, passed as an argument so that tests can stop or move it. */
export interface Clock {
  now: () => Date
}

export const systemClock: Clock = { now: () => new Date() }
