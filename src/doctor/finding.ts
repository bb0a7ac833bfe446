export type Level = 'ok' | 'warn' | 'bad'

/** The result of one check: one line for people, and what to do if it is not good. */
export interface Finding {
  check: string
  level: Level
  says: string
  /** Null when there is nothing to do. */
  wayOut: string | null
}

export function well(check: string, says: string): Finding {
  return { check, level: 'ok', says, wayOut: null }
}

export function doubtful(check: string, says: string, wayOut: string): Finding {
  return { check, level: 'warn', says, wayOut }
}

export function wrong(check: string, says: string, wayOut: string): Finding {
  return { check, level: 'bad', says, wayOut }
}

/** Folders with the state of the kernel and the system; tests pass their own. */
export interface Places {
  proc: string
  sys: string
  run: string
}

export const realPlaces: Places = { proc: '/proc', sys: '/sys', run: '/run' }
