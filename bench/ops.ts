/**
 * `npm run bench:ops`: how much monitoring slows the intake, and what one machine can carry.
 * Intake, worker, Redis and ops are the real processes; the capacity table in docs/operations.md
 * takes its figures from here.
 */
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { openSite, type Site, Unit } from '../test/faults/site.ts'
import { freePort } from '../test/supervise/start.ts'
import { type Load, rateOf, sendLoad } from './intake.ts'
import { type BenchRow, runSections } from './report.ts'

/**
 * Number of groups of three rounds. A multiple of six, so that every order occurs equally often.
 */
const THREES = 24
const ORDERS: readonly (readonly Turn[])[] = [
  ['watched', 'still', 'stillAgain'],
  ['stillAgain', 'still', 'watched'],
  ['still', 'stillAgain', 'watched'],
  ['watched', 'stillAgain', 'still'],
  ['stillAgain', 'watched', 'still'],
  ['still', 'watched', 'stillAgain'],
]
/** Each load takes two seconds. */
const LOADS_A_ROUND = 2
const CLIENTS = 16
const IDLE_SECONDS = 60
/** The same interval as in config/prometheus/prometheus.yml. */
const SCRAPE_MS = 15_000
/** Linux' USER_HZ. */
const TICKS_PER_SECOND = 100

interface Watched {
  site: Site
  ops: Unit
  port: number
  opsPort: number
}

/** The settings of `npm start`, except for a canary each minute instead of every five. */
async function openWatched(dir: string): Promise<Watched> {
  const [port, opsPort] = [await freePort(), await freePort()]
  const dataDir = join(dir, 'var')
  await mkdir(dir, { recursive: true })
  const site = await openSite({
    dataDir,
    env: { TUMEN_LISTEN: `127.0.0.1:${port}`, TUMEN_SWEEP_SECONDS: '10', NODE_OPTIONS: undefined },
  })
  const ops = new Unit('src/ops/main.ts', {
    PATH: process.env.PATH,
    TUMEN_LISTEN: `127.0.0.1:${port}`,
    TUMEN_OPS_LISTEN: `127.0.0.1:${opsPort}`,
    TUMEN_CANARY_MINUTES: '1',
    TUMEN_REDIS_URL: site.redis.url,
    TUMEN_DATA_DIR: dataDir,
    TUMEN_KEYS_DIR: site.keysDir,
  })
  for (const unit of [site.intake, site.worker]) unit.start()
  for (const unit of [site.intake, site.worker]) await unit.untilReady()
  ops.start()
  await ops.untilReady()
  return { site, ops, port, opsPort }
}

const scrape = async ({ opsPort }: Watched): Promise<string> =>
  (await fetch(`http://127.0.0.1:${opsPort}/metrics`)).text()

type Turn = 'watched' | 'still' | 'stillAgain'

/**
 * Groups of three rounds on one system, in changing order: with ops running, with ops stopped, and
 * with ops stopped again. The difference between the two rounds without ops is the machine's own
 * noise, and shows how reliable the comparison is.
 */
