import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Redis } from 'ioredis'
import { redisUrlOf } from '../config/private-redis.ts'
import type { Settings } from '../config/settings.ts'
import { loadSodiumPrimitives } from '../src/age/sodium.ts'
import { rememberFolder } from '../src/disk/same-folder.ts'
import { EnvelopeWalker } from '../src/age/walk.ts'
import { openNotes } from '../src/canary/bucket-notes.ts'
import type { CanaryNotes } from '../src/canary/notes.ts'
import { type CanaryProof, createCanaryProof } from '../src/canary/proof.ts'
import {
  countFailedAttempt,
  countRefusedAcknowledgements,
  countStall,
  countUnknownAcknowledged,
} from '../src/queue/counters.ts'
import { createForgetter, type Forgetter } from '../src/queue/forget.ts'
import { createGauges } from '../src/queue/gauges.ts'
import { heartbeatIntervalMs, startHeartbeat } from '../src/queue/heartbeat.ts'
import { connectProducer, connectWorker } from '../src/queue/redis.ts'
import { openStoreQueue, type StoreQueue } from '../src/queue/store-queue.ts'
import type { BlobStore } from '../src/store/blob-store.ts'
import { type SteadyClock, startSteadyClock } from '../src/time/steady-clock.ts'
import { type DiscardRequests, openDiscardRequests } from '../src/store/discard-requests.ts'
import { type DeletionRequest, openDeletionRequest } from '../src/store/deletion-request.ts'
import { replyInboxOf } from '../src/reply-store/hand-over.ts'
import { repliesFolder } from '../src/reply-store/layout.ts'
import { createReplySharing } from '../src/reply-store/share.ts'
import { isShared, openStore } from '../src/store/open-store.ts'
import { requireUsableFolder } from '../src/store/data-folder.ts'
import { createDayView } from '../src/store/day-view.ts'
import { openSharedFolder, type SharedFolder } from '../src/store/s3-folder.ts'
import { restEarlierDays } from '../src/store/s3-rest.ts'
import { createLease } from '../src/store/s3-lease.ts'
import type { StoredToday } from '../src/store/stored-today.ts'
import { StoreError } from '../src/store/errors.ts'
import { createStoredSet } from '../src/queue/stored-today.ts'
import { writeMark } from '../src/store/marks.ts'
import { openReasons, type Reasons } from '../src/store/reasons.ts'
import { createAcknowledgementVerifier, loadKeyringOrWait } from './acknowledgements.ts'
import { type Attempts, openAttempts } from './attempts.ts'
import { createCanaryRemoval } from './canaries.ts'
import { runChores } from './chores.ts'
import { startConsumer } from './consumer.ts'
import { Inbox } from './inbox.ts'
import { type Ledger, openLedger } from '../src/ledger/writer.ts'
import { explain, type Log } from './log.ts'
import { createReplyIntake } from './replies.ts'
import { ReplyInbox } from './reply-inbox.ts'
import { createDaily, createNightlyMove } from './night.ts'
import { createRetention } from './retention.ts'
import { startRounds } from './rounds.ts'
import { createDailyChain, type DailyChain } from './daily-chain.ts'
import { createStoreHandler, type StoreHandler } from './store.ts'
import { type OnceForAll, onceForAll } from './once-for-all.ts'
import { withLedger } from './stored-by-ledger.ts'
import { createSweep } from './sweep.ts'

/**
 * Random, because the process number is the same in every container, and two workers would then
 * share one heartbeat.
 */
const instance = `worker-${randomUUID().slice(0, 8)}`

/**
 * Wait for Redis before the first sweep, so that it can queue what it finds; without Redis it
 * stores the envelopes itself.
 */
const redisGraceMs = 1000

export interface RunningWorker {
  /**
   * Accepts no new work and finishes the current work. While Redis is frozen this may never
   * resolve.
   */
  close: () => Promise<void>
}

export interface WorkerOptions {
  settings: Settings
  log: Log
  /** How long to wait for a worker that still holds the ledger. */
  lockWaitMs: number
  /** Called from time to time while a long ledger is converted. */
  onProgress?: () => void
}

/**
 * Starts the parts of the worker: first the ledger's lock, then jobs and rounds. The worker is
 * ready when it can take jobs; the first round finishes what a crash left open, in parallel with
 * the jobs. Neither Redis nor the keyring has to be available: tips are stored without them, and
 * both are used as soon as they are.
 *
 * @throws LedgerError, StoreError or QueueError if it cannot work at all.
 */
