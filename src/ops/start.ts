import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Express } from 'express'
import type { Redis } from 'ioredis'
import { isPublic } from '../../config/public-address.ts'
import { redisUrlOf } from '../../config/private-redis.ts'
import type { Settings } from '../../config/settings.ts'
import { openNotes } from '../canary/bucket-notes.ts'
import type { CanaryNotes } from '../canary/notes.ts'
import { readHeartbeats } from '../queue/heartbeat.ts'
import { connectObserver } from '../queue/redis.ts'
import { readFailover } from '../queue/failover.ts'
import { createStoredSet } from '../queue/stored-today.ts'
import { openStoreQueue } from '../queue/store-queue.ts'
import type { BlobStore } from '../store/blob-store.ts'
import type { Clock } from '../time/clock.ts'
import { isDraining } from '../store/drain-marker.ts'
import { createDayView } from '../store/day-view.ts'
import { isShared, openStore } from '../store/open-store.ts'
import type { Statfs } from '../store/space.ts'
import { watchBucket } from './bucket-watch.ts'
import { createOpsApp } from './app.ts'
import { hideFromQueue, hideFromStore } from './canary/hide.ts'
import type { RunningCanary } from './canary/start.ts'
import { createClockWatch } from './clock-watch.ts'
import { createStepped, runSteps } from './coarsen.ts'
import { keepHistory } from './dashboard/keep-history.ts'
import { type FigureSources, type Figures, largeFolder, readFigures } from './figures.ts'
import { type Health, checkHealth, shareLooks } from './health.ts'
import { createLedgerCheck } from '../ledger/follow.ts'
import { createHoldings } from '../ledger/holdings.ts'
import { type Note, makeNote } from './notify/note.ts'
import type { RunningNotify } from './notify/start.ts'
import type { RunningOnion } from './onion/start.ts'
import { publishJobs } from './queues/published.ts'
import { redisCliOf } from './redis-cli.ts'
import { watchFailover } from './failover-watch.ts'
import { createMachinesWatch } from './machines-watch.ts'
import { createPresence } from './presence.ts'
import { createQueueWatch } from './queue-watch.ts'
import { createSpoolAge } from './spool-age.ts'
import { createStandstill } from './standstill.ts'
import { createVaultCheck } from './vault-check.ts'

/**
 * The first figures wait this long for Redis. Without it the queue's figures are missing until the
 * next step.
 */
const firstConnectMs = 3_000

/** Listing a vault of a million envelopes takes long, and health must not wait for it. */
const firstFiguresMs = 1_000

/** A note waits this long for the figures of its own boundary, then uses the previous ones. */
const noteFiguresMs = 5_000

/** Health is checked at most this often. */
const lookMs = 250

/**
 * Heartbeats are read this often, so that a single look after Redis was emptied causes no false
 * alarm.
 */
const presenceMs = 2000

/** After this long without a change, an upload or spool entry is reported. */
const longMinutes = 60

export interface OpsOptions {
  settings: Settings
  clock: Clock
  /**
   * The token that requests must carry; null if none is required, which the settings allow only on
   * loopback and unix sockets.
   */
  token?: string | null
  /** For tests, which cannot wait for minutes; the default comes from the settings. */
  stepMinutes?: number
  longMinutes?: number
  lookMs?: number
  historyLookMs?: number
  /**
   * Further values that a test must control: the use of the machine's disk, the speed of Redis, and
   * the monotonic time that `clock` is compared with.
   */
  seams?: Pick<FigureSources, 'usedRatio' | 'redisFigures'> & {
    statfs?: Statfs
    monotonicMs?: () => number
  }
  /**
   * Functions that start canaries, probes of the onion and notes to staff; each feature is off if
   * its function is missing.
   */
  startCanary?: (parts: {
    store: BlobStore
    notes: CanaryNotes
    onAnswer: () => void
  }) => Promise<RunningCanary>
  startOnion?: (isIntakeUp: () => Promise<boolean>) => RunningOnion | null
  startNotify?: (read: (at: Date) => Promise<Note>) => RunningNotify
}

/** Everything that ops knows, for listeners and notes. */
export interface Ops {
  app: Express
  checkHealth: () => Promise<Health>
  figures: () => Figures | null
  /** Reads the figures again if a boundary has passed. A timer calls this as well. */
  tick(): Promise<void>
  stop: () => void
}

