/**
 * Durable receipts per second, and large uploads, each compared with the bare work in the same run:
 * the ratios apply to any machine, the absolute figures only to one.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { type FileHandle, link, mkdir, mkdtemp, open, rm, unlink } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createApp } from '../src/server/app.ts'
import { Fairness } from '../src/server/fairness/fairness.ts'
import { limitsFor } from '../src/server/fairness/limits.ts'
import { letHeapGrow } from '../src/server/heap-growth.ts'
import { createIntakeServer } from '../src/server/http-server.ts'
import { SpaceState } from '../src/server/space-state.ts'
import { intakeEnv } from '../src/supervise/intake-env.ts'
import { systemClock } from '../src/time/clock.ts'
import { DirSync } from '../src/disk/dir-sync.ts'
import { openFsStore } from '../src/store/fs-store.ts'
import { count } from '../src/text/count.ts'
import type { BenchRow } from './report.ts'

const ENVELOPE_BYTES = 64 * 1024
const LARGE_BYTES = 200 * 1024 * 1024
const ROUND_MS = 2_000

/** Not counted, because V8 compiles then what a server runs for weeks. */
const WARM_UP_MS = 1_500

const ROUNDS = 5

/** As long as the boundaries of curl and browsers, because the parser skips ahead by its length. */
const BOUNDARY = '------------------------4f2a1c9be87d3a60f15e2c'

type Upload = 'raw' | 'form'
type Role = 'intake' | 'pipe' | 'bare server' | 'loop' | 'clients' | 'large'

export interface Load {
  count: number
  seconds: number
  errors: number
  p99Ms: number
}

/**
 * Runs everything; takes about seven minutes. The files of all rounds are removed at the end: ext4
 * looks for a free inode past each one that was freed in the last minutes, so a round would be
 * slowed down by what the round before it removed.
 */
export async function benchIntake(): Promise<BenchRow[]> {
  await mkdir('var', { recursive: true })
  const dir = await mkdtemp('var/bench-intake-')
  try {
    const rows: BenchRow[] = []
    for (const clients of [1, 16, 64]) rows.push(...(await benchSmall(dir, clients)))
    for (const upload of ['raw', 'form'] as const) rows.push(...(await benchLarge(dir, upload)))
    return rows
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}

async function benchSmall(dir: string, inFlight: number): Promise<BenchRow[]> {
  const loops: Load[] = []
  const bareServers: Load[] = []
  const loads: Record<Upload, Load[]> = { raw: [], form: [] }
  for (let round = 0; round < ROUNDS; round += 1) {
    loops.push(await inChild('loop', { dir: join(dir, randomUUID()), inFlight }))
    bareServers.push(
      await withServer('bare server', dir, (port) =>
        inChild('clients', { port, inFlight, upload: 'raw' }),
      ),
    )
    for (const upload of ['raw', 'form'] as const) {
      loads[upload].push(
        await withServer('intake', dir, (port) => inChild('clients', { port, inFlight, upload })),
      )
    }
  }
  const baseline = median(loops.map(rateOf))
  const sameWork = median(bareServers.map(rateOf))
  return (['raw', 'form'] as const).flatMap((upload) => {
    const name = `64 KiB receipts, ${count(inFlight, 'client')}, ${upload}`
    const value = median(loads[upload].map(rateOf))
    const errors = loads[upload].reduce((sum, load) => sum + load.errors, 0)
    const goal = inFlight < 64 ? '≥ 0.6' : upload === 'raw' ? '≥ 0.9' : '≥ 0.85'
    return [
      against(name, value, { baseline, goal }),
      against(`${name}: against the same work`, value, { baseline: sameWork, goal: '' }),
      plain(`${name}: p99`, median(loads[upload].map((load) => load.p99Ms)), 'ms', ''),
      plain(`${name}: errors`, errors, '', '0'),
    ]
  })
}

async function benchLarge(dir: string, upload: Upload): Promise<BenchRow[]> {
  const piped: number[] = []
  const received: number[] = []
  const growths: number[] = []
  for (let round = 0; round < ROUNDS; round += 1) {
    piped.push(await withServer('pipe', dir, (port) => inChild('large', { port, upload: 'raw' })))
    received.push(
      await withServer('intake', dir, async (port, rssGrowth) => {
        const rate = await inChild<number>('large', { port, upload })
        growths.push(await rssGrowth())
        return rate
      }),
    )
  }
  const value = median(received)
  const baseline = median(piped)
  const name = `200 MiB upload, ${upload}`
  return [
    {
      name,
      value,
      unit: 'MB/s',
      baseline,
      ratio: value / baseline,
      goal: upload === 'raw' ? '≥ 0.8' : '≥ 0.85',
    },
    plain(`${name}: RSS growth`, median(growths), 'MiB', '≤ 64'),
  ]
}

function against(
  name: string,
  value: number,
  { baseline, goal }: { baseline: number; goal: string },
): BenchRow {
  return { name, value, unit: 'per s', baseline, ratio: value / baseline, goal }
}

function plain(name: string, value: number, unit: string, goal: string): BenchRow {
  return { name, value, unit, baseline: null, ratio: null, goal }
}

export function rateOf(load: Load): number {
  return load.count / load.seconds
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}

// --- the parts, each in a process of its own ---

function start(role: Role, options: object): ChildProcess {
  const env = { ...process.env, ...envOf(role) }
  return fork(import.meta.filename, [role, JSON.stringify(options)], { env })
}

/** The servers start as in `npm start`, and the rest like every program of Node. */
function envOf(role: Role): Partial<typeof intakeEnv> {
  return role === 'intake' || role === 'bare server' ? intakeEnv : {}
}

async function nextMessage<T>(child: ChildProcess): Promise<T> {
  const [message] = await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(() => Promise.reject(new Error('a bench process died'))),
  ])
  return message as T
}