export async function startWorker(options: WorkerOptions): Promise<RunningWorker> {
  const { settings, log } = options
  const clock = startSteadyClock()
  const url = redisUrlOf(settings)
  const producer = connectProducer(url)
  const vault = await openVault({ ...options, clock, producer })
  const handler = createStoreHandler({
    ...vault,
    createWalker: () => new EnvelopeWalker(),
    onQuarantine: (reason) => log.line(`put an envelope into quarantine: ${reason}`),
  })
  const queue = openStoreQueue(producer, { clock })
  await readyWithin(producer, redisGraceMs)
  void queue.resume().catch(() => {})

  let isDraining = false
  const connection = connectWorker(url)
  const consumer = startConsumer({
    connection,
    handler,
    onFailed(reason) {
      log.state('storing', `storing failed and is tried again: ${reason}`)
      void countFailedAttempt(producer)
    },
    onStalled: () => void countStall(producer),
  })
  const isFolderInPlace = rememberFolder(settings.dataDir)
  const heartbeat = startHeartbeat({
    redis: producer,
    role: 'worker',
    instance,
    isDraining: () => isDraining,
    isInPlace: () => isFolderInPlace() && vault.ledger.isInPlace(),
    intervalMs: heartbeatIntervalMs,
    gauges: createGauges({ clock, stepMinutes: settings.metricsStepMinutes }),
    machine: () =>
      vault.isShared ? { isChief: vault.once.isMine(), chain: vault.dailyChain.last() } : null,
  })
  const forgetter = createForgetter(producer)
  const rounds = startWorkerRounds({
    ...options,
    clock,
    ...vault,
    handler,
    producer,
    queue,
    forgetter,
    isStopping: () => isDraining,
  })
  return {
    async close() {
      isDraining = true
      heartbeat.now()
      await rounds.stop()
      await vault.once.close()
      // Jobs can be handed back in order only while Redis is reachable; otherwise they are later
      // restarted as stalled jobs.
      await consumer.close(connection.status !== 'ready')
      await handler.settled()
      await vault.ledger.close()
      // This comes after the last job, so that the file that Redis leaves on the disk reveals none.
      await forgetter.forgetAtEnd().catch(() => {})
      await queue.close()
      heartbeat.stop()
      connection.disconnect()
      producer.disconnect()
    },
  }
}

interface Vault {
  store: BlobStore
  once: OnceForAll
  /** Whether other machines use the same store. */
  isShared: boolean
  moveByNight: () => Promise<number>
  /** The answers that all machines share; null if there is only this one. */
  sharedReplies: SharedFolder | null
  ledger: Ledger
  dailyChain: DailyChain
  attempts: Attempts
  inbox: Inbox
  replyInbox: ReplyInbox
  reasons: Reasons
  requests: DiscardRequests
  deletionRequest: DeletionRequest
  notes: CanaryNotes
  canaries: CanaryProof
}

async function openVault(
  options: WorkerOptions & { clock: SteadyClock; producer: Redis },
): Promise<Vault> {
  const { settings, log, clock, lockWaitMs, onProgress = () => {} } = options
  const { dataDir } = settings
  const path = join(dataDir, 'ledger.jsonl')
  const onLoss = (lines: number): void =>
    log.line(
      `${lines} line(s) are missing at the end of the ledger; what the vault shows is written again, and ops reports LEDGER_BROKEN`,
    )
  // The ledger of a newer version must not look broken.
  await requireUsableFolder(dataDir)
  const ledger = await openLedger({ path, clock, lockWaitMs, onProgress, onLoss })
  const { store, ...shared } = await openShared(options, ledger)
  const attempts = await openAttempts({ dir: join(dataDir, 'attempts'), clock })
  const inbox = new Inbox(join(dataDir, 'acknowledgements'))
  const replyInbox = new ReplyInbox({
    dir: replyInboxOf(dataDir),
    refused: join(dataDir, 'acknowledgements', 'refused'),
    clock,
  })
  const { notes } = shared
  const canaries = createCanaryProof({ primitives: await loadSodiumPrimitives(), store, notes })
  const reasons = openReasons({ dir: dataDir, clock })
  const requests = openDiscardRequests({ dir: dataDir, clock })
  const deletionRequest = openDeletionRequest({ dir: dataDir, clock })
  try {
    await inbox.create()
    await replyInbox.create()
    await deletionRequest.makeFolder()
    await attempts.keepOnly(async (receipt) => (await store.locate(receipt)) === 'incoming')
  } catch (error) {
    // A full disk must not keep the worker from starting; the rounds try again.
    log.state('the start', `the start was not complete: ${explain(error)}`)
  }
  return {
    store,
    ...shared,
    ledger,
    dailyChain: createDailyChain({ path, clock }),
    attempts,
    inbox,
    replyInbox,
    reasons,
    requests,
    deletionRequest,
    canaries,
  }
}

