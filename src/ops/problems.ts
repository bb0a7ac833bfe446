/**
 * Everything health can find wrong, in one table: what it means, what to do, and when somebody is
 * called.
 */
export type ProblemCode =
  | 'REDIS_UNREACHABLE'
  | 'REDIS_READ_ONLY'
  | 'REDIS_AOF_BROKEN'
  | 'REDIS_MEMORY_FULL'
  | 'INTAKE_MISSING'
  | 'INTAKE_DRAINING'
  | 'WORKER_MISSING'
  | 'WORKER_DRAINING'
  | 'DISK_FULL'
  | 'STORE_UNREADABLE'
  | 'KEYRING_EXPIRED'
  | 'KEYRING_INVALID'
  | 'LEDGER_BROKEN'
  | 'DRAINING'
  | 'TOR_DOWN'
  | 'ONION_UNREACHABLE'
  | 'CANARY_BLOCKED'
  | 'DISK_NEARLY_FULL'
  | 'KEYRING_SHOULD_HAVE_ROTATED'
  | 'KEYRING_EXPIRES_SOON'
  | 'EXPORT_OVERDUE'
  | 'ACKNOWLEDGEMENT_OVERDUE'
  | 'CANARY_LATE'
  | 'QUARANTINE_NOT_EMPTY'
  | 'SPOOL_NOT_DRAINED'
  | 'NOTIFY_FAILED'
  | 'UPLOAD_STUCK'
  | 'REDIS_MEMORY_HIGH'
  | 'REDIS_POLICY_WRONG'
  | 'REDIS_AOF_OFF'
  | 'REDIS_AOF_REWRITE_FAILED'
  | 'CLOCK_MOVED'

export interface Problem {
  code: ProblemCode
  /** A warning does not make the service unready. */
  severity: 'error' | 'warning'
  detail: string
  wayOut: string
}

interface Entry extends Omit<Problem, 'code'> {
  /** How long it must last before the alert fires: a restart is no emergency. */
  alertAfter: `${number}${'s' | 'm' | 'h'}`
}

