export type Level = 'ok' | 'warn' | 'bad'

/** What one check found: one line for people, with what to do when it is not well. */
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

/** Where the kernel and the system say how they are; a test gives folders of its own. */
export interface Places {
  proc: string
  sys: string
  run: string
}

export const realPlaces: Places = { proc: '/proc', sys: '/sys', run: '/run' }