export async function startOps(options: OpsOptions): Promise<Ops> {
  const {
    settings,
    clock,
    stepMinutes = settings.metricsStepMinutes,
    seams: { statfs, monotonicMs = () => performance.now(), ...figureSeams } = {},
  } = options
  const { dataDir, keysDir } = settings
  const long = options.longMinutes ?? longMinutes
  const redisUrl = redisUrlOf(settings)
  const redis = connectObserver(redisUrl)
  const queue = openStoreQueue(redis)
  const opened = await openStore({
    settings,
    instance: `ops-${randomUUID().slice(0, 8)}`,
    clock,
    isProbed: false,
    ...(statfs && { statfs }),
  })
  const store = isShared(opened) ? createDayView(opened, createStoredSet(redis)) : opened
  const bucket = isShared(opened) ? watchBucket(opened) : null
  const machines = createMachinesWatch({
    clock,
    stepMinutes,
    monotonicMs: () => performance.now(),
  })
  const failover = bucket && watchFailover(() => readFailover(redisUrl, redis))
  const notes = openNotes(opened, dataDir)
  // Published counts contain tips only, no canaries.
  const shownStore = hideFromStore(store, notes)
  const ledger = createLedgerCheck(join(dataDir, 'ledger.jsonl'))
  const sources: FigureSources = {
    store: shownStore,
    queue: hideFromQueue(queue, notes),
    dataDir,
    keysDir,
    freeInodes: async () => opened.space.freeFiles(),
    redis,
    clock,
    stepMinutes,
    longMinutes: long,
    ledger,
    holdings: createHoldings(join(dataDir, 'ledger.jsonl'), ledger),
    vaultCheck: isShared(opened)
      ? null
      : createVaultCheck({ store, withoutCanaries: shownStore }, largeFolder),
    spoolAge: createSpoolAge(),
    queueAge: createSpoolAge(),
    queueWatch: createQueueWatch(),
    orphans: createStandstill(),
    uploads: createStandstill(),
    ...figureSeams,
  }
  const clockWatch = createClockWatch({
    wallMs: () => clock.now().getTime(),
    monotonicMs,
  })
  const presence = createPresence({
    read: () => readHeartbeats(redis),
    monotonicMs: () => performance.now(),
  })
  const lookAround = (): void =>
    void presence.heartbeats().then(
      (heartbeats) => machines.look(heartbeats),
      () => {
        // While Redis does not answer, nothing is known of the machines.
      },
    )
  const presenceTimer = setInterval(lookAround, presenceMs)
  presenceTimer.unref()
  const stepped = createStepped({ clock, stepMinutes, read: () => readFigures(sources) })
  const jobs = createStepped({
    clock,
    stepMinutes,
    read: () => queue.failedJobs().then(publishJobs, () => null),
  })
  const tick = async (): Promise<void> => void (await Promise.all([stepped.tick(), jobs.tick()]))
  await untilConnected(redis)
  await Promise.race([tick(), sleep(firstFiguresMs)])
  const steps = [runSteps(stepped, clock, stepMinutes), runSteps(jobs, clock, stepMinutes)]
  const onion: RunningOnion | null =
    options.startOnion?.(
      async () => !isDraining(dataDir) && ((await health()).processes?.intake ?? 0) > 0,
    ) ?? null
  const canary = await options.startCanary?.({ store, notes, onAnswer: () => onion?.proved() })
  let notify: RunningNotify | null = null
  const health = shareLooks(
    () =>
      checkHealth({
        redis,
        redisCli: redisCliOf(redisUrl),
        store,
        ...(bucket !== null && {
          several: () => ({
            store: bucket.state(),
            machines: machines.state(),
            failover: failover?.state() ?? null,
          }),
        }),
        keysDir,
        isPublic: isPublic(settings),
        clock,
        clockWatch,
        presence,
        stepMinutes,
        longMinutes: long,
        figures: stepped.value,
        isDraining: () => isDraining(dataDir),
        // While the intake is closed on purpose, its refusal is not a problem.
        canary: () => (isDraining(dataDir) ? null : (canary?.status() ?? null)),
        onion: () => onion?.status() ?? null,
        hasNotifyFailed: () => notify?.hasFailed() ?? false,
      }),
    options.lookMs ?? lookMs,
  )
  notify =
    options.startNotify?.(async (at) => {
      await Promise.race([stepped.tick(), sleep(noteFiguresMs)])
      return makeNote(await health(), stepped.value(), at)
    }) ?? null
  const past = keepHistory({
    clock,
    stepMinutes,
    look: health,
    figures: stepped.value,
    ...(options.historyLookMs !== undefined && { lookMs: options.historyLookMs }),
  })
  return {
    app: createOpsApp({
      listen: settings.opsListen,
      token: options.token ?? null,
      stepMinutes,
      figures: stepped.value,
      checkHealth: health,
      history: past.history,
      jobs: jobs.value,
      now: clock.now,
    }),
    checkHealth: health,
    figures: stepped.value,
    tick: async () => {
      await tick()
      await past.note()
    },
    stop() {
      clearInterval(presenceTimer)
      bucket?.stop()
      failover?.stop()
      for (const step of steps) step.stop()
      past.stop()
      notify?.stop()
      onion?.stop()
      void sources.vaultCheck?.close()
      // Not awaited: the note of an unfinished canary lets the next start clean it up.
      void canary?.stop()
      redis.disconnect()
    },
  }
}

async function untilConnected(redis: Redis): Promise<void> {
  if (redis.status === 'ready') return
  await Promise.race([once(redis, 'ready').catch(() => undefined), sleep(firstConnectMs)])
}
