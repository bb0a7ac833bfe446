/**
 * Receipts per second of two intakes and two workers on one bucket, of one of each on the same
 * bucket, and of one of each on files, each with the part that was the limit:
 * `node bench/several.ts [SECONDS]`. Starts a Ceph gateway and a Redis of its own.
 */
import { createRandom } from '../test/faults/random.ts'
import { startLoad } from '../test/faults/source.ts'
import { placeAt } from '../test/several/place.ts'
import { type Machines, openMachines } from '../test/several/machines.ts'
import { startCeph, whyNoCeph } from '../test/support/engines/ceph.ts'
import { createTestRedis, type TestRedis } from '../test/support/redis.ts'
import { openBucket } from '../src/store/s3-bucket.ts'
import { openS3Store } from '../src/store/s3-store.ts'
import { createNightlyMove } from '../workers/night.ts'
import { mkdtemp, rm } from 'node:fs/promises'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { createHash, randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { cpuSecondsOf } from './cpu.ts'

const clients = 64
const seconds = Number(process.argv[2] ?? 15)

async function receiptsPerSecond(options: {
  count: number
  place: Parameters<typeof openMachines>[0]['place']
}): Promise<number> {
  const redis = await createTestRedis()
  const site = await openMachines({ ...options, redisUrl: redis.url })
  try {
    await site.start()
    const loads = site.machines.map(({ socket }, n) =>
      startLoad({ socket, clients: clients / options.count, random: createRandom(n) }),
    )
    const count = (): number => loads.reduce((sum, load) => sum + load.acknowledged.size, 0)
    await sleep(3000)
    const groups = groupsOf(site, redis)
    const cpuBefore = await cpuOf(groups)
    const machineBefore = machineSeconds()
    const [before, began] = [count(), performance.now()]
    await sleep(seconds * 1000)
    const spentSeconds = (performance.now() - began) / 1000
    const rate = (count() - before) / spentSeconds
    const cpuAfter = await cpuOf(groups)
    const machineUsed = (machineSeconds() - machineBefore) / spentSeconds
    const cores = groups.map(({ name, pids }, n) => ({
      name,
      processes: pids.length,
      used: ((cpuAfter[n] ?? 0) - (cpuBefore[n] ?? 0)) / spentSeconds,
    }))
    process.stdout.write(
      `${rate.toFixed(1)} receipts a second; ${whatLimits(cores, machineUsed)}\n`,
    )
    await Promise.all(loads.map((load) => load.stop()))
    return rate
  } finally {
    await site.dispose()
    await redis.dispose()
  }
}

interface Group {
  name: string
  pids: (number | undefined)[]
}

function groupsOf({ machines }: Machines, redis: TestRedis): Group[] {
  return [
    { name: 'intakes', pids: machines.map(({ intake }) => intake.pid) },
    { name: 'workers', pids: machines.map(({ worker }) => worker.pid) },
    { name: 'Redis', pids: [redis.pid] },
    { name: 'Ceph gateway', pids: [ceph.gateway.pid] },
    { name: 'Ceph disk', pids: [ceph.disk.pid] },
    { name: 'this generator', pids: [process.pid] },
  ]
}

/** Seconds of processor time of each group until now. */
async function cpuOf(groups: readonly Group[]): Promise<number[]> {
  return Promise.all(
    groups.map(async ({ pids }) => {
      const spent = await cpuSecondsOf(Object.fromEntries(pids.entries()))
      return [...spent.values()].reduce((sum, one) => sum + one, 0)
    }),
  )
}

/** CPU seconds that all processes on this machine have used so far. */
function machineSeconds(): number {
  const ms = cpus().map(({ times }) => times.user + times.nice + times.sys + times.irq)
  return ms.reduce((sum, one) => sum + one, 0) / 1000
}

const busyShare = 0.85

/**
 * Says how many cores each group of processes used, and what limited the rate: a group if each of
 * its processes used a whole core, which is the most that one process of ours can use; otherwise
 * the processors, if they were busy.
 */
function whatLimits(
  groups: readonly { name: string; processes: number; used: number }[],
  machineUsed: number,
): string {
  const all = cpus().length
  const others = machineUsed - groups.reduce((sum, { used }) => sum + used, 0)
  const shares = groups
    .toSorted((one, other) => other.used - one.used)
    .map(({ name, used }) => `${name} ${used.toFixed(2)}`)
  const full = groups.find(({ processes, used }) => used / processes > busyShare)
  const rest =
    machineUsed > busyShare * all ? 'the processors of this machine' : 'no processor (the disk?)'
  const limit = full?.name ?? rest
  return `limit: ${limit}; cores of ${all}: ${shares.join(', ')}, all others ${Math.max(0, others).toFixed(2)}`
}

/** Requests to the bucket for one tip, by what causes them. */
async function countRequests(place: Parameters<typeof openBucket>[0]): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'tumen-bench-'))
  const clock = { now: () => new Date() }
  const store = await openS3Store({
    place,
    dir,
    instance: 'bench',
    reserveBytes: 0,
    clock,
    isBucketCreated: true,
  })
  const names: string[] = []
  store.bucket.client.middlewareStack.add(
    (next, context) => async (request) => {
      names.push(String(context.commandName).replace('Command', ''))
      return next(request)
    },
    { step: 'initialize' },
  )
  const count = async (what: string, work: () => Promise<unknown>): Promise<void> => {
    names.length = 0
    const began = performance.now()
    await work()
    const ms = performance.now() - began
    const kinds = [...new Set(names)].map(
      (name) => `${names.filter((one) => one === name).length} ${name}`,
    )
    process.stdout.write(
      `${what}: ${names.length} requests (${kinds.join(', ')}), ${ms.toFixed(0)} ms\n`,
    )
  }
  const bytes = randomBytes(67_000)
  const receipt = createHash('sha256').update(bytes).digest('hex')
  const take = async (): Promise<void> => {
    const staged = await store.stage(bytes.length)
    await staged.write(bytes)
    await staged.commit('incoming', receipt)
  }
  await count('an envelope is taken in', take)
  await count('it is sent again', take)
  await count('its receipt is asked', () => store.locate(receipt))
  await count('the worker reads it', () => Array.fromAsync(store.read('incoming', receipt)))
  const stored = {
    among: async (receipts: readonly string[]) => new Set(receipts),
    add: async () => {},
    forget: async () => {},
  }
  const tomorrow = { now: () => new Date(Date.now() + 86_400_000) }
  await count(
    'the nightly round moves it',
    createNightlyMove({
      store,
      stored,
      clock: tomorrow,
      mayMove: () => true,
      rest: async () => {},
    }),
  )
  await rm(dir, { recursive: true })
}

const reason = whyNoCeph()
if (reason !== null) {
  process.stderr.write(`several: ${reason}\n`)
  process.exit(1)
}
const ceph = await startCeph()
try {
  await countRequests(placeAt(ceph))
  const files = await receiptsPerSecond({ count: 1, place: null })
  const one = await receiptsPerSecond({ count: 1, place: placeAt(ceph) })
  const two = await receiptsPerSecond({ count: 2, place: placeAt(ceph) })
  process.stdout.write(
    `receipts a second, ${clients} clients: files, one machine ${files.toFixed(0)}; bucket, one machine ${one.toFixed(1)}; bucket, two machines ${two.toFixed(1)}; two to one ${(two / one).toFixed(2)}\n`,
  )
} finally {
  await ceph.dispose()
}
