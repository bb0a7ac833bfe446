/**
 * Every problem that health can find, in one table: what it means, what to do, and how long it may
 * last before an alert fires.
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
  | 'SEVERAL_WORKERS'
  | 'SEVERAL_INTAKES'
  | 'JOBS_NOT_TAKEN'
  | 'DISK_FULL'
  | 'STORE_UNREADABLE'
  | 'DATA_DIR_REPLACED'
  | 'STORE_DOWN'
  | 'STORE_FULL'
  | 'KEYRING_EXPIRED'
  | 'KEYRING_INVALID'
  | 'KEYRING_DEMO'
  | 'KEYRING_NOT_YET'
  | 'LEDGER_BROKEN'
  | 'ENVELOPES_MISSING'
  | 'ENVELOPES_UNKNOWN'
  | 'DRAINING'
  | 'TOR_DOWN'
  | 'ONION_UNREACHABLE'
  | 'CANARY_BLOCKED'
  | 'DISK_NEARLY_FULL'
  | 'KEYRING_SHOULD_HAVE_ROTATED'
  | 'KEYRING_EXPIRES_SOON'
  | 'ORGANISATION_MISSING'
  | 'ORGANISATION_INVALID'
  | 'EXPORT_OVERDUE'
  | 'ACKNOWLEDGEMENT_OVERDUE'
  | 'KEYRING_REPLAYED'
  | 'KEYRING_NOT_CONFIRMED'
  | 'REPLIES_INDEX_OLD'
  | 'CANARY_LATE'
  | 'SUSPECT_OBJECTS'
  | 'REDIS_NO_FAILOVER'
  | 'MACHINE_MISSING'
  | 'CHORES_NOBODY'
  | 'CHORES_TWICE'
  | 'QUARANTINE_NOT_EMPTY'
  | 'SPOOL_NOT_DRAINED'
  | 'NOTIFY_FAILED'
  | 'UPLOAD_STUCK'
  | 'REDIS_MEMORY_HIGH'
  | 'REDIS_POLICY_WRONG'
  | 'REDIS_AOF_OFF'
  | 'REDIS_AOF_REWRITE_FAILED'
  | 'CLOCK_MOVED'
  | 'CLOCK_BEHIND'

export interface Problem {
  code: ProblemCode
  /** A warning does not make the service unready. */
  severity: 'error' | 'warning'
  detail: string
  /** What to do. `{redis-cli}` stands for the command that reaches the Redis of this server. */
  wayOut: string
}

interface Entry extends Omit<Problem, 'code'> {
  /** How long the problem must last before its alert fires, so that a restart raises no alert. */
  alertAfter: `${number}${'s' | 'm' | 'h'}`
}

