/** Everything health can find wrong, in one table: what it means and what to do. */
export type ProblemCode =
  | 'REDIS_UNREACHABLE'
  | 'INTAKE_MISSING'
  | 'WORKER_MISSING'
  | 'DISK_FULL'
  | 'STORE_UNREADABLE'
  | 'KEYRING_EXPIRED'
  | 'KEYRING_INVALID'
  | 'LEDGER_BROKEN'
  | 'DRAINING'
  | 'KEYRING_EXPIRES_SOON'
  | 'QUARANTINE_NOT_EMPTY'
  | 'SPOOL_NOT_DRAINED'
  | 'CANARY_BLOCKED'
  | 'NOTIFY_FAILED'

export interface Problem {
  code: ProblemCode
  /** A warning does not make the service unready. */
  severity: 'error' | 'warning'
  detail: string
  wayOut: string
}

type Entry = Omit<Problem, 'code'>

const table: Record<ProblemCode, Entry> = {
  REDIS_UNREACHABLE: {
    severity: 'error',
    detail: 'Redis does not answer. Tips are still taken in, and the worker stores them by itself, more slowly.',
    wayOut: 'Start Redis again, or check TUMEN_REDIS_URL. Whether intake and worker run cannot be told without it.',
  },
  INTAKE_MISSING: {
    severity: 'error',
    detail: 'No intake process is taking in tips.',
    wayOut: 'Look at its last error line in the log, and start it again.',
  },
  WORKER_MISSING: {
    severity: 'error',
    detail: 'No worker is running. Tips wait in the spool, safe, and do not reach the vault.',
    wayOut: 'Look at its last error line in the log, and start it again.',
  },
  DISK_FULL: {
    severity: 'error',
    detail: 'The disk is full up to the reserve. New tips are refused; none that has a receipt is lost.',
    wayOut: 'Export and acknowledge what the vault holds, or make the disk larger.',
  },
  STORE_UNREADABLE: {
    severity: 'error',
    detail: 'The data directory cannot be read.',
    wayOut: 'Check TUMEN_DATA_DIR, its owner and its permissions.',
  },
  KEYRING_EXPIRED: {
    severity: 'error',
    detail: 'The keyring is past its last day. The page is closed.',
    wayOut: 'Issue and sign a new keyring, and put it into TUMEN_KEYS_DIR.',
  },
  KEYRING_INVALID: {
    severity: 'error',
    detail: 'The keyring is missing, unsigned, changed, or names nobody to seal to.',
    wayOut: 'Run `tumen keyring verify` for the reason, and restore the signed keyring.',
  },
  LEDGER_BROKEN: {
    severity: 'error',
    detail: 'The ledger is not the unbroken chain that was written: a line was changed or lost.',
    wayOut: 'Keep a copy of it, find out who or what changed it, restore it, and start ops again.',
  },
  DRAINING: {
    severity: 'error',
    detail: 'The intake takes no new tips because somebody ran `tumen drain`. What is there is stored as ever.',
    wayOut: 'Run `tumen drain --off` when the work is done.',
  },
  KEYRING_EXPIRES_SOON: {
    severity: 'warning',
    detail: 'The keyring expires within two weeks. After its last day no tip is taken in.',
    wayOut: 'Issue and sign a new keyring.',
  },
  QUARANTINE_NOT_EMPTY: {
    severity: 'warning',
    detail: 'There are dead letters: files with a receipt that can never be stored as a tip.',
    wayOut: 'Run `tumen queue inspect`: it says why. They are kept until somebody discards them.',
  },
  SPOOL_NOT_DRAINED: {
    severity: 'warning',
    detail: 'Something has been waiting in the spool for long. It is safe, and it should have moved on.',
    wayOut: 'Look at the worker\'s last lines in the log, and at the free disk space.',
  },
  CANARY_BLOCKED: {
    severity: 'error',
    detail: 'A tip of our own did not get through the public way into the vault. A source\'s tip may not either.',
    wayOut: 'Look at the other problems first. If there is none, look at tor and at what stands between sources and the intake.',
  },
  NOTIFY_FAILED: {
    severity: 'warning',
    detail: 'A note to staff was not taken by one of its channels. Whoever relies on it hears nothing.',
    wayOut: 'Check the TUMEN_NOTIFY_ settings and the service they name. The next note is tried at the next boundary.',
  },
}

export const problemCodes = Object.keys(table) as ProblemCode[]

export function problem(code: ProblemCode): Problem {
  return { code, ...table[code] }
}

/** The table as docs/operations.md shows it. */
export function problemsMarkdown(): string {
  const rows = Object.entries(table).map(([code, { severity, detail, wayOut }]) =>
    `| \`${code}\` | ${severity === 'error' ? 503 : 'warning'} | ${detail} | ${wayOut} |`)
  return ['| code | | what it means | what to do |', '|---|---|---|---|', ...rows].join('\n')
}
