import { once } from 'node:events'
import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect } from 'vitest'
import { freePort, startSupervisor, temporaryFolder, until } from '../../supervise/start.ts'
import type { Started } from '../../supervise/start.ts'
import type { TestEnvelope } from '../../workers/envelopes.ts'
import type { Wanted } from './search.ts'
import { paddedEnvelope, sendPastTor, Source, told } from './sources.ts'

/** The result of a seizure. */
export interface Seized {
  /** Contains the data folder `var`, the processes' `tmp`, and all their output as `log`. */
  disk: string
  /** Receipts of the tips, all of which are stored. */
  receipts: ReadonlySet<string>
  unfinished: number
  wanted: Wanted
}

const tips = 200
/** Number of sources that send at the same time. */
const atOnce = 8
const kibibyte = 1024

/**
 * Two hundred sources write to a real Tumen in every possible way; then it is stopped in order.
 * With `isWholeWay` the server also sends canaries and notifications, and is stopped after one of
 * each.
 */
export async function seize({ isWholeWay = false } = {}): Promise<Seized> {
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
    },
  })
  await run.untilOutput('ready; Ctrl-C')
  const fromMs = Date.now()
  const receipts = await sendAll(socketPath, port)
  await untilStored(socketPath, receipts, run)
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
  await writeFile(join(disk, 'log'), run.output())
  return { disk, receipts, unfinished: tips / 10, wanted: { window, words: told } }
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

async function sendAll(socketPath: string, port: number): Promise<Set<string>> {
  const receipts = new Set<string>()
  let next = 0
  const sendSome = async (): Promise<void> => {
    for (let number = next++; number < tips; number = next++)
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
async function untilStored(
  socketPath: string,
  receipts: ReadonlySet<string>,
  run: Started,
): Promise<void> {
  const source = new Source(socketPath, tips)
  for (const receipt of receipts)
    await until(
      async () => (await source.askFor(receipt)) === 'stored',
      () => `all to be stored: ${run.output()}`,
      60_000,
    )
  source.close()
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
