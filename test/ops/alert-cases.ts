import {
  type Alert,
  alerts as allAlerts,
  annotationsOf,
  memoryAlertBytes,
  watchdog,
} from '../../src/ops/alerts.ts'

/** All alerts except the watchdog, which always fires and has a test of its own. */
const alerts = allAlerts.filter((alert) => alert !== watchdog)

/** Published memory figures are rounded up to a multiple of this size. */
const pieceBytes = 64 * 2 ** 20

const scrape = '{instance="ops",job="tumen"}'

interface Case {
  /** Series that must make the alert fire after `minutes`, with `labels` as its further labels. */
  fires: Record<string, string>
  /** Similar series for which the alert must not fire. */
  silent: Record<string, string>
  labels?: string
  minutes: number
}

const cases: Readonly<Record<string, Case>> = {
  TumenOpsDown: {
    fires: { [`up${scrape}`]: '0x410' },
    silent: { [`up${scrape}`]: '1x410' },
    minutes: 5,
  },
  TumenFiguresOld: {
    fires: {
      [`tumen_figures_timestamp_seconds${scrape}`]: '0x410',
      [`tumen_step_seconds${scrape}`]: '900x410',
    },
    silent: {
      [`tumen_figures_timestamp_seconds${scrape}`]: '0+60x410',
      [`tumen_step_seconds${scrape}`]: '900x410',
    },
    minutes: 60,
  },
  TumenProcessRestarting: {
    fires: { 'tumen_process_starts_total{instance="ops",job="tumen",role="worker"}': '1x30 9x40' },
    silent: { 'tumen_process_starts_total{instance="ops",job="tumen",role="worker"}': '1x30 3x40' },
    labels: 'role: worker',
    minutes: 60,
  },
  TumenEventLoopLag: overWith(
    'tumen_process_event_loop_lag_seconds',
    'role',
    'intake',
    '10x40',
    '1x40',
    30,
  ),
  TumenMemoryHigh: overWith(
    'tumen_process_resident_memory_bytes',
    'role',
    'intake',
    `${memoryAlertBytes.intake + pieceBytes}x40`,
    `${memoryAlertBytes.intake}x40`,
    30,
  ),
  TumenRedisSlow: over('tumen_redis_latency_seconds', '1x40', '0.1x40', 30),
  TumenStoreFillsSoon: over('tumen_store_full_in_seconds', '864000x60', '1728000x60', 40),
  TumenSpoolOrphans: over('tumen_spool_orphans', '10x60', '0x60', 40),
  TumenStoringFails: over('tumen_queue_failed_attempts', '0x60 10x40', '10x100', 80),
  TumenWorkerStalls: over('tumen_queue_stalls', '0x60 10x40', '10x100', 80),
  TumenSealedToOldKeyring: over('tumen_sealed_to_old_keyring', '0x370 10x40', '10x410', 390),
  TumenAcknowledgementRefused: over('tumen_acknowledgements_refused', '0x370 10x40', '10x410', 390),
  TumenAcknowledgedUnknown: over('tumen_acknowledged_unknown', '0x370 10x40', '10x410', 390),
  TumenIntakeCrowded: over('tumen_intake_crowded', '1x60', '0x60', 40),
  TumenTorRestarting: over('tumen_tor_restarts_total', '0x30 4x40', '0x30 2x40', 60),
  TumenCanaryUndelivered: over('tumen_canary_undelivered', '1x60', '0x60', 40),
}

function over(metric: string, fires: string, silent: string, minutes: number): Case {
  return { fires: { [metric + scrape]: fires }, silent: { [metric + scrape]: silent }, minutes }
}

function overWith(
  metric: string,
  label: string,
  value: string,
  fires: string,
  silent: string,
  minutes: number,
): Case {
  const series = `${metric}{instance="ops",job="tumen",${label}="${value}"}`
  return {
    fires: { [series]: fires },
    silent: { [series]: silent },
    labels: `${label}: ${value}`,
    minutes,
  }
}

/** The silent case is a problem that has no alert: it must make none of the alerts fire. */
function problemCase(alert: Alert, code: string): Case {
  const series = (of: string): string =>
    `tumen_problem{code="${of}",severity="any",instance="ops",job="tumen"}`
  return {
    fires: { [series(code)]: '1x410' },
    silent: { [series('NONE')]: '1x410' },
    labels: `code: ${code}`,
    minutes: minutesOf(alert) + 2,
  }
}

