/**
 * `npm run bench:growth [COUNT…]`: the cost of a large vault. The envelopes are age files of 202
 * bytes, written directly into the vault without a ledger, as if the ledger had been lost: the
 * first start rebuilds it. Worker and ops are the real processes. CPU times are printed beside the
 * seconds, because on a busy machine only they say what the work costs.
 */
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Unit, openSite } from '../test/faults/site.ts'
import { makeVault } from '../test/support/large-vault.ts'
import { freePort } from '../test/supervise/start.ts'

const counts = process.argv.slice(2).map(Number)
const newest = 1000

/** The peak memory of the process, in MiB. */
function peakMiB(pid: number | undefined): number {
  const text = readFileSync(`/proc/${pid}/status`, 'utf8')
  return Math.round(Number(/VmHWM:\s+(\d+)/.exec(text)?.[1] ?? 0) / 1024)
}

/** CPU time of all threads of the process so far. */
function cpuSeconds(pid: number | undefined): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  const ticks = Number(fields[11]) + Number(fields[12])
  return ticks / 100
}

function ledgerLines(dataDir: string): number {
  const text = readFileSync(join(dataDir, 'ledger.jsonl'), 'utf8')
  return Number(/"seq":(\d+)/.exec(text.trimEnd().split('\n').at(-1) ?? '')?.[1] ?? 0)
}

async function secondsUntil(isSo: () => boolean | Promise<boolean>): Promise<number> {
  const startMs = performance.now()
  while (!(await isSo())) await sleep(20)
  return (performance.now() - startMs) / 1000
}

interface Cost {
  seconds: number
  cpuSeconds: number
}

async function start(unit: Unit): Promise<Cost> {
  const startMs = performance.now()
  unit.start()
  await unit.untilReady()
  const seconds = (performance.now() - startMs) / 1000
  return { seconds, cpuSeconds: cpuSeconds(unit.pid) }
}

async function measure(count: number): Promise<Record<string, number>> {
  const dir = await mkdtemp(join(tmpdir(), 'tumen-growth-'))
  const dataDir = join(dir, 'var')
  makeVault(dataDir, count)
  const site = await openSite({ dataDir, env: { NODE_OPTIONS: undefined } })
  const opsPort = await freePort()
  const ops = new Unit('src/ops/main.ts', {
    PATH: process.env.PATH,
    TUMEN_OPS_LISTEN: `127.0.0.1:${opsPort}`,
    TUMEN_REDIS_URL: site.redis.url,
    TUMEN_DATA_DIR: dataDir,
    TUMEN_KEYS_DIR: site.keysDir,
  })
  const hasFigures = async () =>
    (await (await fetch(`http://127.0.0.1:${opsPort}/metrics`)).text()).includes(
      'tumen_figures_timestamp_seconds ',
    )
  try {
    const firstReady = await start(site.worker)
    const ledgerWritten = await secondsUntil(() => ledgerLines(dataDir) === count)
    await sleep(2000)
    const firstPeak = peakMiB(site.worker.pid)
    const firstCpu = cpuSeconds(site.worker.pid)
    await site.worker.kill()
    const ready = await start(site.worker)
    const opsReady = await start(ops)
    const figures = await secondsUntil(hasFigures)
    const figuresCpu = cpuSeconds(ops.pid) - opsReady.cpuSeconds
    await sleep(10_000)
    return {
      envelopes: count,
      'ready at first, without a ledger (s)': firstReady.seconds,
      'ready at first (CPU s)': firstReady.cpuSeconds,
      'ledger written (s)': ledgerWritten,
      'ledger written (CPU s)': firstCpu - firstReady.cpuSeconds,
      'ready again (s)': ready.seconds,
      'ready again (CPU s)': ready.cpuSeconds,
      'worker, first start (MiB)': firstPeak,
      'worker (MiB)': peakMiB(site.worker.pid),
      'ops ready (s)': opsReady.seconds,
      'ops ready (CPU s)': opsReady.cpuSeconds,
      'one step of metrics (s)': figures,
      'one step of metrics (CPU s)': figuresCpu,
      'ops (MiB)': peakMiB(ops.pid),
    }
  } finally {
    await ops.kill()
    await site.dispose()
    await rm(dir, { recursive: true })
  }
}

const rows: Record<string, number>[] = []
for (const count of counts.length > 0 ? counts : [newest, 100_000, 1_000_000])
  rows.push(await measure(count))
const names = Object.keys(rows[0] ?? {})
for (const name of names)
  process.stdout.write(
    `| ${[name, ...rows.map((row) => String(Math.round((row[name] ?? 0) * 100) / 100))].join(' | ')} |\n`,
  )
