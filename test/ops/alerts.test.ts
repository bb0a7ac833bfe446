import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { loadSettings } from '../../config/settings.ts'
import {
  alertNameOf,
  alertRulesYaml,
  alerts,
  alertsMarkdown,
  jobName,
  runbookOf,
  runbookUrl,
} from '../../src/ops/alerts.ts'
import { runbookHtml } from '../../src/ops/dashboard/runbook.ts'
import { metricsText } from '../../src/ops/metrics.ts'
import { problem, problemCodes } from '../../src/ops/problems.ts'
import { alertTestsYaml } from './alert-cases.ts'
import { quiet, several, well } from './quiet.ts'

const folder = 'config/prometheus'

function promtool(...args: string[]) {
  const { status, stdout, stderr } = spawnSync('promtool', args, { encoding: 'utf8' })
  return { status, said: stdout + stderr }
}

/** The name of every metric that `/metrics` can contain. */
async function shownMetrics(): Promise<string[]> {
  const canary = { state: 'ok', undelivered: 0, latencyBand: 'under 1 min' } as const
  const onion = { state: 'reachable', restarts: 0 } as const
  const { text } = await metricsText(
    { ...well, canary, onion, several, problems: problemCodes.map((code) => problem(code)) },
    { ...quiet, daysUntilFull: 100 },
    15,
  )
  return [...text.matchAll(/^# TYPE (\w+) /gm)].map((match) => match[1] ?? '').sort()
}

function namesIn(text: string): string[] {
  return [...new Set(text.match(/\btumen_\w+/g) ?? [])].sort()
}

/** Only the queries of a dashboard, because its titles may mention any name. */
function queriesOf(dashboard: string): string {
  return [...dashboard.matchAll(/"(?:expr|query)":\s*("(?:[^"\\]|\\.)*")/g)]
    .map((match) => JSON.parse(match[1] ?? '""') as string)
    .join('\n')
}

describe('the alert rules', () => {
  it('are those of the table, and so are their tests', async () => {
    await expect(alertRulesYaml()).toMatchFileSnapshot(`../../${folder}/alerts.yml`)
    await expect(alertTestsYaml()).toMatchFileSnapshot(`../../${folder}/alerts.test.yml`)
  })

  it('are accepted by promtool, and so is the example configuration', () => {
    expect(promtool('check', 'rules', join(folder, 'alerts.yml'))).toMatchObject({
      status: 0,
      said: expect.stringContaining(`${alerts.length} rules found`),
    })
    expect(promtool('check', 'config', join(folder, 'prometheus.yml'))).toMatchObject({ status: 0 })
    expect(readFileSync(join(folder, 'prometheus.yml'), 'utf8')).toContain(`job_name: ${jobName}\n`)
  })

  it('fire when they must and not otherwise', () => {
    expect(promtool('test', 'rules', join(folder, 'alerts.test.yml'))).toEqual({
      status: 0,
      said: expect.stringMatching(/SUCCESS\s*$/),
    })
  })

  it('and the dashboard ask only for what ops shows, and together for all of it', async () => {
    const shown = await shownMetrics()
    const rules = namesIn(alerts.map(({ expr }) => expr).join('\n'))
    const dashboard = namesIn(queriesOf(readFileSync('config/grafana/tumen.json', 'utf8')))
    expect(rules.filter((name) => !shown.includes(name))).toEqual([])
    expect(dashboard.filter((name) => !shown.includes(name))).toEqual([])
    expect(shown.filter((name) => !rules.includes(name) && !dashboard.includes(name))).toEqual([])
  })
})

describe('the runbook', () => {
  const document = readFileSync('docs/operations.md', 'utf8')

  it('has a section for each alert', () => {
    const shown = /<!-- alerts -->\n([\s\S]*?)<!-- \/alerts -->/.exec(document)?.[1]
    expect(shown?.trim()).toBe(alertsMarkdown())
  })

  it('has an anchor for each problem, to which its alert points', () => {
    const anchors = [...document.matchAll(/^#+ (.+)$/gm)].map(
      (match) => `${runbookUrl}#${match[1]?.toLowerCase().replaceAll(' ', '-')}`,
    )
    expect(problemCodes.filter((code) => !anchors.includes(runbookOf(alertNameOf(code))))).toEqual(
      [],
    )
    const pointed = [...alertRulesYaml().matchAll(/runbook_url: "(.+)"/g)].map(
      (match) => match[1] ?? '',
    )
    expect(pointed).toHaveLength(alerts.length)
    expect(pointed.filter((anchor) => !anchors.includes(anchor))).toEqual([])
  })

  it('is served by ops at the address of the links, with each anchor in it', () => {
    const { opsListen } = loadSettings({})
    expect(runbookUrl).toBe(
      `http://${'host' in opsListen ? `${opsListen.host}:${opsListen.port}` : ''}/runbook`,
    )
    const html = runbookHtml()
    const missing = alerts.filter(
      ({ name }) => !html.includes(`id="${new URL(runbookOf(name)).hash.slice(1)}"`),
    )
    expect(missing.map(({ name }) => name)).toEqual([])
  })
})
