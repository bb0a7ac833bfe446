import type { BucketState } from './bucket-watch.ts'
import type { Redis } from 'ioredis'
import type { Failover } from '../queue/failover.ts'
import { type Heartbeat, readHeartbeats } from '../queue/heartbeat.ts'
import type { BlobStore } from '../store/blob-store.ts'
import { StoreError } from '../store/errors.ts'
import type { Clock } from '../time/clock.ts'
import type { ClockWatch } from './clock-watch.ts'
import type { Figures } from './figures.ts'
import { type KeyringState, checkKeyring, keyringProblems } from './keyring-state.ts'
import type { Machines } from './machines-watch.ts'
import { organisationProblem } from './organisation-state.ts'
import type { Presence } from './presence.ts'
import { problem } from './problems.ts'
import type { Problem, ProblemCode } from './problems.ts'
import { oldIndexDays } from './replies-state.ts'
import { type RedisNow, lookAtRedis } from './redis-state.ts'

/** What ops knows about its last canary: bands and a state, never a time. */
export interface CanaryStatus {
  /**
   * `ok`: the last one arrived. `late`: it has not arrived in time. `failed`: it could not be sent,
   * or ops no longer waits for it. `off`: no canaries are sent.
   */
  state: 'ok' | 'late' | 'failed' | 'off'
  /** Canaries that were sent and have not arrived. */
  undelivered: number
  /**
   * Time from sending to the vault in bands, such as `under 1 min`; null before the first arrival.
   */
  latencyBand: string | null
}

/** What probes show about the onion. Contains no times, and nothing about other visitors. */
export interface OnionStatus {
  /** `unknown`: there was no probe yet, or no intake is running. */
  state: 'unknown' | 'reachable' | 'unreachable' | 'tor down'
  /** How often ops asked for a restart of tor since ops started. */
  restarts: number
}

/** The current state, which no tip influences. With `Figures` it is everything that ops knows. */
export interface Health {
  isReady: boolean
  problems: Problem[]
  isRedisUp: boolean
  /** Null when Redis does not answer. */
  redis: RedisNow | null
  /** Processes that run and are not shutting down; null while Redis does not answer. */
  processes: { intake: number; worker: number } | null
  /** Processes that are shutting down. */
  draining: { intake: number; worker: number } | null
  keyringState: KeyringState
  /** 0 on the last valid day; null without a valid keyring. */
  keyringDaysLeft: number | null
  /** Null when no canary runs. */
  canary: CanaryStatus | null
  /** Null when ops knows of no onion. */
  onion: OnionStatus | null
  /** Null on one machine. */
  several: Several | null
}

/** What there is only where several machines share a store. */
export interface Several {
  store: BucketState
  machines: Machines
  /** Null for one Redis alone. */
  failover: Failover | null
}

export interface HealthSources {
  redis: Redis
  store: BlobStore
  /** The `redis-cli` command that reaches this Redis, for the advice of problems. */
  redisCli?: string
  keysDir: string
  /** Whether strangers can reach the page, through an onion or a public address. */
  isPublic: boolean
  clock: Clock
  /** Whether `tumen drain` closed the intake. */
  isDraining: () => boolean
  clockWatch: ClockWatch
  /**
   * Remembers recent heartbeats. Without it, health is judged only by the heartbeats found at that
   * moment.
   */
  presence?: Presence
  canary?: () => CanaryStatus | null
  onion?: () => OnionStatus | null
  /** Set for a store that several machines share. */
  several?: () => Several
  /** Whether a channel failed to accept the last note to staff. */
  hasNotifyFailed?: () => boolean
  /** The published figures. Problems that arriving tips can cause must not be finer than these. */
  figures: () => Figures | null
  stepMinutes: number
  longMinutes: number
}

/** Smaller than any text-only tip, which has 64 KiB of padding and a header. */
const smallestTipBytes = 128 * 1024
const nearlyFullRatio = 0.95
const highMemoryRatio = 0.8

const roles = ['intake', 'worker'] as const
type Role = (typeof roles)[number]

