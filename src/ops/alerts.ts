/**
 * All alerts in one table. config/prometheus/alerts.yml and the runbook in docs/operations.md are
 * generated from it; a test compares them with this table.
 */
import { alertAfter, problem, problemCodes } from './problems.ts'
import type { ProblemCode } from './problems.ts'

export interface Alert {
  name: string
  expr: string
  /** How long the expression must hold before the alert fires. */
  for: string
  /** `critical`: somebody must look now. `warning`: somebody must look today. `none`: nobody. */
  severity: 'critical' | 'warning' | 'none'
  meaning: string
  wayOut: string
}

/** The name of the scrape job for ops in Prometheus, by which `up` is selected. */
export const jobName = 'tumen'

/** `REDIS_AOF_OFF` becomes `TumenRedisAofOff`. */
export function alertNameOf(code: ProblemCode): string {
  const words = code
    .toLowerCase()
    .split('_')
    .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
  return `Tumen${words.join('')}`
}

/** The runbook as ops serves it, at its default address: a person on call can open the link. */
export const runbookUrl = 'http://127.0.0.1:8441/runbook'

/** The section of the runbook that explains a problem or alert. */
export function runbookOf(alertName: string): string {
  return `${runbookUrl}#${alertName.toLowerCase()}`
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

/** Published memory at which a process is about to reach its limit in compose and systemd. */
export const memoryAlertBytes = { intake: 576 * 2 ** 20, worker: 384 * 2 ** 20 } as const

const memoryExpr = Object.entries(memoryAlertBytes)
  .map(([role, bytes]) => `tumen_process_resident_memory_bytes{role="${role}"} > ${bytes}`)
  .join(' or ')

/** Always fires: a service that expects it notices when alerts no longer arrive. */
export const watchdog: Alert = {
  name: 'TumenWatchdog',
  expr: 'vector(1)',
  for: '0m',
  severity: 'none',
  meaning: 'Prometheus evaluates the rules. This alert always fires, and nothing is wrong.',
  wayOut:
    'Nothing. Route it to a service that raises an alarm when it stops (config/prometheus/alertmanager.yml shows how).',
}

/** Alerts for conditions that `/readyz` cannot report: that ops is down, or trends over time. */
const others: readonly Alert[] = [
  {
    name: 'TumenOpsDown',
    expr: `up{job="${jobName}"} == 0 or absent(up{job="${jobName}"})`,
    for: '1m',
    severity: 'critical',
    meaning: 'The ops process does not answer. It is unknown whether tips are accepted.',
    wayOut:
      'Check whether Tumen runs at all: `tumen status`, then the last lines of its log. Tips may still be accepted.',
  },
  {
    name: 'TumenFiguresOld',
    for: '5m',
    severity: 'warning',
    expr: '(time() - tumen_figures_timestamp_seconds > 3 * tumen_step_seconds) or (tumen_step_seconds unless tumen_figures_timestamp_seconds)',
    meaning: 'The published counts have not changed for three steps, so they may be out of date.',
    wayOut:
      'Check the disk: listing the vault hangs, or takes longer than a step. Then restart ops.',
  },
  {
    name: 'TumenProcessRestarting',
    expr: 'increase(tumen_process_starts_total[1h]) > 3',
    for: '1m',
    severity: 'warning',
    meaning: 'A process was restarted again and again within an hour.',
    wayOut:
      'Its last error line in the log says why. An envelope that kills the worker is quarantined by itself.',
  },
  {
    name: 'TumenEventLoopLag',
    expr: 'tumen_process_event_loop_lag_seconds >= 10',
    for: '20m',
    severity: 'warning',
    meaning: 'A process was blocked for more than a second at a time. Uploads wait meanwhile.',
    wayOut:
      "Find out what else uses this machine's processor or memory (`top`), and whether it swaps.",
  },
  {
    name: 'TumenMemoryHigh',
    expr: memoryExpr,
    for: '20m',
    severity: 'warning',
    meaning: 'A process uses three quarters of the memory that compose and systemd allow it.',
    wayOut:
      'Restart it: nothing depends on an orderly end. If its memory grows again, report it to us: that is a bug.',
  },
  {
    name: 'TumenRedisSlow',
    expr: 'tumen_redis_latency_seconds >= 1',
    for: '20m',
    severity: 'warning',
    meaning: 'Redis needed more than a tenth of a second to answer one PING.',
    wayOut:
      'Check the disk of its folder, and what else runs on the machine. Tips are still accepted.',
  },
  {
    name: 'TumenStoreFillsSoon',
    expr: 'tumen_store_full_in_seconds < 14 * 86400',
    for: '30m',
    severity: 'warning',
    meaning:
      'At the rate of the last seven days, the room for envelopes, or the inodes for their files (`df -i`), will be used up within two weeks.',
    wayOut:
      'Export and acknowledge more often, shorten TUMEN_RETENTION_DAYS, or make the disk larger.',
  },
  {
    name: 'TumenSpoolOrphans',
    expr: 'tumen_spool_orphans > 0',
    for: '30m',
    severity: 'warning',
    meaning:
      'There are envelopes in the spool without a job, for longer than any sweep needs. They are safe.',
    wayOut:
      "Read the worker's last lines in the log: the sweep fails, or more than 10 000 jobs are waiting.",
  },
  {
    name: 'TumenStoringFails',
    expr: 'tumen_queue_failed_attempts - tumen_queue_failed_attempts offset 1h > 0',
    for: '1m',
    severity: 'warning',
    meaning: 'Storing failed and is retried without limit. Nothing with a receipt is lost.',
    wayOut:
      "The worker's last line names the code: IO_FAILED is a fault of the disk, NO_SPACE a full disk.",
  },
  {
    name: 'TumenWorkerStalls',
    expr: 'tumen_queue_stalls - tumen_queue_stalls offset 1h > 0',
    for: '1m',
    severity: 'warning',
    meaning: 'A worker ended in the middle of a job, or was blocked for more than ten seconds.',
    wayOut:
      "Look for a kill in the kernel's log (`dmesg | grep -i oom`), and check the load of the machine.",
  },
  {
    name: 'TumenSealedToOldKeyring',
    expr: 'tumen_sealed_to_old_keyring - tumen_sealed_to_old_keyring offset 6h > 0',
    for: '1m',
    severity: 'warning',
    meaning:
      'A tip was sealed to a keyring that is no longer current. People who were retired since can open it.',
    wayOut:
      'If the old keyring is published anywhere (a saved page, the offline sealer), have it replaced.',
  },
  {
    name: 'TumenAcknowledgementRefused',
    expr: 'tumen_acknowledgements_refused - tumen_acknowledgements_refused offset 6h > 0',
    for: '1m',
    severity: 'warning',
    meaning: 'A file in the inbox was not signed by any desk of the keyring, and was set aside.',
    wayOut:
      'Look into `acknowledgements/refused`. Ask the desk whether the file is theirs, and which key they used.',
  },
  {
    name: 'TumenAcknowledgedUnknown',
    expr: 'tumen_acknowledged_unknown - tumen_acknowledged_unknown offset 6h > 0',
    for: '1m',
    severity: 'warning',
    meaning: 'A desk has acknowledged tips that this server never stored, or no longer remembers.',
    wayOut:
      'The acknowledgement may belong to another server, or the ledger was written again. Nothing is deleted because of it.',
  },
  {
    name: 'TumenIntakeCrowded',
    expr: 'tumen_intake_crowded == 1',
    for: '15m',
    severity: 'warning',
    meaning:
      'The intake had to divide its capacity: there is an attack, or more people than it has places for.',
    wayOut:
      'Check CANARY_BLOCKED and CANARY_LATE: while canaries arrive, so do tips. "Many at once, or an attack" says which limits can be raised.',
  },
  {
    name: 'TumenTorRestarting',
    expr: 'increase(tumen_tor_restarts_total[6h]) > 2',
    for: '1m',
    severity: 'warning',
    meaning:
      'Tor was restarted several times within six hours because the onion was not reachable. Sources could not reach the page meanwhile.',
    wayOut:
      "Compare `date -u` with a clock you trust, check the network of the server and tor's last lines, and update tor if there is a newer version.",
  },
  {
    name: 'TumenCanaryUndelivered',
    expr: 'tumen_canary_undelivered > 0',
    for: '30m',
    severity: 'warning',
    meaning: 'Test tips that ops sent to itself are still missing.',
    wayOut:
      'Deal with other problems first. Then send a tip yourself through Tor and look up its receipt.',
  },
]

export const alerts: readonly Alert[] = [...problemCodes.map(problemAlert), ...others, watchdog]

/** Writes texts as JSON strings, which are valid YAML. */
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
  return `# Generated from src/ops/alerts.ts: change it there (npx vitest run test/ops/alerts.test.ts -u).\ngroups:\n  - name: tumen\n    rules:\n${rules.join('')}`
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

/** One section for each alert, as in docs/operations.md. */
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