/** One round of small envelopes sent to the intake that listens on this loopback port. */
export function sendLoad(options: {
  port: number
  inFlight: number
  upload: Upload
}): Promise<Load> {
  return inChild('clients', options)
}

async function inChild<T>(role: Role, options: object): Promise<T> {
  const child = start(role, options)
  const result = await nextMessage<T>(child)
  child.disconnect()
  await once(child, 'exit')
  return result
}

export async function withServer<T>(
  role: 'intake' | 'pipe' | 'bare server',
  dir: string,
  use: (port: number, rssGrowth: () => Promise<number>) => Promise<T>,
): Promise<T> {
  const serverDir = join(dir, randomUUID())
  const child = start(role, { dir: serverDir })
  try {
    const port = await nextMessage<number>(child)
    return await use(port, () => {
      child.send('rss')
      return nextMessage<number>(child)
    })
  } finally {
    child.disconnect()
    await once(child, 'exit')
  }
}

async function serveIntake({ dir }: { dir: string }): Promise<void> {
  letHeapGrow()
  await mkdir(dir)
  const spool = await openFsStore({ dir, instance: 'bench', reserveBytes: 0, clock: systemClock })
  const served = {
    fingerprint: '',
    isDemo: true,
    json: new Uint8Array(),
    signature: new Uint8Array(),
    recipients: '',
    recipientsX25519: '',
    expires: '9999-12-31',
    staff: [],
    rootKey: '',
  }
  const fairness = new Fairness(limitsFor(64, { waitMs: 30_000 }))
  const app = createApp({
    page: new Map(),
    spool,
    space: new SpaceState({
      freeBytes: () => spool.space.freeBytes(),
      maxBytes: 2 ** 31,
      stepMinutes: 15,
      clock: systemClock,
    }),
    queue: { announce: () => {} },
    keyring: { isDemo: true, current: () => served },
    limits: { maxBytes: 2 ** 31, retentionDays: 30 },
    fairness,
    clock: systemClock,
    counters: { countOldKeyring: () => {} },
  })
  await announcePort(createIntakeServer(app, { idleSeconds: 120, fairness }))
}

