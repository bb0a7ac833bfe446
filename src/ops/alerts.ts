/**
 * The alerts, in one table: config/prometheus/alerts.yml and the runbook in
 * docs/operations.md are written from it, and a test holds them to it.
 */
import { alertAfter, problem, problemCodes } from './problems.ts'
import type { ProblemCode } from './problems.ts'

export interface Alert {
  name: string
  expr: string
  /** How long it must be so. */
  for: string
  /** `critical`: somebody looks now. `warning`: somebody looks today. */
  severity: 'critical' | 'warning'
  meaning: string
  wayOut: string
}

/** Prometheus must scrape ops under this job: `up` has no other name for it. */
export const jobName = 'tumen'

/** `REDIS_AOF_OFF` becomes `TumenRedisAofOff`. */
export function alertNameOf(code: ProblemCode): string {
  const words = code
    .toLowerCase()
    .split('_')
    .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
  return `Tumen${words.join('')}`
}

/** Where in docs/operations.md a problem or alert is explained: GitHub's anchor of its heading. */
export function runbookOf(alertName: string): string {
  return `docs/operations.md#${alertName.toLowerCase()}`
}

function problemAlert(code: ProblemCode): Alert {
  const { severity, detail, wayOut } = problem(code)
  return {
    name: alertNameOf(code),
    expr: `tumen_problem{code="${code}"} == 1`,
    for: alertAfter(code),
    severity: severity === 'error' ? 'critical' : 'warning',
    meaning: detail,
    wayOut,
  }
}

