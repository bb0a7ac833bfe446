import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { makeTempDir } from '../support/temp-dir.ts'
import { freePort, until } from '../supervise/start.ts'
import { makeEnvelope } from '../workers/envelopes.ts'
import { openWatchedSite } from './watched-site.ts'

/**
 * A real Prometheus with our rules, which scrapes every second and waits for two seconds instead of
 * minutes.
 */
async function startPrometheus(opsPort: number) {
  const dir = await makeTempDir()
  const rules = readFileSync('config/prometheus/alerts.yml', 'utf8').replace(
    /^( +for: )\d+[smh]$/gm,
    '$12s',
  )
  const config = readFileSync('config/prometheus/prometheus.yml', 'utf8')
    .replaceAll('15s', '1s')
    .replace('127.0.0.1:8441', `127.0.0.1:${opsPort}`)
  writeFileSync(join(dir, 'alerts.yml'), rules)
  writeFileSync(join(dir, 'prometheus.yml'), config)
  const port = await freePort()
  const child = spawn(
    'prometheus',
    [
      `--config.file=${join(dir, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(dir, 'tsdb')}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    { stdio: 'ignore' },
  )
  onTestFinished(() => end(child))
  /** Without the watchdog, which always fires. */
  const firing = async (): Promise<string[]> => {
    const answer = await fetch(`http://127.0.0.1:${port}/api/v1/alerts`).catch(() => null)
    if (answer?.ok !== true) return ['nobody answers']
    const { data } = (await answer.json()) as {
      data: { alerts: Array<{ state: string; labels: { alertname: string } }> }
    }
    const names = data.alerts
      .filter(({ state }) => state === 'firing')
      .map(({ labels }) => labels.alertname)
    if (!names.includes(watchdog)) return ['no watchdog']
    return names.filter((name) => name !== watchdog).sort()
  }
  const query = async (expr: string): Promise<number | null> => {
    const answer = await fetch(
      `http://127.0.0.1:${port}/api/v1/query?query=${encodeURIComponent(expr)}`,
    ).catch(() => null)
    if (answer?.ok !== true) return null
    const { data } = (await answer.json()) as {
      data: { result: Array<{ value: [number, string] }> }
    }
    return data.result[0] === undefined ? null : Number(data.result[0].value[1])
  }
  return { firing, query }
}

const watchdog = 'TumenWatchdog'

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGTERM')
  await once(child, 'exit')
}

describe('a real Prometheus with our rules', () => {
  it('fires for each problem and nothing else, and stops when the problem is gone', {
    timeout: 240_000,
  }, async () => {
    const site = await openWatchedSite({ hasCanary: true })
    await site.untilTold('WORKER_MISSING', { isGone: true })
    const { firing, query } = await startPrometheus(site.port)
    const untilFiring = async (...names: string[]): Promise<void> => {
      let seen: string[] = []
      await until(
        async () => (seen = await firing()).join() === names.join(),
        () => `${names.join() || 'no alert'}, seen: ${seen.join()}`,
        60_000,
      )
    }
    await until(
      async () => ((await query('count_over_time(tumen_ready[1m])')) ?? 0) >= 5,
      () => 'five scrapes',
      60_000,
    )
    expect(await firing()).toEqual([])

    await site.worker.kill()
    await untilFiring('TumenCanaryBlocked', 'TumenCanaryUndelivered', 'TumenWorkerMissing')
    site.worker.start()
    await untilFiring()

    renameSync(site.socket, `${site.socket}.away`)
    await untilFiring('TumenCanaryBlocked', 'TumenCanaryUndelivered')
    renameSync(`${site.socket}.away`, site.socket)
    await untilFiring()

    await site.redis.client().config('SET', 'maxmemory-policy', 'allkeys-lru')
    await site.worker.untilReady()
    const planted = makeEnvelope()
    writeFileSync(join(site.dataDir, 'incoming', `${planted.receipt}.age`), 'no envelope')
    await untilFiring('TumenQuarantineNotEmpty', 'TumenRedisPolicyWrong')
    expect(await query('tumen_envelopes{place="quarantine"}')).toBe(10)
    await site.redis.kill()
    await until(
      async () => (await firing()).includes('TumenRedisUnreachable'),
      () => 'TumenRedisUnreachable',
      60_000,
    )
  })
})
