/**
 * Checks the load model of docs/scaling.md at small scale: `node bench/load-model.ts [TIPS]`. Two
 * machines on a real Ceph gateway take tips in at random moments; what the model says of requests,
 * bytes, Redis commands and ledger is printed beside what was counted.
 */
import { stat } from 'node:fs/promises'
import { Agent } from 'node:http'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { sendEnvelope } from '../test/faults/source.ts'
import { openMachines, storedReceipts } from '../test/several/machines.ts'
import { placeAt } from '../test/several/place.ts'
import { startCeph, whyNoCeph } from '../test/support/engines/ceph.ts'
import { type LieContext, startLyingStore } from '../test/support/engines/lying-store.ts'
import { createTestRedis } from '../test/support/redis.ts'
import { makeEnvelope } from '../test/workers/envelopes.ts'
import { cpuSecondsOf } from './cpu.ts'
import { kindsOfRequest, perTip, simulate } from './model.ts'

const tips = Number(process.argv[2] ?? 200)
const envelopeBytes = 66_000
const idleMs = 20_000
const tipsPerSecond = 4

type Counts = Record<string, number>

function kindOf({
  method,
  path,
  headers,
}: Pick<LieContext, 'method' | 'path' | 'headers'>): string {
  if (method === 'PUT' && headers['x-amz-copy-source'] !== undefined) return 'COPY'
  return method === 'GET' && path.includes('list-type') ? 'LIST' : method
}

async function main(): Promise<void> {
  const ceph = await startCeph()
  const counts: Counts = {}
  let bytesOut = 0
  const front = await startLyingStore(ceph.endpoint, (context) => {
    const kind = kindOf(context)
    counts[kind] = (counts[kind] ?? 0) + 1
    if (kind === 'GET') bytesOut += context.answer.body.length
    return null
  })
  const redis = await createTestRedis()
  const place = { ...placeAt(ceph), endpoint: front.endpoint }
  const site = await openMachines({ count: 2, place, redisUrl: redis.url })
  const client = redis.client()
  const commands = async (): Promise<number> =>
    Number(/total_commands_processed:(\d+)/.exec(await client.info('stats'))?.[1])
  const look = async () => ({
    counts: { ...counts },
    bytesOut,
    commands: await commands(),
    at: performance.now(),
  })
  try {
    await site.start()
    // The first rounds look at everything once.
    await sleep(5000)
    const quiet = await look()
    await sleep(idleMs)
    const began = await look()
    const cpuBefore = await cpuOf()
    const sent = await sendTips(site.machines.map(({ socket }) => socket))
    while ((await storedReceipts(site.machines)).size < sent) await sleep(200)
    const ended = await look()
    const cpuAfter = await cpuOf()
    const seconds = (ended.at - began.at) / 1000
    const idleSeconds = (began.at - quiet.at) / 1000
    const idle = perSecond(quiet.counts, began.counts, idleSeconds)
    const idleCommands = (began.commands - quiet.commands) / idleSeconds
    const model = simulate({ tips: sent, seconds, idle, idleCommands, envelopeBytes })
    const real = Object.fromEntries(
      kindsOfRequest.map((kind) => [kind, (ended.counts[kind] ?? 0) - (began.counts[kind] ?? 0)]),
    )
    let ledgerBytes = 0
    for (const { dataDir } of site.machines)
      ledgerBytes += (await stat(join(dataDir, 'ledger.jsonl'))).size
    print(`${sent} tips in ${seconds.toFixed(0)} s, two machines`, 'model', 'real')
    for (const kind of kindsOfRequest) print(kind, model.requests[kind] ?? 0, real[kind] ?? 0)
    print(
      'bytes read from the bucket, MB',
      model.bytesOut / 1e6,
      (ended.bytesOut - began.bytesOut) / 1e6,
    )
    print('Redis commands', model.commands, ended.commands - began.commands)
    print('ledger, kB', model.ledgerBytes / 1000, ledgerBytes / 1000)
    process.stdout.write(`per tip: ${JSON.stringify(perTip)}\n`)
    for (const [name, before] of cpuBefore) {
      const spent = (cpuAfter.get(name) ?? 0) - before
      print(`CPU, ${name}, ms a tip`, '', (spent * 1000) / sent)
    }
  } finally {
    await site.dispose()
    await redis.dispose()
    await front.stop()
    await ceph.dispose()
  }

  async function cpuOf(): Promise<Map<string, number>> {
    return await cpuSecondsOf({
      'this generator and its proxy': process.pid,
      'intake 1': site.machines[0]?.intake.pid,
      'intake 2': site.machines[1]?.intake.pid,
      'worker 1': site.machines[0]?.worker.pid,
      'worker 2': site.machines[1]?.worker.pid,
      'Ceph gateway': ceph.gateway.pid,
      'Ceph disk': ceph.disk.pid,
    })
  }
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

function perSecond(before: Counts, after: Counts, seconds: number): Counts {
  return Object.fromEntries(
    kindsOfRequest.map((kind) => [kind, ((after[kind] ?? 0) - (before[kind] ?? 0)) / seconds]),
  )
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