async function measureOverhead(): Promise<BenchRow[]> {
  return await withWatched(async (watched) => {
    const rounds: Record<Turn, Load[]> = { watched: [], still: [], stillAgain: [] }
    const shares: number[] = []
    for (let three = -1; three < THREES; three += 1) {
      for (const turn of ORDERS[(three + ORDERS.length) % ORDERS.length] as readonly Turn[]) {
        watched.ops.signal(turn === 'watched' ? 'SIGCONT' : 'SIGSTOP')
        // Wait until ops has done the work that accumulated while it was stopped.
        await sleep(1_000)
        const [began, spent] = [performance.now(), cpuSeconds(Number(watched.ops.pid))]
        const load = await sendRound(watched, turn)
        await untilStored(watched.site)
        if (three < 0) continue
        rounds[turn].push(load)
        if (turn === 'watched')
          shares.push(
            ((cpuSeconds(Number(watched.ops.pid)) - spent) /
              ((performance.now() - began) / 1000) /
              cpus().length) *
              100,
          )
      }
      process.stderr.write(`  ${three + 1} of ${THREES}\n`)
    }
    watched.ops.signal('SIGCONT')
    const compared = (name: string, turn: Turn, goal: string): BenchRow[] => {
      const ratios = rounds[turn]
        .map((load, at) => rateOf(load) / rateOf(rounds.still[at] as Load))
        .toSorted((a, b) => a - b)
      const at = (share: number): number =>
        ratios[Math.round((ratios.length - 1) * share)] as number
      return [
        {
          name,
          value: median(rounds[turn].map(rateOf)),
          unit: 'per s',
          baseline: median(rounds.still.map(rateOf)),
          ratio: at(0.5),
          goal,
        },
        plain(`${name}: lower quartile of the ratios`, at(0.25), ''),
        plain(`${name}: upper quartile`, at(0.75), ''),
        plain(
          `${name}: all receipts of one kind through all of the other`,
          rateOf(asOne(rounds[turn])) / rateOf(asOne(rounds.still)),
          '',
          goal,
        ),
      ]
    }
    return [
      ...compared('receipts, ops at work', 'watched', '≥ 0.98'),
      ...compared('receipts, ops still again', 'stillAgain', ''),
      plain('what ops took of all cores meanwhile', median(shares), '%', '≤ 2'),
      plain('errors', asOne(Object.values(rounds).flat()).errors, '', '0'),
    ]
  })
}

function asOne(loads: readonly Load[]): Load {
  const sumOf = (key: 'count' | 'seconds' | 'errors'): number =>
    loads.reduce((sum, load) => sum + load[key], 0)
  return {
    count: sumOf('count'),
    seconds: sumOf('seconds'),
    errors: sumOf('errors'),
    p99Ms: Math.max(...loads.map(({ p99Ms }) => p99Ms)),
  }
}

/**
 * Several loads in sequence, combined into one; ops is scraped once, in the middle of the round.
 */
async function sendRound(watched: Watched, turn: Turn): Promise<Load> {
  const loads: Load[] = []
  for (let at = 0; at < LOADS_A_ROUND; at += 1) {
    if (turn === 'watched' && at === LOADS_A_ROUND / 2) void scrape(watched)
    loads.push(await sendLoad({ port: watched.port, inFlight: CLIENTS, upload: 'form' }))
  }
  return asOne(loads)
}

/** The system without tips, except for canaries. */
async function measureIdle(): Promise<BenchRow[]> {
  return await withWatched(async (watched) => {
    await sleep(5_000)
    const pids = await pidsOf(watched)
    const before = pids.map(([, pid]) => cpuSeconds(pid))
    const scraping = setInterval(() => void scrape(watched), SCRAPE_MS)
    await sleep(IDLE_SECONDS * 1000)
    clearInterval(scraping)
    return pids.flatMap(([name, pid], at) => [
      plain(
        `${name}: of one core`,
        ((cpuSeconds(pid) - (before[at] as number)) / IDLE_SECONDS) * 100,
        '%',
      ),
      plain(`${name}: memory`, residentMebibytes(pid), 'MiB'),
    ])
  })
}