/** What `/readyz` cannot tell: that ops is gone, and what only time shows. */
const others: readonly Alert[] = [
  {
    name: 'TumenOpsDown',
    expr: `up{job="${jobName}"} == 0 or absent(up{job="${jobName}"})`,
    for: '1m',
    severity: 'critical',
    meaning: 'The ops process does not answer. Whether tips are taken in is not known.',
    wayOut:
      'See whether Tumen runs at all: `npx tumen status`, then the last lines of its log. Tips may still be taken in.',
  },
  {
    name: 'TumenFiguresOld',
    for: '5m',
    severity: 'warning',
    expr: '(time() - tumen_figures_timestamp_seconds > 3 * tumen_step_seconds) or (tumen_step_seconds unless tumen_figures_timestamp_seconds)',
    meaning: 'The counts have not moved for three steps. They may be of a time long gone.',
    wayOut:
      'Look at the disk: listing the vault hangs, or takes longer than a step. Start ops again.',
  },
  {
    name: 'TumenProcessRestarting',
    expr: 'increase(tumen_process_starts_total[1h]) > 3',
    for: '1m',
    severity: 'warning',
    meaning: 'A process was started again and again within an hour.',
    wayOut:
      'Its last error line in the log says why. An envelope that kills the worker goes into quarantine by itself.',
  },
  {
    name: 'TumenEventLoopLag',
    expr: 'tumen_process_event_loop_lag_seconds >= 10',
    for: '20m',
    severity: 'warning',
    meaning: 'A process stood still for more than a second at a time. Uploads wait meanwhile.',
    wayOut: "Look for what else uses this machine's processor or memory (`top`), and for swapping.",
  },
  {
    name: 'TumenMemoryHigh',
    expr: 'tumen_process_resident_memory_bytes > 1e9',
    for: '20m',
    severity: 'warning',
    meaning: 'A process uses more than 1 GB of memory; 64 uploads at once need a fifth of that.',
    wayOut:
      'Start it again: nothing depends on an orderly end. If it grows again, it is a fault of ours: tell us.',
  },
  {
    name: 'TumenRedisSlow',
    expr: 'tumen_redis_latency_seconds >= 1',
    for: '20m',
    severity: 'warning',
    meaning: 'Redis needed more than a tenth of a second for one PING.',
    wayOut:
      'Look at the disk of its folder and at what else runs on the machine. Tips are taken in all the same.',
  },
  {
    name: 'TumenStoreFillsSoon',
    expr: 'tumen_store_full_in_seconds < 14 * 86400',
    for: '30m',
    severity: 'warning',
    meaning:
      'At the rate of the last seven days the room for envelopes is filled within two weeks.',
    wayOut:
      'Export and acknowledge more often, shorten TUMEN_RETENTION_DAYS, or make the disk larger.',
  },
  {
    name: 'TumenSpoolOrphans',
    expr: 'tumen_spool_orphans > 0',
    for: '30m',
    severity: 'warning',
    meaning:
      'Envelopes lie in the spool without a job, for longer than any sweep needs. They are safe.',
    wayOut:
      "Look at the worker's last lines in the log: the sweep fails, or more than 10 000 jobs wait.",
  },
  {
    name: 'TumenStoringFails',
    expr: 'tumen_queue_failed_attempts - tumen_queue_failed_attempts offset 1h > 0',
    for: '1m',
    severity: 'warning',
    meaning: 'Storing failed and is tried again, without end. Nothing with a receipt is lost.',
    wayOut: "The worker's last line says the code: IO_FAILED is the disk, NO_SPACE its being full.",
  },
  {
    name: 'TumenWorkerStalls',
    expr: 'tumen_queue_stalls - tumen_queue_stalls offset 1h > 0',
    for: '1m',
    severity: 'warning',
    meaning: 'A worker went away in the middle of a job, or stood still for more than ten seconds.',
    wayOut:
      "Look for a kill in the kernel's log (`dmesg | grep -i oom`), and at the load of the machine.",
  },
  {
    name: 'TumenSealedToOldKeyring',
    expr: 'tumen_sealed_to_old_keyring - tumen_sealed_to_old_keyring offset 6h > 0',
    for: '1m',
    severity: 'warning',
    meaning:
      'Somebody used a keyring that is not the present one. Those who were retired since can open that tip.',
    wayOut:
      'If the old keyring is published anywhere (a saved page, the offline sealer), have it replaced.',
  },
  {
    name: 'TumenAcknowledgementRefused',
    expr: 'tumen_acknowledgements_refused - tumen_acknowledgements_refused offset 6h > 0',
    for: '1m',
    severity: 'warning',
    meaning: 'A file in the inbox was signed by no desk of the keyring, and is put aside.',
    wayOut:
      'Look into `acknowledgements/refused`. Ask the desk whether it is theirs, and which key they used.',
  },
  {
    name: 'TumenAcknowledgedUnknown',
    expr: 'tumen_acknowledged_unknown - tumen_acknowledged_unknown offset 6h > 0',
    for: '1m',
    severity: 'warning',
    meaning: 'A desk has acknowledged tips that this server never stored, or no longer remembers.',
    wayOut:
      "It may be another server's acknowledgement, or the ledger was made anew. Nothing is deleted for it.",
  },
  {
    name: 'TumenIntakeCrowded',
    expr: 'tumen_intake_crowded == 1',
    for: '15m',
    severity: 'warning',
    meaning:
      'The intake had to share itself out: an attack, or more people than it has places for.',
    wayOut:
      'Look at CANARY_BLOCKED and CANARY_LATE: while canaries arrive, so do tips. "Many at once, or an attack" says what may be raised.',
  },
  {
    name: 'TumenTorRestarting',
    expr: 'increase(tumen_tor_restarts_total[6h]) > 2',
    for: '1m',
    severity: 'warning',
    meaning:
      'Tor was started anew several times within six hours because the onion was not reachable. Sources could not reach the page meanwhile.',
    wayOut:
      "Compare `date -u` with a clock you trust, look at the network of the server and at tor's last lines; update tor if there is a newer one.",
  },
  {
    name: 'TumenCanaryUndelivered',
    expr: 'tumen_canary_undelivered > 0',
    for: '30m',
    severity: 'warning',
    meaning: 'Tips that ops sent to itself are still missing.',
    wayOut:
      'Look for other problems first; then send a tip yourself through Tor and ask for its receipt.',
  },
]

export const alerts: readonly Alert[] = [...problemCodes.map(problemAlert), ...others]

/** JSON strings are YAML strings. */
export function alertRulesYaml(): string {
  const rules = alerts.map(
    (alert) => `      - alert: ${alert.name}
        expr: ${JSON.stringify(alert.expr)}
        for: ${alert.for}
        labels: { severity: ${alert.severity} }
        annotations:
${Object.entries(annotationsOf(alert))
  .map(([name, text]) => `          ${name}: ${JSON.stringify(text)}`)
  .join('\n')}
`,
  )
  return `# Written from src/ops/alerts.ts: change it there (npx vitest run test/ops/alerts.test.ts -u).\ngroups:\n  - name: tumen\n    rules:\n${rules.join('')}`
}

export function annotationsOf({
  name,
  meaning,
  wayOut,
}: Alert): Record<'summary' | 'description' | 'runbook_url', string> {
  const [summary = ''] = meaning.split(/[.:] /)
  return {
    summary: summary.replace(/\.$/, ''),
    description: `${meaning} ${wayOut}`,
    runbook_url: runbookOf(name),
  }
}

/** A section an alert, as docs/operations.md shows it. */
export function alertsMarkdown(): string {
  return alerts
    .map(
      (alert) => `### ${alert.name}

*${alert.severity}, after ${alert.for}* · \`${alert.expr}\`

${alert.meaning}

**What to do:** ${alert.wayOut}
`,
    )
    .join('\n')
    .trim()
}
