import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { once } from 'node:events'
import type { Redis } from 'ioredis'
import { SettingsError, loadSettings } from '../../config/settings.ts'
import type { Settings } from '../../config/settings.ts'
import { TokenFileError, readTokenFile } from '../../config/token-file.ts'
import { CanaryNotes } from '../canary/notes.ts'
import { QueueError } from '../queue/errors.ts'
import { connectProducer, privateRedisUrl } from '../queue/redis.ts'
import { openStoreQueue } from '../queue/store-queue.ts'
import { systemClock } from '../store/clock.ts'
import { isDraining } from '../store/drain-marker.ts'
import { openFsStore } from '../store/fs-store.ts'
import { onSupervisorGone } from '../supervise/child.ts'
import { createOpsApp } from './app.ts'
import { startCanaryFromSettings } from './canary/from-settings.ts'
import { hideFromQueue, hideFromStore } from './canary/hide.ts'
import { createStepped, runSteps } from './coarsen.ts'
import { addProblems } from './extra-problems.ts'
import { keepHistory } from './dashboard/keep-history.ts'
import { readFigures } from './figures.ts'
import { checkHealth, shareLooks } from './health.ts'
import { createLedgerCheck } from './ledger-check.ts'
import { OpsError, listenForOps } from './listen.ts'
import { startNotifyFromSettings } from './notify/from-settings.ts'
import { makeNote } from './notify/note.ts'
import { publishJobs } from './queues/published.ts'
import { createSpoolAge } from './spool-age.ts'

/** Wrong configuration: starting again would not help. */
const refusedStatus = 2

/** The first figures wait this long for Redis; without it they lack the queue until the next step. */
const firstConnectMs = 3_000

/** A vault of a million envelopes takes long to list; health must not wait for it. */
const firstFiguresMs = 1_000

/** A note waits this long for figures of its own boundary; without them it has those before. */
const noteFiguresMs = 5_000

/** Health is looked at anew at most this often. */
const lookMs = 250

async function serve(settings: Settings): Promise<void> {
  const clock = systemClock
  const token = settings.opsTokenFile === null ? null : readTokenFile(settings.opsTokenFile)
  const { dataDir, keysDir, reserveBytes, metricsStepMinutes: stepMinutes } = settings
  const redis = connectProducer(settings.redisUrl ?? privateRedisUrl(dataDir))
  const queue = openStoreQueue(redis)
  const store = await openFsStore({ dir: dataDir, instance: `ops-${randomUUID().slice(0, 8)}`, reserveBytes, clock })
  const spoolAge = createSpoolAge()
  const notes = new CanaryNotes(dataDir)
  const counted = { store: hideFromStore(store, notes), queue: hideFromQueue(queue, notes) }
  const stepped = createStepped({ clock, stepMinutes, read: () => readFigures({ ...counted, redis, spoolAge, stepMinutes }) })
  const jobs = createStepped({ clock, stepMinutes, read: () => queue.troubled().then(publishJobs, () => null) })
  await untilConnected(redis)
  await Promise.race([Promise.all([stepped.tick(), jobs.tick()]), sleep(firstFiguresMs)])
  const steps = [runSteps(stepped, clock, stepMinutes), runSteps(jobs, clock, stepMinutes)]
  const sources = {
    redis, store, keysDir, clock, stepMinutes, figures: stepped.value, ledger: createLedgerCheck(join(dataDir, 'ledger.jsonl')),
    isDraining: () => isDraining(dataDir),
  }
  const canary = await startCanaryFromSettings(settings, { store, notes, clock })
  const look = shareLooks(async () => addProblems(await checkHealth(sources), [
    canary.status().state === 'failed' ? 'CANARY_BLOCKED' : null, notify.hasFailed() ? 'NOTIFY_FAILED' : null,
  ]), lookMs)
  const notify = startNotifyFromSettings(settings, {
    clock,
    async read(at) {
      await Promise.race([stepped.tick(), sleep(noteFiguresMs)])
      return makeNote(await look(), stepped.value(), at)
    },
  })
  const past = keepHistory({ clock, stepMinutes, look, figures: stepped.value })
  const app = createOpsApp({
    listen: settings.opsListen, token, stepMinutes, figures: stepped.value, checkHealth: look, history: past.history, jobs: jobs.value, now: clock.now,
  })
  const server = await listenForOps(app, settings.opsListen)
  onceToldToStop(() => {
    for (const step of steps) step.stop()
    past.stop()
    notify.stop()
    // Not waited for: whatever it is at, the next start knows it by its note.
    void canary.stop()
    server.close(() => process.exit(0))
    server.closeAllConnections()
  })
  process.send?.({ ready: true })
}

async function untilConnected(redis: Redis): Promise<void> {
  if (redis.status === 'ready') return
  await Promise.race([once(redis, 'ready').catch(() => undefined), sleep(firstConnectMs)])
}

function onceToldToStop(stop: () => void): void {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, stop)
  onSupervisorGone(stop)
}

try {
  await serve(loadSettings(process.env))
} catch (error) {
  const isConfiguration = error instanceof SettingsError || error instanceof OpsError || error instanceof TokenFileError || error instanceof QueueError
  process.stderr.write(`ops: ${error instanceof Error ? error.message : 'could not start'}\n`)
  process.exit(isConfiguration ? refusedStatus : 1)
}
