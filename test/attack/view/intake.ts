import { createHash } from 'node:crypto'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import type { Server } from 'node:http'
import type { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Duplex, duplexPair } from 'node:stream'
import { EnvelopeWalker } from '../../../src/age/walk.ts'
import { createApp } from '../../../src/server/app.ts'
import type { Circuit } from '../../../src/server/fairness/circuit.ts'
import { type FairnessLimits, MAX_WAITING } from '../../../src/server/fairness/limits.ts'
import { Fairness } from '../../../src/server/fairness/fairness.ts'
import { createIntakeServer } from '../../../src/server/http-server.ts'
import { type ReplyFiles, ReplyShelf } from '../../../src/server/replies/shelf.ts'
import { SpaceState } from '../../../src/server/space-state.ts'
import { openUploads } from '../../../src/server/uploads/uploads.ts'
import { StoreError } from '../../../src/store/errors.ts'
import { openFsStore } from '../../../src/store/fs-store.ts'

export const STEP_MINUTES = 15
export const MAX_BYTES = 4_000_000
/** Room for four of the largest envelopes. A round fills far less than half of it. */
const DISK_BYTES = 4 * MAX_BYTES

/**
 * A fault that is built in on purpose, to see that the test finds it: an announced length is
 * refused when it exceeds the space that is free at that moment, or each new connection closes an
 * idle one.
 */
export type Leak = 'free space' | 'idle connections'

/** A folder in memory if possible: there the many fsyncs of a round are fast. */
const memoryFolder = existsSync('/dev/shm') ? '/dev/shm' : tmpdir()

/** Limits so high that a round stays below half of each. */
const LIMITS = {
  maxConnections: 64,
  maxWaiting: MAX_WAITING,
  circuitConnections: 32,
  maxUploads: 32,
  circuitUploads: 16,
  circuitUnfinished: 32,
  circuitRequests: 100_000,
  circuitEnvelopes: 100_000,
  waitMs: 50,
}

/**
 * An intake without a port, with a folder of its own. The caller sets its clock and its randomness.
 */
export interface ViewedIntake {
  dial(circuit: number): Duplex
  /** Runs the work that the intake normally does on a timer. */
  look(): Promise<void>
  dispose(): Promise<void>
}

export async function openViewedIntake(options: {
  seed: number
  now: () => Date
  leak?: Leak | undefined
  limits?: FairnessLimits
  maxUnfinished?: number
}): Promise<ViewedIntake> {
  const { limits = LIMITS, maxUnfinished = 64 } = options
  const dir = await mkdtemp(join(memoryFolder, 'tumen-view-'))
  const clock = { now: options.now }
  const statfs = () => ({ blocks: DISK_BYTES, bavail: DISK_BYTES - bytesBelow(dir), bsize: 1 })
  const spool = await openFsStore({ dir, instance: 'view', reserveBytes: 0, clock, statfs })
  const space = new SpaceState({
    freeBytes: () => spool.space.freeBytes(),
    maxBytes: MAX_BYTES,
    stepMinutes: STEP_MINUTES,
    clock,
  })
  const numbers = new Map<Circuit, number>()
  const fairness = new Fairness(limits, {
    nowMs: () => options.now().getTime(),
    random: streamsOf(options.seed, numbers),
  })
  const shared = {
    clock,
    space,
    queue: { announce: () => {} },
    counters: { countOldKeyring: () => {} },
  }
  const uploads = await openUploads({
    ...shared,
    dir,
    store: spool,
    createWalker: () => new EnvelopeWalker(),
    maxBytes: MAX_BYTES,
    maxUnfinished,
    circuitUnfinished: limits.circuitUnfinished,
    silentDays: 1,
  })
  const replies = new ReplyShelf({
    load: () => Promise.resolve(answers),
    clock,
    stepMinutes: STEP_MINUTES,
  })
  await replies.look()
  const app = createApp({
    ...shared,
    spool,
    uploads,
    replies,
    keyring: { isDemo: true, current: () => served },
    page: new Map(),
    limits: { maxBytes: MAX_BYTES, retentionDays: 30 },
    fairness,
  })
  if (options.leak === 'free space')
    space.admit = (bytes) => {
      if (bytes > spool.space.freeBytes() / 4) throw new StoreError('NO_SPACE', 'a planted leak')
    }
  const server = createIntakeServer(app, { idleSeconds: 120, fairness })
  if (options.leak === 'idle connections') closeIdleOnes(server)
  return {
    dial: (circuit) => dialIn({ server, fairness, numbers }, circuit),
    async look() {
      space.look()
      await replies.look()
      await uploads.removeSilent()
    },
    async dispose() {
      server.closeAllConnections()
      await uploads.close()
      await rm(dir, { recursive: true, force: true })
    },
  }
}

function closeIdleOnes(server: Server): void {
  const open: Socket[] = []
  server.on('connection', (socket: Socket) => {
    if (open.length > 2) open.shift()?.destroy()
    open.push(socket)
  })
}

function bytesBelow(dir: string): number {
  return readdirSync(dir, { recursive: true, encoding: 'utf8' }).reduce(
    (sum, name) => sum + (statSync(join(dir, name), { throwIfNoEntry: false })?.size ?? 0),
    0,
  )
}

/** Shorter than real drops, so that the views stay small. */
const answers: ReplyFiles = {
  indexes: [{ name: 'index.json', bytes: Buffer.from('{}\n'), signature: Buffer.from('signed\n') }],
  drops: ['ab', 'cd'].map((digits) => ({
    name: `${digits.repeat(16)}.tar`,
    bytes: Buffer.from(digits.repeat(500)),
    signature: Buffer.from('signed\n'),
  })),
}

const served = {
  fingerprint: 'f'.repeat(64),
  isDemo: true,
  json: Buffer.from('{}\n'),
  signature: Buffer.from('signature\n'),
  recipients: '# list\n',
  recipientsX25519: '# classic list\n',
  expires: '2027-11-23',
  staff: [],
  rootKey: 'RWroot',
}

/** Opens a connection as through tor's socket: the circuit is known before the first byte. */
function dialIn(
  {
    server,
    fairness,
    numbers,
  }: { server: Server; fairness: Fairness; numbers: Map<Circuit, number> },
  circuit: number,
): Duplex {
  const [client, inside] = duplexPair()
  const socket = Object.assign(inside, { setTimeout: () => inside }) as unknown as Socket
  fairness.circuits.bind(socket, `fc00:dead:beef:4dad::0:${circuit.toString(16)}`)
  numbers.set(fairness.circuits.of(socket), circuit)
  client.on('error', () => {})
  server.emit('connection', socket)
  return client
}

/**
 * A separate stream of random bytes for each circuit, so that a visit does not change the random
 * bytes that a stranger receives.
 */
function streamsOf(
  seed: number,
  numbers: ReadonlyMap<Circuit, number>,
): (circuit: Circuit, count: number) => Buffer {
  const used = new Map<Circuit, number>()
  return (circuit, count) => {
    const at = (used.get(circuit) ?? 0) + 1
    used.set(circuit, at)
    return createHash('sha512')
      .update(`${seed} ${numbers.get(circuit)} ${at}`)
      .digest()
      .subarray(0, count)
  }
}
