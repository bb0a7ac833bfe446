import { spawn, spawnSync } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import { alerts } from '../../src/ops/alerts.ts'
import { makeTempDir } from '../support/temp-dir.ts'
import { freePort } from '../supervise/start.ts'

const file = 'config/prometheus/alertmanager.yml'

const hasAmtool = spawnSync('amtool', ['--version']).status === 0
if (!hasAmtool)
  console.warn('skipped: amtool, because it is not installed (apt: prometheus-alertmanager)')
const hasServer = spawnSync('prometheus-alertmanager', ['--version']).status === 0
if (!hasServer) console.warn('skipped: a real Alertmanager, because it is not installed')

function amtool(...args: string[]) {
  const { status, stdout, stderr } = spawnSync('amtool', args, { encoding: 'utf8' })
  return { status, stdout: stdout.trim(), stderr }
}

describe.runIf(hasAmtool)('the example of an Alertmanager configuration', () => {
  it('is accepted by amtool', () => {
    expect(amtool('check-config', file)).toMatchObject({ status: 0 })
  })

  it('sends each alert to the receiver of its severity', () => {
    const receivers = { critical: 'now', warning: 'today', none: 'watchdog' }
    for (const severity of ['critical', 'warning', 'none'] as const) {
      const { name = '' } = alerts.find((alert) => alert.severity === severity) ?? {}
      const labels = [`alertname=${name}`, `severity=${severity}`]
      expect(amtool('config', 'routes', 'test', `--config.file=${file}`, ...labels).stdout).toBe(
        receivers[severity],
      )
    }
  })
})

interface Shown {
  labels: { alertname: string }
  status: { inhibitedBy: string[] }
}

describe.runIf(hasServer)('a real Alertmanager with it', () => {
  async function start(): Promise<string> {
    const [port, dir] = [await freePort(), await makeTempDir()]
    const server = spawn(
      'prometheus-alertmanager',
      [
        `--config.file=${file}`,
        `--storage.path=${dir}`,
        `--web.listen-address=127.0.0.1:${port}`,
        '--cluster.listen-address=',
      ],
      { stdio: 'ignore' },
    )
    onTestFinished(() => void server.kill('SIGKILL'))
    const url = `http://127.0.0.1:${port}`
    for (let tries = 0; tries < 300; tries += 1) {
      if (
        await fetch(`${url}/-/ready`).then(
          ({ ok }) => ok,
          () => false,
        )
      )
        return url
      await sleep(100)
    }
    throw new Error('the Alertmanager does not get ready')
  }

  /** The names of the alerts that Alertmanager inhibits while all of `names` fire. */
  async function inhibitedAmong(names: readonly string[]): Promise<string[]> {
    const url = await start()
    const firing = names.map((name) => ({
      labels: {
        alertname: name,
        job: 'tumen',
        instance: '127.0.0.1:8441',
        severity: alerts.find((alert) => alert.name === name)?.severity,
      },
    }))
    const posted = await fetch(`${url}/api/v2/alerts`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(firing),
    })
    expect(posted.status).toBe(200)
    const shown = (await (await fetch(`${url}/api/v2/alerts`)).json()) as Shown[]
    expect(shown).toHaveLength(names.length)
    return shown
      .filter(({ status }) => status.inhibitedBy.length > 0)
      .map(({ labels }) => labels.alertname)
      .sort()
  }

  it('holds the canary back while another critical alert fires, and not otherwise', async () => {
    const canary = ['TumenCanaryBlocked', 'TumenCanaryLate', 'TumenCanaryUndelivered']
    expect(await inhibitedAmong([...canary, 'TumenDiskFull'])).toEqual(canary)
    expect(await inhibitedAmong([...canary, 'TumenExportOverdue', 'TumenWatchdog'])).toEqual([])
  })

  it('never holds back the critical ones that are not of the canary', async () => {
    const critical = alerts.filter(
      ({ name, severity }) => severity === 'critical' && !name.startsWith('TumenCanary'),
    )
    expect(await inhibitedAmong(critical.map(({ name }) => name))).toEqual([])
  })
})
