import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, readdir, rename, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect } from 'vitest'
import { formatAcknowledgement, signAcknowledgement } from '../../../src/carry/acknowledgement.ts'
import { openUnseen } from '../../../src/disk/open-without-atime.ts'
import { parseSecretKey } from '../../../src/keyring/minisign.ts'
import { systemClock } from '../../../src/time/clock.ts'
import { dayOfInstant } from '../../../src/time/day.ts'
import { makeTestDrop, writeReplies } from '../../reply-store/answering-desk.ts'
import { freePort, startSupervisor, temporaryFolder, until } from '../../supervise/start.ts'
import type { Started } from '../../supervise/start.ts'
import type { TestRedis } from '../../support/redis.ts'
import type { TestEnvelope } from '../../workers/envelopes.ts'
import type { Times } from './fine-times.ts'
import { fineTimesBelow } from './fine-times.ts'
import type { Wanted } from './search.ts'
import { paddedEnvelope, sendPastTor, Source, told } from './sources.ts'

/** The result of a seizure. */
export interface Seized {
  /** Contains the data folder `var`, the processes' `tmp`, and all their output as `log`. */
  disk: string
  /** Receipts of the tips, all of which are stored. */
  receipts: ReadonlySet<string>
  unfinished: number
  /** Entries of the data folder with a time finer than a day. */
  fineTimes: readonly Times[]
  wanted: Wanted
}

const tips = 200
/** Number of sources that send at the same time. */
const atOnce = 8
const kibibyte = 1024

interface SeizeOptions {
  /** Also send canaries and notifications, and stop the server after one of each. */
  isWholeWay?: boolean
  /**
   * Used instead of the server's own Redis. When half of the tips are stored and a desk has
   * acknowledged them, it is killed, and the other half comes without it.
   */
  redis?: TestRedis
}

/**
 * Two hundred sources write to a real Tumen in every possible way; then it is stopped in order.
 */
export async function seize({ isWholeWay = false, redis }: SeizeOptions = {}): Promise<Seized> {
  const folder = await temporaryFolder()
  const disk = join(folder, 'disk')
  await mkdir(join(disk, 'tmp'), { recursive: true })
  const webhook = await startWebhook()
  const [port, opsPort] = [await freePort(), await freePort()]
  const socketPath = join(folder, 'onion.sock')
  const run = await startSupervisor({
    mains: [],
    dataDir: join(disk, 'var'),
    env: {
      TUMEN_KEYS_DIR: join(folder, 'keys'),
      TUMEN_LISTEN: `127.0.0.1:${port}`,
      TUMEN_OPS_LISTEN: `127.0.0.1:${opsPort}`,
      TUMEN_ONION_SOCKET: socketPath,
      TMPDIR: join(disk, 'tmp'),
      TUMEN_SWEEP_SECONDS: '1',
      TUMEN_CANARY_MINUTES: isWholeWay ? '1' : '0',
      TUMEN_NOTIFY_MINUTES: '1',
      TUMEN_NOTIFY_WEBHOOK: webhook.url,
      ...(redis !== undefined && { TUMEN_REDIS_URL: redis.url }),
    },
  })
  await run.untilOutput('ready; Ctrl-C')
  await bringAnswers(join(disk, 'var'), run)
  const fromMs = Date.now()
  const receipts = new Set<string>()
  if (redis !== undefined) {
    for (const receipt of await sendAll({ socketPath, port, from: 0, to: tips / 2 }))
      receipts.add(receipt)
    await untilAll('stored', { socketPath, receipts, run })
    await acknowledge(join(disk, 'var'), receipts)
    await untilAll('collected', { socketPath, receipts, run })
    await redis.kill()
  }
  const rest = await sendAll({ socketPath, port, from: receipts.size, to: tips })
  await untilAll('stored', { socketPath, receipts: rest, run })
  for (const receipt of rest) receipts.add(receipt)
  const window = { fromMs, toMs: Date.now() }
  if (isWholeWay)
    await Promise.all([
      untilCanary(disk, run),
      until(
        () => webhook.notes() > 0,
        () => 'a note',
        90_000,
      ),
    ])
  // The worker writes its own time to Redis every five seconds, so the window must be over before
  // the last write.
  await until(
    () => Date.now() > window.toMs + 6000,
    () => 'six seconds',
  )
  run.child.kill('SIGTERM')
  expect(await run.exit).toEqual([0, null])
  webhook.close()
  const fineTimes = await fineTimesBelow(join(disk, 'var'))
  await writeFile(join(disk, 'log'), run.output())
  return { disk, receipts, unfinished: tips / 10, fineTimes, wanted: { window, words: told } }
}