async function servePipe({ dir }: { dir: string }): Promise<void> {
  await mkdir(dir)
  await announcePort(
    createServer((request, response) => {
      const file = createWriteStream(join(dir, randomUUID()), { flush: true })
      void pipeline(request, file).then(() =>
        response.writeHead(201, { 'Content-Length': 0 }).end(),
      )
    }),
  )
}

/**
 * Does what every server that gives such a receipt must do, and checks nothing: it takes the
 * digest, and answers when the file and its name are durable.
 */
async function serveBare({ dir }: { dir: string }): Promise<void> {
  const keep = await makeKeeper(dir)
  await announcePort(
    createServer(async (request, response) => {
      const pieces: Buffer[] = []
      const digest = createHash('sha256')
      for await (const piece of request as AsyncIterable<Buffer>) {
        digest.update(piece)
        pieces.push(piece)
      }
      const receipt = digest.digest('hex')
      await keep(receipt, (file) => file.writev(pieces))
      await unlink(join(dir, 'tmp', receipt))
      const body = JSON.stringify({ receipt })
      response.writeHead(201, { 'Content-Length': body.length }).end(body)
    }),
  )
}

/** Reports its port, and on request the growth of the process' peak memory since then. */
async function announcePort(server: Server): Promise<void> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const before = process.resourceUsage().maxRSS
  process.on('message', () => process.send?.((process.resourceUsage().maxRSS - before) / 1024))
  process.send?.((server.address() as AddressInfo).port)
}

async function runLoop({ dir, inFlight }: { dir: string; inFlight: number }): Promise<Load> {
  const keep = await makeKeeper(dir)
  return await measure(inFlight, async (bytes) => {
    await keep(randomUUID(), (file) => file.writeFile(bytes))
    return true
  })
}

/** Makes what `write` writes durable, under a name that appears only then. */
async function makeKeeper(
  dir: string,
): Promise<(name: string, write: (file: FileHandle) => Promise<unknown>) => Promise<void>> {
  await mkdir(join(dir, 'tmp'), { recursive: true })
  await mkdir(join(dir, 'to'))
  const sync = new DirSync(join(dir, 'to'), () => new Date())
  return async (name, write) => {
    const file = await open(join(dir, 'tmp', name), 'wx')
    await write(file)
    await file.sync()
    await file.close()
    await link(join(dir, 'tmp', name), join(dir, 'to', name))
    await sync.sync()
  }
}

/** One round with this many requests in flight, after a warm-up; every envelope is different. */
export async function measure(
  inFlight: number,
  once_: (bytes: Buffer, worker: number) => Promise<boolean>,
): Promise<Load> {
  const latencies: number[] = []
  let errors = 0
  const begin = performance.now() + WARM_UP_MS
  await Promise.all(
    Array.from({ length: inFlight }, async (_, worker) => {
      const bytes = envelope(ENVELOPE_BYTES)
      for (let turn = 0; performance.now() - begin < ROUND_MS; turn += 1) {
        bytes.writeUInt32LE(turn, bytes.length - 4)
        const sent = performance.now()
        const isDone = await once_(bytes, worker)
        const done = performance.now()
        if (done < begin) continue
        if (!isDone) errors += 1
        latencies.push(done - sent)
      }
    }),
  )
  const seconds = (performance.now() - begin) / 1000
  latencies.sort((a, b) => a - b)
  return {
    count: latencies.length - errors,
    seconds,
    errors,
    p99Ms: latencies[Math.floor(latencies.length * 0.99)] ?? 0,
  }
}