/** Checks everything now. Never rejects. */
export async function checkHealth(sources: HealthSources): Promise<Health> {
  const { redis, store, canary: readCanary, onion: readOnion } = sources
  const [heartbeats, redisNow, keyring, organisationCode, foundCode] = await Promise.all([
    (sources.presence?.heartbeats() ?? readHeartbeats(redis)).catch(() => null),
    lookAtRedis(redis).catch(() => null),
    checkKeyring(sources),
    organisationProblem(sources.keysDir),
    checkStore(store),
  ])
  // If Redis refuses writes, processes cannot write heartbeats, so a missing one proves nothing.
  const beating = redisNow?.isWritable === true ? heartbeats : null
  const isRedisUp = redisNow !== null && heartbeats !== null
  const canary = readCanary?.() ?? null
  const onion = readOnion?.() ?? null
  const several = sources.several?.() ?? null
  const storeCode = isAnyMisplaced(heartbeats) ? ('DATA_DIR_REPLACED' as const) : foundCode
  const codes = [
    ...redisCodes(isRedisUp ? redisNow : null),
    ...processCodes(beating),
    // Several intakes and workers are normal on a shared store.
    ...(several === null && beating !== null ? sideBySideCodes(sources.presence) : []),
    sources.isDraining() ? ('DRAINING' as const) : null,
    keyringProblems[keyring.state],
    keyring.isDemo && (sources.isPublic || isAnyExposed(heartbeats))
      ? ('KEYRING_DEMO' as const)
      : null,
    keyring.state === 'invalid' ? null : organisationCode,
    storeCode,
    ...severalCodes(several),
    sources.clockWatch.hasMoved() ? ('CLOCK_MOVED' as const) : null,
    onionCode(onion),
    canaryCode(canary),
    sources.hasNotifyFailed?.() === true ? ('NOTIFY_FAILED' as const) : null,
    ...figureCodes(sources, {
      isDiskReported: storeCode !== null,
      isStoreReported: storeCode !== null || several?.store.isUp === false,
      hasWorker: beating !== null && countUp(beating, 'worker') > 0,
    }),
  ].filter((code) => code !== null)
  const problems = codes.map((code) => problem(code, sources.redisCli))
  return {
    isReady: problems.every(({ severity }) => severity !== 'error'),
    problems,
    isRedisUp,
    redis: redisNow,
    processes: beating && {
      intake: countUp(beating, 'intake'),
      worker: countUp(beating, 'worker'),
    },
    draining: beating && {
      intake: countDraining(beating, 'intake'),
      worker: countDraining(beating, 'worker'),
    },
    keyringState: keyring.state,
    keyringDaysLeft: keyring.daysLeft,
    canary,
    onion,
    several,
  }
}

function redisCodes(redis: RedisNow | null): ProblemCode[] {
  if (redis === null) return ['REDIS_UNREACHABLE']
  const codes: ProblemCode[] = []
  if (!redis.isAppendLogWritten) codes.push('REDIS_AOF_BROKEN')
  else if (redis.isMemoryFull) codes.push('REDIS_MEMORY_FULL')
  else if (!redis.isWritable) codes.push('REDIS_READ_ONLY')
  if (!redis.hasAppendLog) codes.push('REDIS_AOF_OFF')
  if (!redis.isEvictionOff) codes.push('REDIS_POLICY_WRONG')
  return codes
}

function processCodes(heartbeats: Heartbeat[] | null): ProblemCode[] {
  if (heartbeats === null) return []
  return roles.flatMap((role) => {
    if (countUp(heartbeats, role) > 0) return []
    return countDraining(heartbeats, role) > 0 ? [drainingCodes[role]] : [missingCodes[role]]
  })
}

const twinCodes: Record<Role, ProblemCode> = {
  intake: 'SEVERAL_INTAKES',
  worker: 'SEVERAL_WORKERS',
}

function sideBySideCodes(presence: Presence | undefined): ProblemCode[] {
  return roles.flatMap((role) => ((presence?.sideBySide(role) ?? 0) > 1 ? [twinCodes[role]] : []))
}

const missingCodes: Record<Role, ProblemCode> = {
  intake: 'INTAKE_MISSING',
  worker: 'WORKER_MISSING',
}
const drainingCodes: Record<Role, ProblemCode> = {
  intake: 'INTAKE_DRAINING',
  worker: 'WORKER_DRAINING',
}

function countUp(heartbeats: Heartbeat[], role: Role): number {
  return heartbeats.filter((heartbeat) => heartbeat.role === role && !heartbeat.draining).length
}

function countDraining(heartbeats: Heartbeat[], role: Role): number {
  return heartbeats.filter((heartbeat) => heartbeat.role === role && heartbeat.draining).length
}

/**
 * Checks the store now instead of at the last step: public answers of the intake already show when
 * it starts to refuse tips.
 */
async function checkStore(store: BlobStore): Promise<ProblemCode | null> {
  try {
    return (await store.freeBytes()) < smallestTipBytes ? 'DISK_FULL' : null
  } catch (error) {
    const isReplaced = error instanceof StoreError && error.code === 'REPLACED'
    return isReplaced ? 'DATA_DIR_REPLACED' : 'STORE_UNREADABLE'
  }
}