/**
 * Opens the store. On one machine it is used as it is; a shared one through the view that shows
 * what was stored today, with a nightly move that one worker does.
 */
async function openShared(
  { settings, clock, producer }: WorkerOptions & { clock: SteadyClock; producer: Redis },
  ledger: Ledger,
): Promise<Pick<Vault, 'store' | 'notes' | 'once' | 'isShared' | 'moveByNight' | 'sharedReplies'>> {
  const store = await openStore({ settings, instance, clock })
  const notes = openNotes(store, settings.dataDir)
  if (!isShared(store)) {
    const once = onceForAll({ chosen: settings.chores ?? true, lease: null })
    return {
      store,
      notes,
      once,
      isShared: false,
      moveByNight: () => Promise.resolve(0),
      sharedReplies: null,
    }
  }
  if (settings.chores === null && store.traits()?.hasConditions === false)
    throw new StoreError(
      'UNFIT',
      'the S3 store ignores conditions on PUT, so the workers cannot agree on one of them: set TUMEN_CHORES=yes on one machine and TUMEN_CHORES=no on the others',
    )
  const monotonicMs = (): number => performance.now()
  const lease =
    settings.chores === null
      ? createLease({ bucket: store.bucket, holder: instance, monotonicMs })
      : null
  const once = onceForAll({ chosen: settings.chores, lease })
  const stored: StoredToday = withLedger(ledger, createStoredSet(producer))
  return {
    store: createDayView(store, stored),
    notes,
    once,
    isShared: true,
    moveByNight: createNightlyMove({
      store,
      stored,
      clock,
      mayMove: once.isMine,
      rest: (midnight) => restEarlierDays({ bucket: store.bucket, midnight, mayGoOn: once.isMine }),
    }),
    sharedReplies: openSharedFolder(store.bucket, repliesFolder),
  }
}

interface RoundsOptions extends WorkerOptions, Vault {
  clock: SteadyClock
  handler: StoreHandler
  producer: Redis
  queue: StoreQueue
  forgetter: Pick<Forgetter, 'forget'>
  isStopping: () => boolean
}

function startWorkerRounds(options: RoundsOptions): { stop: () => Promise<void> } {
  const { settings, log, clock, producer, forgetter } = options
  const sweep = createSweep(options)
  const removeCanaries = createCanaryRemoval({
    ...options,
    proof: options.canaries,
    silentDays: settings.silentDays,
  })
  const reconciling = createDaily(clock)
  const deleteExpired = createRetention({
    ...options,
    retentionDays: settings.retentionDays,
    isClockSettled: clock.isSettled,
  })
  const verify = createAcknowledgementVerifier({ keysDir: settings.keysDir, clock })
  const takeInReplies = createReplyIntake({
    ...options,
    dataDir: settings.dataDir,
    keysDir: settings.keysDir,
    loadKeyring: () => loadKeyringOrWait(settings.keysDir),
  })
  const { sharedReplies: shared } = options
  const shareReplies =
    shared === null
      ? (): Promise<void> => Promise.resolve()
      : createReplySharing({
          shared,
          folder: join(settings.dataDir, repliesFolder),
          keyring: () => loadKeyringOrWait(settings.keysDir),
          clock,
          monotonicMs: () => performance.now(),
          isMine: options.once.isMine,
        })
  const count = async (sums: { refused: number; unknown: number }): Promise<void> => {
    await countRefusedAcknowledgements(producer, sums.refused)
    await countUnknownAcknowledged(producer, sums.unknown)
  }
  // A mark that cannot be written must not prevent acknowledged envelopes from being collected.
  const mark = (): Promise<void> =>
    writeMark('acknowledged', {
      dataDir: settings.dataDir,
      clock,
      stepMinutes: settings.metricsStepMinutes,
    }).catch(() => {})
  return startRounds({
    intervalMs: settings.sweepSeconds * 1000,
    work: () =>
      runChores({
        ...options,
        deleteExpired,
        isMine: options.once.isMine,
        isLedgerDue: () => options.isShared && reconciling.isDue(),
        onLedgerDone: reconciling.done,
        sweep,
        sweepMs: settings.sweepSeconds * 1000,
        verify,
        takeInReplies,
        shareReplies,
        readChain: () => (options.isShared ? options.dailyChain.look() : Promise.resolve()),
        count,
        mark,
        forget: forgetter.forget,
        removeCanaries,
      }),
    onError: (error) => log.state('a round', `a round failed: ${explain(error)}`),
  })
}

async function readyWithin(redis: Redis, ms: number): Promise<void> {
  if (redis.status === 'ready') return
  await once(redis, 'ready', { signal: AbortSignal.timeout(ms) }).catch(() => {})
}