async function runClients(options: {
  port: number
  inFlight: number
  upload: Upload
}): Promise<Load> {
  const clients = Array.from({ length: options.inFlight }, () => new Client(options.port))
  const load = await measure(options.inFlight, (bytes, worker) =>
    (clients[worker] as Client).post(options.upload, bytes),
  )
  for (const client of clients) client.close()
  return load
}

async function runLarge({ port, upload }: { port: number; upload: Upload }): Promise<number> {
  const client = new Client(port)
  await client.post('raw', envelope(ENVELOPE_BYTES))
  const bytes = envelope(LARGE_BYTES)
  const begin = performance.now()
  if (!(await client.post(upload, bytes))) throw new Error('the large upload was refused')
  client.close()
  return LARGE_BYTES / 1e6 / ((performance.now() - begin) / 1000)
}

/** A minimal client, which takes little CPU time from the server on the same machine. */
class Client {
  readonly #socket
  #resolve: (isCreated: boolean) => void = () => {}

  constructor(port: number) {
    this.#socket = connect(port, '127.0.0.1')
    this.#socket.setNoDelay(true)
    this.#socket.on('data', (answer) =>
      this.#resolve(answer.subarray(9, 12).toString('latin1') === '201'),
    )
    this.#socket.on('close', () => this.#resolve(false))
    this.#socket.on('error', () => this.#resolve(false))
  }

  post(upload: Upload, bytes: Buffer): Promise<boolean> {
    const [before, after] = upload === 'raw' ? ['', ''] : FORM
    const type =
      upload === 'raw' ? 'application/octet-stream' : `multipart/form-data; boundary=${BOUNDARY}`
    const length = bytes.length + before.length + after.length
    return new Promise((resolve) => {
      this.#resolve = resolve
      this.#socket.cork()
      this.#socket.write(
        `POST /submissions HTTP/1.1\r\nHost: b\r\nAccept: application/json\r\nContent-Type: ${type}\r\nContent-Length: ${length}\r\n\r\n${before}`,
      )
      this.#socket.write(bytes)
      if (after !== '') this.#socket.write(after)
      this.#socket.uncork()
    })
  }

  close(): void {
    this.#socket.destroy()
  }
}

const FORM = [
  `--${BOUNDARY}\r\nContent-Disposition: form-data; name="envelope"; filename="f"\r\nContent-Type: application/octet-stream\r\n\r\n`,
  `\r\n--${BOUNDARY}--\r\n`,
] as const

/** Only as much structure as the intake checks; it cannot look any deeper. */
function envelope(length: number): Buffer {
  const share = 'A'.repeat(43)
  const header = Buffer.from(`age-encryption.org/v1\n-> X25519 ${share}\n${share}\n--- ${share}\n`)
  const sealed = Buffer.alloc(length)
  const random = randomBytes(Math.min(length, 1024 * 1024))
  for (let at = 0; at < length; at += random.length) random.copy(sealed, at)
  header.copy(sealed)
  return sealed
}

function print(rows: readonly BenchRow[]): void {
  for (const row of rows) {
    const against =
      row.ratio === null ? '' : ` of ${row.baseline?.toFixed(0)} = ${row.ratio.toFixed(2)}`
    process.stdout.write(
      `${row.name.padEnd(44)} ${row.value.toFixed(1).padStart(9)} ${row.unit}${against}   ${row.goal}\n`,
    )
  }
}

async function runRole(role: string, options: never): Promise<void> {
  switch (role) {
    case 'intake':
      return serveIntake(options)
    case 'pipe':
      return servePipe(options)
    case 'bare server':
      return serveBare(options)
    case 'loop':
      return void process.send?.(await runLoop(options))
    case 'clients':
      return void process.send?.(await runClients(options))
    case 'large':
      return void process.send?.(await runLarge(options))
    default:
      return print(await benchIntake())
  }
}

if (process.argv[1] === import.meta.filename) {
  const [role = '', options = '{}'] = process.argv.slice(2)
  process.on('disconnect', () => process.exit(0))
  await runRole(role, JSON.parse(options) as never)
}
