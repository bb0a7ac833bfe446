/**
 * Checks the load model of docs/scaling.md at small scale: `node bench/load-model.ts [TIPS]`. It
 * measures what one tip costs Redis in memory, and in commands when tips come one after the other.
 * Then two machines on a real Ceph gateway take tips in at random moments; what the model says of
 * requests, bytes, Redis commands and ledger is printed beside what was counted.
 */
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { stat } from 'node:fs/promises'
import { Agent } from 'node:http'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Redis } from 'ioredis'
import { connectProducer } from '../src/queue/redis.ts'
import { parseRedisInfo } from '../src/queue/redis-info.ts'
import { openStoreQueue } from '../src/queue/store-queue.ts'
import { createStoredSet } from '../src/queue/stored-today.ts'
import { sendEnvelope } from '../test/faults/source.ts'
import { type Machines, openMachines, storedReceipts } from '../test/several/machines.ts'
import { placeAt } from '../test/several/place.ts'
import { type CephGateway, startCeph, whyNoCeph } from '../test/support/engines/ceph.ts'
import { type LieContext, startLyingStore } from '../test/support/engines/lying-store.ts'
import { createTestRedis } from '../test/support/redis.ts'
import { makeEnvelope } from '../test/workers/envelopes.ts'
import { cpuSecondsOf } from './cpu.ts'
import { kindsOfRequest, perTip, simulate } from './model.ts'

const tips = Number(process.argv[2] ?? 200)
const envelopeBytes = 66_000
const idleMs = 20_000
const tipsPerSecond = 4
const tipsAlone = 40
const receiptsInMemory = 20_000

type Counts = Record<string, number>

/** All counts so far. */
interface Look {
  requests: Counts
  bytesOut: number
  /** Calls of each command of Redis, those inside scripts included. */
  commands: Counts
  atMs: number
}

interface Scene {
  ceph: CephGateway
  site: Machines
  look: () => Promise<Look>
}

async function main(): Promise<void> {
  await measureMemory()
  const ceph = await startCeph()
  const requests: Counts = {}
  let bytesOut = 0
  const front = await startLyingStore(ceph.endpoint, (context) => {
    const kind = kindOf(context)
    requests[kind] = (requests[kind] ?? 0) + 1
    if (kind === 'GET') bytesOut += context.answer.body.length
    return null
  })
  const redis = await createTestRedis()
  const place = { ...placeAt(ceph), endpoint: front.endpoint }
  const site = await openMachines({ count: 2, place, redisUrl: redis.url })
  const client = redis.client()
  const look = async (): Promise<Look> => ({
    requests: { ...requests },
    bytesOut,
    commands: await commandsOf(client),
    atMs: performance.now(),
  })
  try {
    await site.start()
    // The first rounds look at everything once.
    await sleep(5000)
    const quiet = await look()
    await sleep(idleMs)
    const idle = rateBetween(quiet, await look())
    await measureOneByOne({ ceph, site, look }, idle)
    await compare({ ceph, site, look }, idle)
  } finally {
    await site.dispose()
    await redis.dispose()
    await front.stop()
    await ceph.dispose()
  }
}

/** Memory of one waiting job, and of one receipt in the set of the day. */
async function measureMemory(): Promise<void> {
  const redis = await createTestRedis()
  const producer = connectProducer(redis.url)
  try {
    await once(producer, 'ready')
    const receipts = Array.from({ length: receiptsInMemory }, () => randomBytes(32).toString('hex'))
    const bytesEach = async (add: (receipts: string[]) => Promise<unknown>): Promise<number> => {
      const before = await usedMemory(producer)
      for (let at = 0; at < receipts.length; at += 500) await add(receipts.slice(at, at + 500))
      return ((await usedMemory(producer)) - before) / receipts.length
    }
    const queue = openStoreQueue(producer)
    const waiting = await bytesEach((some) => queue.enqueueAll(some))
    print('Redis, bytes for each waiting job', '', waiting)
    const stored = createStoredSet(producer)
    print('Redis, bytes until the night', '', await bytesEach((some) => stored.add(some)))
    await queue.close()
  } finally {
    producer.disconnect()
    await redis.dispose()
  }
}

/** Commands of Redis for one tip, when each is stored before the next one comes. */
async function measureOneByOne({ site, look }: Scene, idle: Rate): Promise<void> {
  const agent = new Agent({ keepAlive: true })
  const began = await look()
  for (let n = 1; n <= tipsAlone; n += 1) {
    const { bytes } = makeEnvelope(envelopeBytes)
    const { socket } = site.machines[n % site.machines.length]!
    await sendEnvelope({ socket, agent, bytes })
    while ((await storedReceipts(site.machines)).size < n) await sleep(20)
  }
  agent.destroy()
  const ended = await look()
  const seconds = (ended.atMs - began.atMs) / 1000
  const each = Object.entries(difference(began.commands, ended.commands))
    .map(([name, calls]) => [name, (calls - (idle.commands[name] ?? 0) * seconds) / tipsAlone])
    .filter((entry): entry is [string, number] => Number(entry[1]) > 0.05)
    .sort(([, one], [, other]) => other - one)
  print(`Redis commands a tip, ${tipsAlone} one by one`, perTip.redisCommands, sum(each))
  process.stdout.write(`${each.map(([name, calls]) => `${name} ${calls.toFixed(1)}`).join(', ')}\n`)
}