function minutesOf(alert: Alert): number {
  return Number.parseInt(alert.for, 10) * (alert.for.endsWith('h') ? 60 : 1)
}

function caseOf(alert: Alert): Case {
  const code = /^tumen_problem\{code="(\w+)"\}/.exec(alert.expr)?.[1]
  const found = code === undefined ? cases[alert.name] : problemCase(alert, code)
  if (found === undefined) throw new Error(`${alert.name} has no test`)
  return found
}

interface Question {
  alert: Alert
  at: string
  /** The labels with which the alert fires; null: it does not fire. */
  labels: string | null
}

function seriesYaml(series: Record<string, string>): string {
  return Object.entries(series)
    .map(
      ([name, values]) =>
        `      - { series: ${JSON.stringify(name)}, values: ${JSON.stringify(values)} }\n`,
    )
    .join('')
}

function questionYaml({ alert, at, labels }: Question): string {
  const annotations = Object.entries(annotationsOf(alert))
    .map(([name, text]) => `${name}: ${JSON.stringify(text)}`)
    .join(', ')
  const expected =
    labels === null
      ? ' []\n'
      : `\n          - { exp_labels: { ${labels} }, exp_annotations: { ${annotations} } }\n`
  return `      - alertname: ${alert.name}\n        eval_time: ${at}\n        exp_alerts:${expected}`
}

function testYaml(
  name: string,
  series: Record<string, string>,
  questions: readonly Question[],
): string {
  return `  - name: ${name}
    interval: 1m
    input_series:
${seriesYaml(series)}    alert_rule_test:
${questions.map(questionYaml).join('')}`
}

function firesWith(alert: Alert, own: string | undefined): string {
  return [
    `severity: ${alert.severity}`,
    'instance: ops',
    'job: tumen',
    ...(own === undefined ? [] : [own]),
  ].join(', ')
}

/**
 * Alerts are grouped by how long they take to fire, because promtool is slow for long periods: only
 * alerts that need a long period are tested for that long.
 */
const bucketMinutes = [
  [0, 20],
  [20, 90],
  [90, 400],
] as const

/**
 * Generates the tests of each alert: it fires, it does not fire at once, and it does not fire for
 * similar series.
 */
export function alertTestsYaml(): string {
  const all = alerts.map((alert) => ({ alert, ...caseOf(alert) }))
  const absent = alerts.filter(({ name }) => name === 'TumenOpsDown')
  const tests = [
    ...bucketMinutes.map(([after, upTo]) => {
      const some = all.filter(({ minutes }) => minutes > after && minutes <= upTo)
      return testYaml(
        `fires when it is so for ${upTo} minutes`,
        Object.assign({}, ...some.map(({ fires }) => fires)),
        some.map(({ alert, minutes, labels }) => ({
          alert,
          at: `${minutes}m`,
          labels: firesWith(alert, labels),
        })),
      )
    }),
    testYaml(
      'does not fire at once',
      Object.assign({}, ...all.map(({ fires }) => fires)),
      all.map(({ alert }) => ({ alert, at: '0m', labels: null })),
    ),
    testYaml(
      'does not fire for what is nearly the same',
      Object.assign({}, ...all.map(({ silent }) => silent)),
      all.map(({ alert, minutes }) => ({ alert, at: `${minutes}m`, labels: null })),
    ),
    testYaml(
      'fires when ops is not even asked',
      { 'up{job="other"}': '1x10' },
      absent.map((alert) => ({ alert, at: '5m', labels: 'severity: critical, job: tumen' })),
    ),
  ]
  const watched = testYaml('the watchdog fires from the start and when nothing is scraped', {}, [
    { alert: watchdog, at: '0m', labels: 'severity: none' },
    { alert: watchdog, at: '60m', labels: 'severity: none' },
  ]).replace('    input_series:\n', '')
  tests.push(watched)
  return `# Generated from test/ops/alert-cases.ts. Run: promtool test rules config/prometheus/alerts.test.yml
rule_files: [alerts.yml]
evaluation_interval: 1m
tests:
${tests.join('')}`
}