async function startWebhook(): Promise<{ url: string; notes(): number; close: () => void }> {
  let notes = 0
  const server = createServer((request, response) => {
    notes += 1
    request.resume().on('end', () => response.end())
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    notes: () => notes,
    close: () => server.close(),
  }
}

/** Sends the tips with these numbers, `to` excluded. @returns their receipts. */
async function sendAll(options: {
  socketPath: string
  port: number
  from: number
  to: number
}): Promise<Set<string>> {
  const { socketPath, port, from, to } = options
  const receipts = new Set<string>()
  let next = from
  const sendSome = async (): Promise<void> => {
    for (let number = next++; number < to; number = next++)
      receipts.add(await sendOne(socketPath, port, number))
  }
  await Promise.all(Array.from({ length: atOnce }, sendSome))
  return receipts
}

/** Half of the envelopes are text only; of the rest most hold a photo, a few hold more. */
function envelopeOf(number: number): TestEnvelope {
  return paddedEnvelope(
    number % 2 === 0 ? 0 : number % 20 === 1 ? 2_000_000 + number * 1111 : (70 + number) * kibibyte,
  )
}

/**
 * Sends a tip, each in another way than the previous one; every fifth source makes further
 * requests.
 */
async function sendOne(socketPath: string, port: number, number: number): Promise<string> {
  const source = new Source(socketPath, number)
  const envelope = envelopeOf(number)
  const ways = [
    () => source.sendForm(envelope),
    () => source.sendWhole(envelope),
    () => source.sendInParts(envelope),
    () => sendPastTor(port, envelope),
  ]
  expect(await ways[number % ways.length]?.()).toBe(envelope.receipt)
  expect(['accepted', 'stored']).toContain(await source.askFor(envelope.receipt))
  if (number % 4 === 0) expect(await source.fetchAnswers()).toBe(200)
  if (number % 10 === 3) await source.giveUpInParts(envelopeOf(number))
  if (number % 10 === 5) await source.breakOff(envelopeOf(number))
  if (number % 10 === 7) expect(await source.sendPlain()).toBe(400)
  source.close()
  return envelope.receipt
}

/**
 * Asks for receipts as a source would, because looking into the folder would itself change a time
 * in it.
 */
async function untilAll(
  state: 'stored' | 'collected',
  options: { socketPath: string; receipts: ReadonlySet<string>; run: Started },
): Promise<void> {
  const { socketPath, receipts, run } = options
  const source = new Source(socketPath, tips)
  for (const receipt of receipts)
    await until(
      async () => (await source.askFor(receipt)) === state,
      () => `all to be ${state}: ${run.output()}`,
      60_000,
    )
  source.close()
}

/** Leaves an acknowledgement by the demo's desk in the server's inbox, as a command would. */
async function acknowledge(dataDir: string, receipts: ReadonlySet<string>): Promise<void> {
  const file = await openUnseen(join(dataDir, 'demo', 'desk.key'))
  const key = parseSecretKey(await file.readFile('utf8'))
  await file.close()
  const content = { day: dayOfInstant(systemClock.now()), receipts: [...receipts] }
  const bytes = formatAcknowledgement(content)
  const name = `${createHash('sha256').update(bytes).digest('hex')}.json`
  const path = join(dataDir, 'acknowledgements', name)
  await writeFile(path, bytes)
  await writeFile(`${path}.minisig`, signAcknowledgement(bytes, key, content))
}

/** Leaves answers of the demo's desk in the inbox, and waits until the worker has taken them in. */
async function bringAnswers(dataDir: string, run: Started): Promise<void> {
  const file = await openUnseen(join(dataDir, 'demo', 'desk.key'))
  const key = parseSecretKey(await file.readFile('utf8'))
  await file.close()
  const day = dayOfInstant(systemClock.now())
  const filling = join(dataDir, '..', 'arriving')
  const index = writeReplies(filling, key, { seq: 2, day, drops: [makeTestDrop(day)] })
  const arrival = join(
    dataDir,
    'acknowledgements',
    'replies',
    createHash('sha256').update(index).digest('hex'),
  )
  await rename(filling, arrival)
  await until(
    () => !existsSync(arrival),
    () => `the answers to be taken in: ${run.output()}`,
  )
}

async function untilCanary(disk: string, run: Started): Promise<void> {
  let hasBeenSeen = false
  await until(
    async () => {
      const canaries = (await readdir(join(disk, 'var', 'canary'))).length
      hasBeenSeen ||= canaries > 0
      return hasBeenSeen && canaries === 0
    },
    () => `a canary to come and go: ${run.output()}`,
    120_000,
  )
}

export async function receiptsIn(disk: string, prefix: string): Promise<string[]> {
  return (await readdir(join(disk, 'var', prefix))).map((name) => name.replace(/\.age$/, ''))
}