/** The model and the real thing, for tips at random moments. */
async function compare({ ceph, site, look }: Scene, idle: Rate): Promise<void> {
  const storedBefore = (await storedReceipts(site.machines)).size
  const ledgerBefore = await ledgerBytesOf(site)
  const began = await look()
  const cpuBefore = await cpuOf(ceph, site)
  const sent = await sendTips(site.machines.map(({ socket }) => socket))
  while ((await storedReceipts(site.machines)).size < storedBefore + sent) await sleep(200)
  const ended = await look()
  const cpuAfter = await cpuOf(ceph, site)
  const seconds = (ended.atMs - began.atMs) / 1000
  const idleCommands = sum(Object.entries(idle.commands))
  const model = simulate({
    tips: sent,
    seconds,
    idle: idle.requests,
    idleCommands,
    envelopeBytes,
  })
  const real = difference(began.requests, ended.requests)
  print(`${sent} tips in ${seconds.toFixed(0)} s, two machines`, 'model', 'real')
  for (const kind of kindsOfRequest) print(kind, model.requests[kind] ?? 0, real[kind] ?? 0)
  const megabytes = (ended.bytesOut - began.bytesOut) / 1e6
  print('bytes read from the bucket, MB', model.bytesOut / 1e6, megabytes)
  const calls = sum(Object.entries(difference(began.commands, ended.commands)))
  print('Redis commands', model.commands, calls)
  print('of these without any tip', idleCommands * seconds, '')
  const ledger = (await ledgerBytesOf(site)) - ledgerBefore
  print('ledger, kB', model.ledgerBytes / 1000, ledger / 1000)
  for (const [name, before] of cpuBefore)
    print(`CPU, ${name}, ms a tip`, '', (((cpuAfter.get(name) ?? 0) - before) * 1000) / sent)
}

function kindOf({
  method,
  path,
  headers,
}: Pick<LieContext, 'method' | 'path' | 'headers'>): string {
  if (method === 'PUT' && headers['x-amz-copy-source'] !== undefined) return 'COPY'
  return method === 'GET' && path.includes('list-type') ? 'LIST' : method
}

/** Calls of each command, without those of this program. */
async function commandsOf(redis: Redis): Promise<Counts> {
  const counts: Counts = {}
  for (const [key, text] of parseRedisInfo(await redis.info('commandstats')))
    counts[key.replace('cmdstat_', '')] = Number(/^calls=(\d+)/.exec(text)?.[1] ?? 0)
  delete counts['info']
  return counts
}

async function usedMemory(redis: Redis): Promise<number> {
  return Number(parseRedisInfo(await redis.info('memory')).get('used_memory'))
}

type Rate = Pick<Look, 'requests' | 'commands'>

/** The counts per second between two looks. */
function rateBetween(before: Look, after: Look): Rate {
  const seconds = (after.atMs - before.atMs) / 1000
  const rate = (one: Counts, other: Counts): Counts =>
    Object.fromEntries(
      Object.entries(difference(one, other)).map(([name, count]) => [name, count / seconds]),
    )
  return {
    requests: rate(before.requests, after.requests),
    commands: rate(before.commands, after.commands),
  }
}

function difference(before: Counts, after: Counts): Counts {
  return Object.fromEntries(
    Object.entries(after).map(([name, count]) => [name, count - (before[name] ?? 0)]),
  )
}

function sum(counts: readonly (readonly [string, number])[]): number {
  return counts.reduce((total, [, count]) => total + count, 0)
}

async function ledgerBytesOf({ machines }: Machines): Promise<number> {
  const files = machines.map(({ dataDir }) => stat(join(dataDir, 'ledger.jsonl')))
  return (await Promise.all(files)).reduce((total, { size }) => total + size, 0)
}

async function cpuOf(ceph: CephGateway, { machines }: Machines): Promise<Map<string, number>> {
  return await cpuSecondsOf({
    'this generator and its proxy': process.pid,
    'intake 1': machines[0]?.intake.pid,
    'intake 2': machines[1]?.intake.pid,
    'worker 1': machines[0]?.worker.pid,
    'worker 2': machines[1]?.worker.pid,
    'Ceph gateway': ceph.gateway.pid,
    'Ceph disk': ceph.disk.pid,
  })
}

/** Tips at random moments, as from people who know nothing of each other. */
async function sendTips(sockets: readonly string[]): Promise<number> {
  const agent = new Agent({ keepAlive: true })
  const running: Promise<unknown>[] = []
  let sent = 0
  for (let n = 0; n < tips; n += 1) {
    await sleep((-Math.log(1 - Math.random()) * 1000) / tipsPerSecond)
    const { bytes } = makeEnvelope(envelopeBytes)
    const socket = sockets[n % sockets.length] ?? ''
    running.push(
      sendEnvelope({ socket, agent, bytes }).then(({ status }) => {
        if (status === 201) sent += 1
      }),
    )
  }
  await Promise.all(running)
  agent.destroy()
  return sent
}

function print(what: string, model: number | string, real: number | string): void {
  const cell = (value: number | string): string =>
    (typeof value === 'number' ? value.toFixed(value < 100 ? 1 : 0) : value).padStart(10)
  process.stdout.write(`${what.padEnd(44)}${cell(model)}${cell(real)}\n`)
}

const reason = whyNoCeph()
if (reason === null) await main()
else {
  process.stderr.write(`load-model: ${reason}\n`)
  process.exitCode = 1
}