const table: Record<ProblemCode, Entry> = {
  REDIS_UNREACHABLE: {
    severity: 'error',
    alertAfter: '1m',
    detail:
      'Redis does not answer. Tips are still taken in, and the worker stores them by itself, more slowly.',
    wayOut:
      'Start Redis again, or check TUMEN_REDIS_URL. Whether intake and worker run cannot be told without it.',
  },
  REDIS_READ_ONLY: {
    severity: 'error',
    alertAfter: '1m',
    detail:
      'Redis answers and takes no write. Tips are still taken in, and the worker stores them by itself, more slowly.',
    wayOut:
      'It is a replica, or misses its replicas: `redis-cli -s SOCKET info replication`, then `replicaof no one` or bring the replicas back.',
  },
  REDIS_AOF_BROKEN: {
    severity: 'error',
    alertAfter: '1m',
    detail:
      'Redis cannot write its append-only file and refuses writes. Tips are still taken in and stored, more slowly.',
    wayOut:
      'Free space on the disk of its folder and check who may write there; Redis goes on by itself.',
  },
  REDIS_MEMORY_FULL: {
    severity: 'error',
    alertAfter: '1m',
    detail:
      'Redis has reached maxmemory and refuses writes. Tips are still taken in and stored, more slowly.',
    wayOut:
      'See whether the worker runs, and raise maxmemory: `redis-cli -s SOCKET config set maxmemory 512mb`.',
  },
  INTAKE_MISSING: {
    severity: 'error',
    alertAfter: '1m',
    detail: 'No intake process is taking in tips.',
    wayOut: 'Look at its last error line in the log, and start it again.',
  },
  INTAKE_DRAINING: {
    severity: 'error',
    alertAfter: '5m',
    detail: 'The intake ends in order: it lets open uploads finish and takes in no new tip.',
    wayOut: 'If nobody is restarting it, start it again. It takes at most half a minute.',
  },
  WORKER_MISSING: {
    severity: 'error',
    alertAfter: '1m',
    detail: 'No worker is running. Tips wait in the spool, safe, and do not reach the vault.',
    wayOut: 'Look at its last error line in the log, and start it again.',
  },
  WORKER_DRAINING: {
    severity: 'error',
    alertAfter: '5m',
    detail: 'The worker ends in order. Tips wait in the spool, safe.',
    wayOut: 'If nobody is restarting it, start it again. It takes a few seconds.',
  },
  DISK_FULL: {
    severity: 'error',
    alertAfter: '1m',
    detail:
      'The disk is full up to the reserve. New tips are refused; none that has a receipt is lost.',
    wayOut: 'Export and acknowledge what the vault holds, or make the disk larger.',
  },
  STORE_UNREADABLE: {
    severity: 'error',
    alertAfter: '1m',
    detail: 'The data directory cannot be read.',
    wayOut: 'Check TUMEN_DATA_DIR, its owner and its permissions.',
  },
  KEYRING_EXPIRED: {
    severity: 'error',
    alertAfter: '1m',
    detail: 'The keyring is past its last day. The page is closed.',
    wayOut: 'Issue and sign a new keyring, and put it into TUMEN_KEYS_DIR.',
  },
  KEYRING_INVALID: {
    severity: 'error',
    alertAfter: '1m',
    detail: 'The keyring is missing, unsigned, changed, or names nobody to seal to.',
    wayOut: 'Run `tumen keyring verify` for the reason, and restore the signed keyring.',
  },
  LEDGER_BROKEN: {
    severity: 'error',
    alertAfter: '1m',
    detail: 'The ledger is not the unbroken chain that was written: a line was changed or lost.',
    wayOut: 'Keep a copy of it, find out who or what changed it, restore it, and start ops again.',
  },
  DRAINING: {
    severity: 'error',
    alertAfter: '1h',
    detail:
      'The intake takes no new tips because somebody ran `tumen drain`. What is there is stored as ever.',
    wayOut: 'Run `tumen drain --off` when the work is done.',
  },
  TOR_DOWN: {
    severity: 'error',
    alertAfter: '1m',
    detail:
      'Tor does not answer at its SOCKS socket, or has made no onion yet. No source can reach the page.',
    wayOut:
      'See whether tor runs, and its last line in the log: the clock, a torrc that it refuses, or TUMEN_TOR_DIR of another folder.',
  },
  ONION_UNREACHABLE: {
    severity: 'error',
    alertAfter: '1m',
    detail:
      'Tor answers, and several fresh circuits in a row did not reach the onion. No source can reach the page.',
    wayOut:
      "With TUMEN_TOR_DIR tor is started anew by itself, again and again with longer pauses. If that does not help: the clock, the network of the server, tor's last lines.",
  },
  CANARY_BLOCKED: {
    severity: 'error',
    alertAfter: '1m',
    detail: "A tip that ops sent to itself did not arrive. Neither may a source's.",
    wayOut:
      "Look at the other problems first; if there are none, try the public page through Tor yourself, and look at tor's log.",
  },
  DISK_NEARLY_FULL: {
    severity: 'warning',
    alertAfter: '5m',
    detail: 'The disk is 95 % full.',
    wayOut:
      'Export and acknowledge what the vault holds, remove what is not ours, or make the disk larger.',
  },
  KEYRING_SHOULD_HAVE_ROTATED: {
    severity: 'warning',
    alertAfter: '5m',
    detail:
      'The keyring expires within two weeks, and the new one should be here by now. After its last day no tip is taken in.',
    wayOut: 'Hold the ceremony this week: issue, sign and carry over a new keyring.',
  },
  KEYRING_EXPIRES_SOON: {
    severity: 'warning',
    alertAfter: '5m',
    detail: 'The keyring expires within a month.',
    wayOut: 'Agree on a day for the ceremony, at least two weeks before the last day.',
  },
  EXPORT_OVERDUE: {
    severity: 'warning',
    alertAfter: '5m',
    detail: 'Tips lie in the vault, and nobody has exported for a day. One of them may be urgent.',
    wayOut: '`tumen export` to the stick, and carry it to the desk now.',
  },
  ACKNOWLEDGEMENT_OVERDUE: {
    severity: 'warning',
    alertAfter: '5m',
    detail: 'Tips were exported more than three days ago, and no desk has said that it has them.',
    wayOut:
      'Ask the desk. Take in its acknowledgement with `tumen acknowledge`, or export again if the stick is lost.',
  },
  CANARY_LATE: {
    severity: 'warning',
    alertAfter: '10m',
    detail: "A tip that ops sent to itself is over its time. Sources' tips take as long.",
    wayOut:
      'Look at the spool, the worker and tor. It becomes CANARY_BLOCKED if it does not arrive.',
  },
  QUARANTINE_NOT_EMPTY: {
    severity: 'warning',
    alertAfter: '5m',
    detail: 'There are dead letters: files with a receipt that can never be stored as a tip.',
    wayOut: 'Run `tumen queue inspect`: it says why. They are kept until somebody discards them.',
  },
  SPOOL_NOT_DRAINED: {
    severity: 'warning',
    alertAfter: '5m',
    detail:
      'Something has been waiting in the spool for long. It is safe, and it should have moved on.',
    wayOut: "Look at the worker's last lines in the log, and at the free disk space.",
  },
  NOTIFY_FAILED: {
    severity: 'warning',
    alertAfter: '30m',
    detail:
      'A note to staff was not taken by one of its channels. Whoever relies on it hears nothing.',
    wayOut:
      'Check the TUMEN_NOTIFY_ settings and the service they name. The next note is tried at the next boundary.',
  },
  UPLOAD_STUCK: {
    severity: 'warning',
    alertAfter: '3h',
    detail:
      'An upload has stood still for an hour. One is a source who gave up or goes on later; many are a fault of ours.',
    wayOut:
      'Nothing for one: it is removed by itself after TUMEN_SILENT_DAYS. For many look at the intake, the disk and tor.',
  },
  REDIS_MEMORY_HIGH: {
    severity: 'warning',
    alertAfter: '5m',
    detail: 'Redis uses more than 80 % of maxmemory. When it is full, tips are stored more slowly.',
    wayOut:
      'See whether the worker keeps up, and raise maxmemory: `redis-cli -s SOCKET config set maxmemory 512mb`.',
  },
  REDIS_POLICY_WRONG: {
    severity: 'warning',
    alertAfter: '5m',
    detail: 'Redis may throw away jobs to make room. The sweep queues them again, later.',
    wayOut:
      '`redis-cli -s SOCKET config set maxmemory-policy noeviction`, and the same in its configuration.',
  },
  REDIS_AOF_OFF: {
    severity: 'warning',
    alertAfter: '5m',
    detail:
      'Redis writes no append-only file: a restart empties the queue. The sweep queues again, later.',
    wayOut: '`redis-cli -s SOCKET config set appendonly yes`, and the same in its configuration.',
  },
  REDIS_AOF_REWRITE_FAILED: {
    severity: 'warning',
    alertAfter: '5m',
    detail:
      'Redis could not rewrite its append-only file: it grows, and keeps the times of jobs that are long done.',
    wayOut:
      'Check the space and the permissions of its folder, then `redis-cli -s SOCKET bgrewriteaof`.',
  },
  CLOCK_MOVED: {
    severity: 'warning',
    alertAfter: '1m',
    detail:
      'The clock of this machine has jumped within the last hour, or the machine slept. Days in the ledger may be wrong.',
    wayOut:
      'Compare `date -u` with a clock you trust and look at the time service. It goes away an hour after the last jump.',
  },
}

export const problemCodes = Object.keys(table) as ProblemCode[]

export function problem(code: ProblemCode): Problem {
  const { severity, detail, wayOut } = table[code]
  return { code, severity, detail, wayOut }
}

export function alertAfter(code: ProblemCode): string {
  return table[code].alertAfter
}

/** The table as docs/operations.md shows it. */
export function problemsMarkdown(): string {
  const rows = Object.entries(table).map(
    ([code, { severity, detail, wayOut }]) =>
      `| \`${code}\` | ${severity === 'error' ? 503 : 'warning'} | ${detail} | ${wayOut} |`,
  )
  return ['| code | | what it means | what to do |', '|---|---|---|---|', ...rows].join('\n')
}