const table: Record<ProblemCode, Entry> = {
  REDIS_UNREACHABLE: {
    severity: 'error',
    alertAfter: '1m',
    detail:
      'Redis does not answer, or refuses the services. Tips are still accepted, and the worker stores them without the queue, more slowly.',
    wayOut:
      'Run `{redis-cli} ping`. If that cannot connect, start Redis again, or check TUMEN_REDIS_URL. If Redis answers `NOAUTH`, `WRONGPASS` or `NOPERM`, correct the password in TUMEN_REDIS_URL or the rights of its user; at `max number of clients reached`, end what else is connected, or raise maxclients. While Redis is away, nothing is known about intake and worker.',
  },
  REDIS_READ_ONLY: {
    severity: 'error',
    alertAfter: '1m',
    detail:
      'Redis answers but refuses writes. Tips are still accepted, and the worker stores them without the queue, more slowly.',
    wayOut:
      'This Redis is a replica, or its own replicas are missing: run `{redis-cli} info replication`, then `{redis-cli} replicaof no one` or bring the replicas back.',
  },
  REDIS_AOF_BROKEN: {
    severity: 'error',
    alertAfter: '1m',
    detail:
      'Redis cannot write its append-only file and therefore refuses writes. Tips are still accepted, and the worker stores them without the queue, more slowly.',
    wayOut:
      'Make room on the disk of its folder and check that its user may write there. Redis then recovers by itself.',
  },
  REDIS_MEMORY_FULL: {
    severity: 'error',
    alertAfter: '1m',
    detail:
      'Redis has reached maxmemory and refuses writes. Tips are still accepted, and the worker stores them without the queue, more slowly.',
    wayOut:
      'Check that the worker runs, then raise maxmemory: `{redis-cli} config set maxmemory 512mb`.',
  },
  INTAKE_MISSING: {
    severity: 'error',
    alertAfter: '1m',
    detail: 'No intake process is running. No tip is accepted.',
    wayOut:
      'Read its last error line (systemd: `/run/tumen/intake.last-words`; `npm start`: the terminal), then start it again.',
  },
  INTAKE_DRAINING: {
    severity: 'error',
    alertAfter: '5m',
    detail: 'The intake is shutting down: it lets open uploads finish and accepts no new tip.',
    wayOut:
      'If nobody is restarting it, start it again. Shutting down takes at most half a minute.',
  },
  WORKER_MISSING: {
    severity: 'error',
    alertAfter: '1m',
    detail: 'No worker is running. Tips wait safely in the spool, but do not reach the vault.',
    wayOut:
      'Read its last error line (systemd: `/run/tumen/worker.last-words`; `npm start`: the terminal), then start it again.',
  },
  WORKER_DRAINING: {
    severity: 'error',
    alertAfter: '5m',
    detail: 'The worker is shutting down. Tips wait safely in the spool.',
    wayOut: 'If nobody is restarting it, start it again. Shutting down takes a few seconds.',
  },
  SEVERAL_WORKERS: {
    severity: 'error',
    alertAfter: '1m',
    detail:
      'Several workers use this Redis. Only one can hold the vault of a data folder: the others belong to another folder, or are not ours.',
    wayOut:
      'Find them (`docker ps`, `systemctl status tumen-worker`, `ps`) and stop all but one. Give each data folder a Redis of its own.',
  },
  SEVERAL_INTAKES: {
    severity: 'error',
    alertAfter: '1m',
    detail:
      'Several intakes use this Redis. On one data folder they do not know of each other, and a resumed upload may end in an error.',
    wayOut:
      'Find them (`docker ps`, `systemctl status tumen-intake`, `ps`) and stop all but one. Give each data folder a Redis of its own.',
  },
  JOBS_NOT_TAKEN: {
    severity: 'error',
    alertAfter: '1m',
    detail:
      'Jobs wait in the queue and the worker, which runs, takes none. Tips are still stored by the sweep, minutes later.',
    wayOut: 'Start the worker again. Nothing is lost by it.',
  },
  DISK_FULL: {
    severity: 'error',
    alertAfter: '1m',
    detail:
      'The disk is full up to the reserve, of bytes or of inodes (`df -i`). New tips are refused; no tip that has a receipt is lost.',
    wayOut:
      "Run `tumen free-space`: it says how much room the tips take that a desk has acknowledged, and deletes them now instead of after TUMEN_RETENTION_DAYS. If that is not enough: `tumen export`, take in the acknowledgement, and run it again, or make the disk larger. If other programs have filled the disk and these commands cannot write either, remove those programs' files first.",
  },
  STORE_UNREADABLE: {
    severity: 'error',
    alertAfter: '1m',
    detail: 'The data directory, or a folder or the ledger in it, cannot be read.',
    wayOut:
      "Check TUMEN_DATA_DIR, its owner and its permissions: the services' user must own it, with mode 0700. If they are right, read `dmesg`: the disk may be failing.",
  },
  DATA_DIR_REPLACED: {
    severity: 'error',
    alertAfter: '1m',
    detail:
      'TUMEN_DATA_DIR, or the ledger in it, is no longer what the running processes opened: it was moved, unmounted, emptied or replaced. New tips are refused.',
    wayOut:
      'If nobody did this on purpose, put the folder or its disk back: everything continues by itself. Otherwise stop all of Tumen, make sure that the right folder is there, and start Tumen again.',
  },
  STORE_DOWN: {
    severity: 'error',
    alertAfter: '1m',
    detail:
      'The S3 store does not answer. New tips are refused with a message; no tip that has a receipt is lost.',
    wayOut:
      'Look at the store itself, then run `tumen doctor` here, which says what the store answers. Nothing has to be started again.',
  },
  STORE_FULL: {
    severity: 'error',
    alertAfter: '1m',
    detail:
      'The S3 store answers, but accepts nothing more: a quota or its disks are full. New tips are refused with a message; no tip that has a receipt is lost.',
    wayOut:
      'Run `tumen free-space`, which deletes what a desk has acknowledged, and raise the quota of the bucket or add disks to the store. Nothing has to be started again.',
  },
  KEYRING_EXPIRED: {
    severity: 'error',
    alertAfter: '1m',
    detail: 'The keyring is past its last day. The page is closed.',
    wayOut:
      'First compare `date -u` with a clock you trust. If it is right, sign a new keyring in a ceremony, put its three files into TUMEN_KEYS_DIR and restart the intake.',
  },
  KEYRING_INVALID: {
    severity: 'error',
    alertAfter: '1m',
    detail: 'The keyring is missing, unsigned or changed, or it names nobody to seal to.',
    wayOut:
      'Run `tumen keyring verify` for the reason, restore the signed keyring, and restart the intake.',
  },
  KEYRING_DEMO: {
    severity: 'error',
    alertAfter: '1m',
    detail:
      'Strangers can reach the page, according to the settings or to the host name of a request, and its keyring is the demo one: the key that opens its tips is on this server.',
    wayOut:
      'Close the onion or the public address now. Hold the ceremony (keys/README.md), put its keyring into TUMEN_KEYS_DIR and restart the intake.',
  },
  KEYRING_NOT_YET: {
    severity: 'error',
    alertAfter: '1m',
    detail:
      'The keyring is signed and not in force yet: no recipient in it begins before tomorrow. The page is closed until then.',
    wayOut:
      'Compare `date -u` with a clock you trust. If the clock is right, the page opens by itself on the first day of the keyring.',
  },
  LEDGER_BROKEN: {
    severity: 'error',
    alertAfter: '1m',
    detail: 'The ledger is not the unbroken chain that was written: a line was changed or lost.',
    wayOut:
      'Find out who or what changed it. Then stop the worker, move `ledger.jsonl` and the folder `ledger` out of TUMEN_DATA_DIR, keep both as evidence, and start the worker: it writes a new ledger from the stored envelopes. Ops notices within a step.',
  },
  ENVELOPES_MISSING: {
    severity: 'error',
    alertAfter: '1m',
    detail: 'Envelopes that are stored according to the ledger are no longer in the vault.',
    wayOut:
      'Find out who or what removed them, and look at the disk. Stop the worker and run `tumen backup` into the folder of the earlier backups: it takes from the last one what the vault has lost. Copy that back with `cp -an NEW_BACKUP/sealed NEW_BACKUP/collected TUMEN_DATA_DIR/` and start the worker. If no backup has them, do what LEDGER_BROKEN says: the new ledger names what is there.',
  },
  ENVELOPES_UNKNOWN: {
    severity: 'warning',
    alertAfter: '1h',
    detail: 'There are envelopes in the vault that the ledger does not know.',
    wayOut:
      'Restart the worker: it writes the missing lines. Neither intake nor worker leaves an envelope without one, so find out who or what put them there.',
  },
  DRAINING: {
    severity: 'error',
    alertAfter: '1h',
    detail:
      'The intake accepts no new tip because somebody ran `tumen drain`. Tips that are already here are stored as usual.',
    wayOut: 'Run `tumen drain --off` when the work is done.',
  },
  TOR_DOWN: {
    severity: 'error',
    alertAfter: '1m',
    detail:
      'Tor does not answer at its SOCKS socket, or has not created the onion yet. No source can reach the page.',
    wayOut:
      'Check whether tor runs, and read its last line in the log. Common causes: a wrong clock, a torrc that tor refuses, a TUMEN_TOR_DIR that is not the folder tor uses.',
  },
  ONION_UNREACHABLE: {
    severity: 'error',
    alertAfter: '1m',
    detail:
      'Tor answers, but several fresh circuits in a row could not reach the onion. No source can reach the page.',
    wayOut:
      "With TUMEN_TOR_DIR set, ops has tor restarted by itself, with growing pauses. If that does not help, check the clock, the network of the server and tor's last log lines.",
  },
  CANARY_BLOCKED: {
    severity: 'error',
    alertAfter: '1m',
    detail:
      "A test tip that ops sent to itself did not arrive. A source's tip may not arrive either.",
    wayOut:
      "Deal with the other problems first. If there are none, open the public page in Tor Browser, and read tor's log.",
  },
  DISK_NEARLY_FULL: {
    severity: 'warning',
    alertAfter: '5m',
    detail: 'The disk is 95 % full.',
    wayOut:
      "Run `tumen free-space` to delete what a desk has acknowledged, remove files that are not Tumen's, or make the disk larger.",
  },
  KEYRING_SHOULD_HAVE_ROTATED: {
    severity: 'warning',
    alertAfter: '5m',
    detail:
      'The keyring expires within two weeks, and its successor should be in place by now. After the last day no tip is accepted.',
    wayOut: 'Hold the ceremony this week: issue, sign and carry over a new keyring.',
  },
  KEYRING_EXPIRES_SOON: {
    severity: 'warning',
    alertAfter: '5m',
    detail: 'The keyring expires within a month.',
    wayOut: 'Set a date for the ceremony, at least two weeks before the last day.',
  },
  ORGANISATION_MISSING: {
    severity: 'warning',
    alertAfter: '5m',
    detail:
      'There is no `organisation.json`. The page cannot say who runs it, what is done with a tip and how often tips are read.',
    wayOut:
      'Run `tumen keyring organisation FILE` and `tumen keyring sign`, put `organisation.json` and its `.minisig` into TUMEN_KEYS_DIR and restart the intake.',
  },
  ORGANISATION_INVALID: {
    severity: 'error',
    alertAfter: '1m',
    detail:
      'The root key did not sign `organisation.json` as it is, or it cannot be read. The page shows nothing of it.',
    wayOut:
      'Run `tumen keyring verify` for the reason, restore both files from the ceremony, and restart the intake. If nobody changed them, find out who did.',
  },
  EXPORT_OVERDUE: {
    severity: 'warning',
    alertAfter: '5m',
    detail:
      'There are tips in the vault, and nobody has exported for a day. One of them may be urgent.',
    wayOut: 'Run `tumen export` to the stick, and carry it to the desk now.',
  },
  ACKNOWLEDGEMENT_OVERDUE: {
    severity: 'warning',
    alertAfter: '5m',
    detail:
      'Tips were exported more than three days ago, and no desk has confirmed that it has them.',
    wayOut:
      'Ask the desk. Take in its acknowledgement with `tumen acknowledge`, or export again if the stick is lost.',
  },
  KEYRING_REPLAYED: {
    severity: 'error',
    alertAfter: '1m',
    detail:
      'This server serves an older keyring than the one that the desk has confirmed. The page refuses to seal to it.',
    wayOut:
      'Put the keyring of the last ceremony (`keyring.json` and `keyring.json.minisig`) into TUMEN_KEYS_DIR, and restart the intake. If nobody put an old one there, find out who did.',
  },
  KEYRING_NOT_CONFIRMED: {
    severity: 'warning',
    alertAfter: '6h',
    detail:
      'The desk has confirmed another keyring than the one that is served. Sources read that the keys are new and not confirmed yet.',
    wayOut:
      'Carry the new keyring to the desk, `tumen acknowledge` there, and take the stick in here. Until then compare the fingerprint with the one on paper.',
  },
  REPLIES_INDEX_OLD: {
    severity: 'warning',
    alertAfter: '5m',
    detail:
      "The desk's newest index of answers is 20 days old or older. From 30 days on, the page can no longer tell sources that staff confirmed the keys.",
    wayOut:
      'Make a trip, even if there is nothing to answer: `tumen export`, open and `tumen acknowledge` on the desk, then `tumen acknowledge` here.',
  },
  CANARY_LATE: {
    severity: 'warning',
    alertAfter: '10m',
    detail: 'A test tip that ops sent to itself is late. Tips of sources take as long.',
    wayOut:
      'Check the spool, the worker and tor. If the tip does not arrive, this becomes CANARY_BLOCKED.',
  },
  SUSPECT_OBJECTS: {
    severity: 'warning',
    alertAfter: '1m',
    detail:
      'Objects in the bucket did not have the bytes of their name. They were put aside into `suspect/` and are never served.',
    wayOut:
      'Somebody wrote into the bucket, or the store damages what it holds: see "An object has wrong bytes" in docs/scaling.md.',
  },
  REDIS_NO_FAILOVER: {
    severity: 'warning',
    alertAfter: '5m',
    detail:
      'If the Redis master ends now, no other server takes over: it has no replica, or the sentinels or the Cluster cannot choose one. Tips are taken in and stored in any case, then more slowly.',
    wayOut:
      'Start the missing replica or sentinels again. `{redis-cli} info replication` names the replicas; `redis-cli -p 26379 sentinel ckquorum NAME` and `redis-cli -c cluster info` say what is missing.',
  },
  MACHINE_MISSING: {
    severity: 'warning',
    alertAfter: '1m',
    detail:
      'An intake or a worker disappeared without signing off and has not come back, while others run. Its jobs are done by another one; unfinished uploads on its machine are lost.',
    wayOut:
      'Look at each machine, and start or replace the one that is gone. If it was taken away on purpose, this ends by itself after a day, or when ops is restarted.',
  },
  CHORES_NOBODY: {
    severity: 'warning',
    alertAfter: '5m',
    detail:
      'No worker does the work that is done once for all machines: the nightly move, retention, and the comparison of ledger and store. Times in the store stay exact.',
    wayOut:
      'Run `tumen doctor`: if the store ignores conditions, set TUMEN_CHORES=yes on one machine. If TUMEN_CHORES=no is set on every machine, remove it from one.',
  },
  CHORES_TWICE: {
    severity: 'warning',
    alertAfter: '5m',
    detail:
      'Several workers do the work that is done once for all machines. Nothing is lost, but each may undo what another one is about to do.',
    wayOut:
      'TUMEN_CHORES=yes is set on more than one machine: leave it on one and set TUMEN_CHORES=no on the others, or remove it everywhere if the store honours conditions.',
  },
  QUARANTINE_NOT_EMPTY: {
    severity: 'warning',
    alertAfter: '5m',
    detail: 'There are dead letters: files with a receipt that can never be stored as a tip.',
    wayOut:
      'Run `tumen queue inspect`, which says why. They are kept until somebody retries or discards them.',
  },
  SPOOL_NOT_DRAINED: {
    severity: 'warning',
    alertAfter: '5m',
    detail:
      'Something has been waiting in the spool for a long time. It is safe, but should have been stored by now.',
    wayOut: "Read the worker's last lines in the log, and check the free disk space.",
  },
  NOTIFY_FAILED: {
    severity: 'warning',
    alertAfter: '30m',
    detail:
      'A channel did not accept the last note to staff, or not for every recipient. People who rely on it hear nothing.',
    wayOut:
      'Check the TUMEN_NOTIFY_ settings and the service they name. The next note is sent after the next boundary.',
  },
  UPLOAD_STUCK: {
    severity: 'warning',
    alertAfter: '3h',
    detail:
      'An upload has not moved for an hour. One is a source who gave up or will continue later; many point to a fault of the server.',
    wayOut:
      'One needs nothing: it is removed by itself after TUMEN_SILENT_DAYS. If there are many, check the intake, the disk and tor.',
  },
  REDIS_MEMORY_HIGH: {
    severity: 'warning',
    alertAfter: '5m',
    detail: 'Redis uses more than 80 % of maxmemory. Once it is full, tips are stored more slowly.',
    wayOut:
      'Check that the worker keeps up, then raise maxmemory: `{redis-cli} config set maxmemory 512mb`.',
  },
  REDIS_POLICY_WRONG: {
    severity: 'warning',
    alertAfter: '5m',
    detail: 'Redis may delete jobs to make room. The sweep queues them again later.',
    wayOut:
      'Run `{redis-cli} config set maxmemory-policy noeviction`, and set the same in its configuration file.',
  },
  REDIS_AOF_OFF: {
    severity: 'warning',
    alertAfter: '5m',
    detail:
      'Redis writes no append-only file, so a restart empties the queue. The sweep queues the jobs again later.',
    wayOut:
      'Run `{redis-cli} config set appendonly yes`, and set the same in its configuration file.',
  },
  REDIS_AOF_REWRITE_FAILED: {
    severity: 'warning',
    alertAfter: '5m',
    detail:
      'Redis could not rewrite its append-only file: the file grows, and keeps the times of finished jobs.',
    wayOut:
      'Check the free space and the permissions of its folder, then run `{redis-cli} bgrewriteaof`.',
  },
  CLOCK_MOVED: {
    severity: 'warning',
    alertAfter: '1m',
    detail:
      'The clock of this machine jumped within the last hour, or ran away in small steps within the last week, or the machine was asleep. Days in the ledger may be wrong, and nothing is deleted because of its age meanwhile.',
    wayOut:
      'Compare `date -u` with a clock you trust and check the time service. This problem disappears an hour after the last jump, and a week after the clock last ran away.',
  },
  CLOCK_BEHIND: {
    severity: 'error',
    alertAfter: '1m',
    detail:
      'The clock of this machine shows an earlier day than the last line of the ledger. It is behind now, or it was ahead then. Nothing is deleted meanwhile.',
    wayOut:
      'Compare `date -u` with a clock you trust, and set it right. If it is right, the ledger has a day that is still to come: it goes away on that day.',
  },
}

export const problemCodes = Object.keys(table) as ProblemCode[]

/** Used in documents and alerts, which are the same for every server. */
export const anyRedisCli = 'redis-cli -s SOCKET'

/**
 * @param redisCli the command that reaches the Redis of this server, such as `redis-cli -s
 * /run/redis.sock`
 */
export function problem(code: ProblemCode, redisCli = anyRedisCli): Problem {
  const { severity, detail, wayOut } = table[code]
  return { code, severity, detail, wayOut: wayOut.replaceAll('{redis-cli}', redisCli) }
}

export function alertAfter(code: ProblemCode): string {
  return table[code].alertAfter
}

/** The table in docs/operations.md. */
export function problemsMarkdown(): string {
  const rows = problemCodes
    .map((code) => problem(code))
    .map(
      ({ code, severity, detail, wayOut }) =>
        `| \`${code}\` | ${severity === 'error' ? 503 : 'warning'} | ${detail} | ${wayOut} |`,
    )
  return ['| code | | what it means | what to do |', '|---|---|---|---|', ...rows].join('\n')
}