/** Tips accumulate while the worker is stopped, and are then stored. */
async function measureCapacity(): Promise<BenchRow[]> {
  return await withWatched(async (watched) => {
    const { site, port } = watched
    await untilStored(site)
    const redis = site.redis.client()
    const log = join(site.redis.dir, 'data', 'appendonlydir')
    const before = {
      redis: await usedMemory(redis),
      log: await bytesIn(log),
      vault: (await readdir(join(site.dataDir, 'sealed'))).length,
    }
    await site.worker.kill()
    let count = 0
    while (count < 10_000)
      count += (await sendLoad({ port, inFlight: CLIENTS, upload: 'form' })).count
    const waiting = { redis: await usedMemory(redis), log: await bytesIn(log) }
    const began = performance.now()
    site.worker.start()
    await untilStored(site)
    const seconds = (performance.now() - began) / 1000
    const vault = join(site.dataDir, 'sealed')
    const names = await readdir(vault)
    const blocks = await Promise.all(
      names.slice(0, 1000).map(async (name) => (await stat(join(vault, name))).blocks * 512),
    )
    const ledgerBytes = (await stat(join(site.dataDir, 'ledger.jsonl'))).size
    const asked = performance.now()
    await scrape(watched)
    return [
      plain('text tips waiting at the peak', count, 'tips'),
      plain('Redis: memory for each that waits', (waiting.redis - before.redis) / count, 'B'),
      plain('Redis: append-only file for each', (waiting.log - before.log) / count, 'B'),
      plain('stored by one worker, its start included', count / seconds, 'per s'),
      plain(
        'disk for an envelope of 64 KiB',
        blocks.reduce((sum, bytes) => sum + bytes, 0) / blocks.length / 1024,
        'KiB',
      ),
      plain('ledger for each tip', ledgerBytes / names.length, 'B'),
      plain(
        `/metrics with ${names.length.toLocaleString('en')} tips in the vault`,
        performance.now() - asked,
        'ms',
      ),
      ...(await pidsOf(watched)).map(([name, pid]) =>
        plain(`${name}: memory after it`, residentMebibytes(pid), 'MiB'),
      ),
    ]
  })
}

async function withWatched(
  measure: (watched: Watched) => Promise<BenchRow[]>,
): Promise<BenchRow[]> {
  await mkdir('var', { recursive: true })
  const dir = await mkdtemp('var/bench-ops-')
  const watched = await openWatched(join(process.cwd(), dir, randomUUID()))
  try {
    return await measure(watched)
  } finally {
    watched.ops.signal('SIGCONT')
    await watched.ops.kill()
    await watched.site.dispose()
    await rm(dir, { recursive: true, force: true })
  }
}

/** Waits until the spool is empty, so that no round does the work of the previous one. */
async function untilStored(site: Site): Promise<void> {
  while ((await readdir(join(site.dataDir, 'incoming'))).length > 0) await sleep(20)
}

async function pidsOf({ site, ops }: Watched): Promise<[string, number][]> {
  const redis = Number(/process_id:(\d+)/.exec(await site.redis.client().info('server'))?.[1])
  return [
    ['intake', site.intake.pid],
    ['worker', site.worker.pid],
    ['ops', ops.pid],
    ['Redis', redis],
  ].map(([name, pid]) => [String(name), Number(pid)])
}

/** proc(5): utime and stime are the 14th and 15th fields; the second may hold spaces. */
function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'latin1')
    .replace(/^.*\) /s, '')
    .split(' ')
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND
}

function residentMebibytes(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1]) / 1024
}

async function usedMemory(redis: ReturnType<Site['redis']['client']>): Promise<number> {
  return Number(/used_memory:(\d+)/.exec(await redis.info('memory'))?.[1])
}

async function bytesIn(dir: string): Promise<number> {
  const sizes = await Promise.all(
    (await readdir(dir)).map(async (name) => (await stat(join(dir, name))).size),
  )
  return sizes.reduce((sum, bytes) => sum + bytes, 0)
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}

function plain(name: string, value: number, unit: string, goal = ''): BenchRow {
  return { name, value, unit, baseline: null, ratio: null, goal }
}

await runSections(
  [
    {
      title: 'Ops: what watching costs',
      how: `Intake, worker, Redis and ops as in earnest; ${CLIENTS} clients; ${THREES} times three rounds of ${LOADS_A_ROUND * 2} s, in changing order: ops at work, held still by SIGSTOP, and held still again. At work it is scraped once a round and sends a canary each minute, five times as often as it does. \`npm run bench:ops\`.`,
      measure: measureOverhead,
    },
    {
      title: 'Ops: at rest',
      how: `${IDLE_SECONDS} s in which only canaries arrive, one a minute. \`npm run bench:ops\`.`,
      measure: measureIdle,
    },
    {
      title: 'Ops: what one machine carries',
      how: '16 clients send text tips by the form while no worker runs; then the worker is started. `npm run bench:ops`.',
      measure: measureCapacity,
    },
  ],
  ['redis-server'],
)