/** Whether a process says that the data folder is no longer the one that it opened. */
function isAnyMisplaced(heartbeats: readonly Heartbeat[] | null): boolean {
  return heartbeats?.some(({ misplaced }) => misplaced === true) === true
}

/** Whether an intake with a demo keyring was asked under a foreign name. */
function isAnyExposed(heartbeats: readonly Heartbeat[] | null): boolean {
  return heartbeats?.some(({ exposed }) => exposed === true) === true
}

function severalCodes(several: Several | null): ProblemCode[] {
  if (several === null) return []
  const { store, machines, failover } = several
  const codes: Array<[ProblemCode, boolean]> = [
    ['STORE_DOWN', !store.isUp],
    ['STORE_FULL', store.isUp && store.isFull],
    ['SUSPECT_OBJECTS', store.suspects > 0],
    ['REDIS_NO_FAILOVER', failover?.isReady === false],
    ['MACHINE_MISSING', machines.missing > 0],
    ['CHORES_NOBODY', machines.trouble === 'nobody'],
    ['CHORES_TWICE', machines.trouble === 'several'],
  ]
  return codes.flatMap(([code, isPresent]) => (isPresent ? [code] : []))
}

function canaryCode(canary: CanaryStatus | null): ProblemCode | null {
  if (canary?.state === 'failed') return 'CANARY_BLOCKED'
  return canary?.state === 'late' ? 'CANARY_LATE' : null
}

function onionCode(onion: OnionStatus | null): ProblemCode | null {
  if (onion?.state === 'tor down') return 'TOR_DOWN'
  return onion?.state === 'unreachable' ? 'ONION_UNREACHABLE' : null
}

/** Problems that an arriving tip can cause, as of the last step boundary. */
function figureCodes(
  { figures, stepMinutes, longMinutes }: HealthSources,
  {
    isDiskReported,
    isStoreReported,
    hasWorker,
  }: { isDiskReported: boolean; isStoreReported: boolean; hasWorker: boolean },
): ProblemCode[] {
  const published = figures()
  if (published === null) return []
  const { overdue, redis, quarantine, uploads, spoolOldestMinutes, usedRatio, replies } = published
  const codes: Array<[ProblemCode, boolean]> = [
    ['STORE_UNREADABLE', !isStoreReported && !wasRead(published)],
    ['LEDGER_BROKEN', published.isLedgerWhole === false],
    ['ENVELOPES_MISSING', (published.vaultDifferences?.missing ?? 0) > 0],
    ['ENVELOPES_UNKNOWN', (published.vaultDifferences?.unknown ?? 0) > 0],
    ['CLOCK_BEHIND', published.isClockBehind],
    ['JOBS_NOT_TAKEN', hasWorker && published.isQueueStuck],
    ['DISK_NEARLY_FULL', !isDiskReported && (usedRatio ?? 0) >= nearlyFullRatio],
    ['REDIS_MEMORY_HIGH', (redis?.memoryRatio ?? 0) > highMemoryRatio],
    ['REDIS_AOF_REWRITE_FAILED', redis?.isAppendLogRewritten === false],
    ['QUARANTINE_NOT_EMPTY', (quarantine?.envelopes ?? 0) > 0],
    ['SPOOL_NOT_DRAINED', (spoolOldestMinutes ?? 0) >= Math.max(longMinutes, 2 * stepMinutes)],
    ['UPLOAD_STUCK', (uploads?.stuck ?? 0) > 0],
    ['EXPORT_OVERDUE', overdue?.export === true],
    ['ACKNOWLEDGEMENT_OVERDUE', overdue?.acknowledgement === true],
    ['KEYRING_REPLAYED', replies?.keys === 'replayed'],
    ['KEYRING_NOT_CONFIRMED', replies?.keys === 'not_confirmed_yet'],
    ['REPLIES_INDEX_OLD', (replies?.indexAgeDays ?? 0) >= oldIndexDays],
  ]
  return codes.flatMap(([code, isPresent]) => (isPresent ? [code] : []))
}

/**
 * Whether the folders and the ledger could be read at the last step. A failing disk gives errors.
 */
function wasRead({ spool, vault, collected, quarantine, isLedgerWhole }: Figures): boolean {
  return [spool, vault, collected, quarantine, isLedgerWhole].every((figure) => figure !== null)
}

/**
 * Shares one health check among all calls within `maxAgeMs`, so that frequent requests cost
 * nothing.
 */
export function shareLooks<T>(look: () => Promise<T>, maxAgeMs: number): () => Promise<T> {
  let shared: Promise<T> | null = null
  return () => {
    if (shared === null) {
      shared = look()
      setTimeout(() => {
        shared = null
      }, maxAgeMs).unref()
    }
    return shared
  }
}
