import { randomUUID } from 'node:crypto'
import type { Server } from 'node:http'
import type { Server as NetServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import type { Redis } from 'ioredis'
import { redisUrlOf } from '../../config/private-redis.ts'
import { loadSettings, type Settings, SettingsError } from '../../config/settings.ts'
import { EnvelopeWalker } from '../age/walk.ts'
import { KeyringError } from '../keyring/errors.ts'
import { loadKeyringToStart } from '../keyring/load.ts'
import { loadOrganisation } from '../keyring/load-organisation.ts'
import { repliesFolder } from '../reply-store/layout.ts'
import { countOldKeyring } from '../queue/counters.ts'
import { createGauges } from '../queue/gauges.ts'
import { QueueError } from '../queue/errors.ts'
import { startHeartbeat } from '../queue/heartbeat.ts'
import { noteCrowded } from '../queue/pressure.ts'
import { connectProducer } from '../queue/redis.ts'
import { openStoreQueue } from '../queue/store-queue.ts'
import { rememberFolder } from '../disk/same-folder.ts'
import { readRandomSecretFile, SecretFileError } from '../disk/secret-file.ts'
import { systemClock } from '../time/clock.ts'
import { startSteadyClock } from '../time/steady-clock.ts'
import { dayOfInstant } from '../time/day.ts'
import { isDraining as isMarked } from '../store/drain-marker.ts'
import { StoreError } from '../store/errors.ts'
import { createDayView } from '../store/day-view.ts'
import { isShared, openStore } from '../store/open-store.ts'
import { openSharedFolder } from '../store/s3-folder.ts'
import { createRedeemedProofs } from '../queue/redeemed-proofs.ts'
import { createStoredSet } from '../queue/stored-today.ts'
import { createApp } from './app.ts'
import { drainServers } from './drain.ts'
import { Fairness } from './fairness/fairness.ts'
import { sharedProofKeys } from './fairness/proof-keys.ts'
import type { ProofsOfWorkOptions } from './fairness/proofs-of-work.ts'
import { letHeapGrow } from './heap-growth.ts'
import { createForeignHostWatch } from './foreign-host.ts'
import { createIntakeServer } from './http-server.ts'
import { createKeyringSource } from './keyring-source.ts'
import { ListenError, listenOn } from './listen.ts'
import { loadPageAssets, PageError } from './page-assets.ts'
import { fitToOpenFiles, readMaxOpenFiles } from './open-files.ts'
import { createProxyLineServer } from './proxy-line.ts'
import { loadReplyFiles } from './replies/load.ts'
import { ReplyShelf } from './replies/shelf.ts'
import { SpaceState } from './space-state.ts'
import { openUploads } from './uploads/uploads.ts'

/** The configuration is wrong, so another start would fail too. */
const EXIT_CONFIGURATION = 2

/** Output folder of `npm run build` for the page. */
const PAGE_DIR = fileURLToPath(new URL('../../dist/page', import.meta.url))

const HEARTBEAT_MS = 5_000

/** Time for open uploads to finish. A client that has no receipt by then sends its tip again. */
const DRAIN_MS = 20_000

/**
 * Longer than it takes for a slot to become free in a crowd of a thousand, and shorter than clients
 * wait.
 */
const SLOT_WAIT_MS = 30_000

const PRESSURE_MS = 60_000

/**
 * How often whole uploads without a receipt are finished and expired ones are removed (they expire
 * at midnight).
 */
const UPLOAD_SWEEP_MS = 10 * 60_000

/** How often a new step of the clock is looked for and silent uploads are removed. */
const LOOK_MS = 15_000

async function serve(settings: Settings): Promise<void> {
  const instance = `intake-${randomUUID().slice(0, 8)}`
  // The days of records and of expiring uploads must not follow a clock that is briefly wrong.
  const clock = startSteadyClock()
  const { loaded, closed } = await loadKeyringToStart({
    dir: settings.keysDir,
    day: dayOfInstant(systemClock.now()),
  })
  if (closed !== null) process.stderr.write(`intake: closed for now: ${closed.message}\n`)
  // The page can do without it: a description that nobody signed must not close the intake.
  const organisation = await loadOrganisation(settings.keysDir).catch((error: unknown) => {
    if (!(error instanceof KeyringError)) throw error
    process.stderr.write(`intake: organisation.json is not used: ${error.message}\n`)
    return null
  })
  const spool = await openStore({ settings, instance, clock })
  const redis = connectProducer(redisUrlOf(settings))
  const queue = openStoreQueue(redis)
  const counters = { countOldKeyring: () => void countOldKeyring(redis) }
  const proofs = sharedProofs(settings, redis)
  const fairness = new Fairness(
    { ...fitToDescriptors(settings), waitMs: SLOT_WAIT_MS },
    proofs === null ? {} : { proofs },
  )
  const space = new SpaceState({
    ...settings,
    stepMinutes: settings.metricsStepMinutes,
    freeBytes: () => spool.space.freeBytes(),
    clock,
  })
  const uploads = await openUploads({
    ...settings,
    space,
    dir: settings.dataDir,
    store: spool,
    queue,
    clock,
    counters,
    createWalker: () => new EnvelopeWalker(),
  })
  const replies = new ReplyShelf({
    load: (day) =>
      loadReplyFiles(
        {
          dataDir: settings.dataDir,
          shared: isShared(spool) ? openSharedFolder(spool.bucket, repliesFolder) : null,
        },
        { keyring: loaded.keyring, day },
      ),
    clock,
    stepMinutes: settings.metricsStepMinutes,
  })
  await replies.look()
  const foreignHost = createForeignHostWatch()
  const app = createApp({
    ...(loaded.keyring.demo && { watch: foreignHost.look }),
    spool: isShared(spool) ? createDayView(spool, createStoredSet(redis)) : spool,
    space,
    uploads,
    replies,
    queue,
    clock,
    // The plain system clock decides whether the intake is closed: a wrong clock loses nothing
    // here.
    keyring: createKeyringSource({ loaded, organisation, clock: systemClock }),
    page: loadPageAssets(PAGE_DIR),
    limits: { maxBytes: settings.maxBytes, retentionDays: settings.retentionDays },
    fairness,
    counters,
    isDraining: () => isMarked(settings.dataDir),
  })
  const servers = await openListeners(
    createIntakeServer(app, { ...settings, fairness }),
    settings,
    fairness,
  )
  void uploads.sweep()
  const sweeping = setInterval(() => void uploads.sweep(), UPLOAD_SWEEP_MS)
  const looking = setInterval(() => {
    space.look()
    void replies.look()
    void uploads.removeSilent()
  }, LOOK_MS)
  const noting = setInterval(
    () => fairness.pressure.level === 'crowded' && void noteCrowded(redis),
    PRESSURE_MS,
  )
  let isDraining = false
  const heartbeat = startHeartbeat({
    redis,
    role: 'intake',
    instance,
    isDraining: () => isDraining,
    isInPlace: rememberFolder(settings.dataDir),
    isExposed: foreignHost.hasSeen,
    intervalMs: HEARTBEAT_MS,
    gauges: createGauges({ clock, stepMinutes: settings.metricsStepMinutes }),
  })
  const stop = async (): Promise<void> => {
    if (isDraining) return
    isDraining = true
    heartbeat.now()
    clearInterval(sweeping)
    clearInterval(noting)
    clearInterval(looking)
    fairness.connections.dropWaiting()
    // a resumable upload continues after the restart, so nothing waits for its end
    await Promise.all([drainServers({ ...servers, boundMs: DRAIN_MS }), uploads.close()])
    heartbeat.stop()
    await queue.close().catch(() => {})
    redis.disconnect()
    process.exit(0)
  }
  for (const event of ['SIGTERM', 'SIGINT', 'disconnect']) process.on(event, () => void stop())
  process.send?.({ ready: true })
}

/** Says so if fewer connections fit than the settings allow. */
function fitToDescriptors(settings: Settings): Settings & { maxWaiting: number } {
  const maxOpenFiles = readMaxOpenFiles()
  const fitted = fitToOpenFiles(settings, maxOpenFiles)
  if (fitted.maxConnections < settings.maxConnections)
    process.stderr.write(
      `intake: TUMEN_MAX_CONNECTIONS is ${settings.maxConnections}, but this process may only open ${maxOpenFiles} files: ${fitted.maxConnections} connections are served at a time. Raise the limit (LimitNOFILE, ulimit -n)\n`,
    )
  return fitted
}

/**
 * The proofs of work of all intakes with the same shared key; null if there is none. The keys
 * follow from the time of day.
 */
function sharedProofs({ sharedKeyFile }: Settings, redis: Redis): ProofsOfWorkOptions | null {
  if (sharedKeyFile === null) return null
  const key = readRandomSecretFile('TUMEN_SHARED_KEY_FILE', sharedKeyFile)
  const nowMs = (): number => systemClock.now().getTime()
  return { nowMs, keys: sharedProofKeys(key), redeemed: createRedeemedProofs(redis) }
}

/** Opens the public listener and tor's socket, if there is one. Both use the same HTTP server. */
async function openListeners(
  http: Server,
  settings: Settings,
  { circuits }: Fairness,
): Promise<{ http: Server; others: NetServer[] }> {
  await listenOn(http, settings.listen, 'TUMEN_LISTEN')
  if (settings.onionSocket === null) return { http, others: [] }
  const onion = createProxyLineServer({
    accept: (socket, source) => {
      circuits.bind(socket, source)
      http.emit('connection', socket)
    },
    maxConnections: http.maxConnections,
  })
  await listenOn(onion, { path: settings.onionSocket }, 'TUMEN_ONION_SOCKET')
  return { http, others: [onion] }
}

/**
 * Prints one line for an error that the operator can correct, and the stack for any other, which is
 * a bug. Returns the exit code.
 */
function explain(error: unknown): number {
  const isKnown =
    error instanceof SettingsError ||
    error instanceof KeyringError ||
    error instanceof ListenError ||
    error instanceof PageError ||
    error instanceof QueueError ||
    error instanceof SecretFileError
  if (isKnown || error instanceof StoreError) {
    process.stderr.write(`intake: ${error.message}\n`)
    return error instanceof StoreError && !['IN_USE', 'TOO_NEW', 'UNFIT'].includes(error.code)
      ? 1
      : EXIT_CONFIGURATION
  }
  process.stderr.write(
    `intake: cannot start: ${error instanceof Error ? error.stack : String(error)}\n`,
  )
  return 1
}

letHeapGrow()
try {
  await serve(loadSettings(process.env))
} catch (error) {
  process.exit(explain(error))
}
