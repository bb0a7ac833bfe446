import type { Redis } from 'ioredis'
import { KeyringError } from '../keyring/errors.ts'
import { loadKeyring } from '../keyring/load.ts'
import { readHeartbeats } from '../queue/heartbeat.ts'
import type { Heartbeat } from '../queue/heartbeat.ts'
import type { BlobStore } from '../store/blob-store.ts'
import { dayString } from '../store/clock.ts'
import type { Clock } from '../store/clock.ts'
import type { Figures } from './figures.ts'
import type { LedgerCheck } from './ledger-check.ts'
import { problem } from './problems.ts'
import type { Problem, ProblemCode } from './problems.ts'

export interface Health {
  isReady: boolean
  problems: Problem[]
  isRedisUp: boolean
  /** Processes that are up and not draining; null when Redis cannot tell. */
  processes: { intake: number; worker: number } | null
  /** 0 on the last valid day, null when there is no valid keyring. */
  keyringDaysLeft: number | null
}

export interface HealthSources {
  redis: Redis
  store: BlobStore
  ledger: LedgerCheck
  keysDir: string
  clock: Clock
  /** Whether `tumen drain` closed the intake. */
  isDraining: () => boolean
  /** What is published now; warnings about counts must not be finer than that. */
  figures: () => Figures | null
  stepMinutes: number
}

/** Not even a text-only tip fits into less: 64 KiB of padding and its header. */
const smallestTipBytes = 128 * 1024
const soonDays = 14
/** At two boundaries in a row, and more than an hour. */
const longMinutes = 60

const dayMs = 24 * 60 * 60 * 1000

/** Looks at everything now. Never rejects. */
export async function checkHealth(sources: HealthSources): Promise<Health> {
  const [heartbeats, keyring, storeCode, ledgerCode] = await Promise.all([
    readHeartbeats(sources.redis).catch(() => null),
    checkKeyring(sources),
    checkStore(sources.store),
    checkLedger(sources.ledger),
  ])
  const codes = [
    ...processCodes(heartbeats), sources.isDraining() ? 'DRAINING' as const : null, keyring.code, storeCode, ledgerCode,
    ...warningCodes(sources, keyring.daysLeft),
  ].filter((code) => code !== null)
  const problems = codes.map(problem)
  return {
    isReady: problems.every(({ severity }) => severity === 'warning'),
    problems,
    isRedisUp: heartbeats !== null,
    processes: heartbeats && { intake: countUp(heartbeats, 'intake'), worker: countUp(heartbeats, 'worker') },
    keyringDaysLeft: keyring.daysLeft,
  }
}

function processCodes(heartbeats: Heartbeat[] | null): ProblemCode[] {
  if (heartbeats === null) return ['REDIS_UNREACHABLE']
  const codes: ProblemCode[] = []
  if (countUp(heartbeats, 'intake') === 0) codes.push('INTAKE_MISSING')
  if (countUp(heartbeats, 'worker') === 0) codes.push('WORKER_MISSING')
  return codes
}

function countUp(heartbeats: Heartbeat[], role: string): number {
  return heartbeats.filter((heartbeat) => heartbeat.role === role && !heartbeat.draining).length
}

async function checkKeyring({ keysDir, clock }: HealthSources): Promise<{ code: ProblemCode | null; daysLeft: number | null }> {
  const day = dayString(clock.now())
  try {
    const { keyring } = await loadKeyring({ dir: keysDir, day })
    return { code: null, daysLeft: Math.round((Date.parse(keyring.expires) - Date.parse(day)) / dayMs) }
  } catch (error) {
    const isExpired = error instanceof KeyringError && error.code === 'EXPIRED'
    return { code: isExpired ? 'KEYRING_EXPIRED' : 'KEYRING_INVALID', daysLeft: null }
  }
}

async function checkStore(store: BlobStore): Promise<ProblemCode | null> {
  try {
    return (await store.freeBytes()) < smallestTipBytes ? 'DISK_FULL' : null
  } catch {
    return 'STORE_UNREADABLE'
  }
}

async function checkLedger(ledger: LedgerCheck): Promise<ProblemCode | null> {
  try {
    return (await ledger.isWhole()) ? null : 'LEDGER_BROKEN'
  } catch {
    return 'STORE_UNREADABLE'
  }
}

function warningCodes({ figures, stepMinutes }: HealthSources, keyringDaysLeft: number | null): ProblemCode[] {
  const published = figures()
  const codes: ProblemCode[] = []
  if (keyringDaysLeft !== null && keyringDaysLeft < soonDays) codes.push('KEYRING_EXPIRES_SOON')
  if ((published?.quarantine?.envelopes ?? 0) > 0) codes.push('QUARANTINE_NOT_EMPTY')
  if ((published?.spoolOldestMinutes ?? 0) >= Math.max(longMinutes, 2 * stepMinutes)) codes.push('SPOOL_NOT_DRAINED')
  return codes
}

/** One look serves everyone who asks within `maxAgeMs`: asking often costs nothing. */
export function shareLooks<T>(look: () => Promise<T>, maxAgeMs: number): () => Promise<T> {
  let shared: Promise<T> | null = null
  return () => {
    if (shared === null) {
      shared = look()
      setTimeout(() => { shared = null }, maxAgeMs).unref()
    }
    return shared
  }
}
