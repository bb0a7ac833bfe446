import type { Figures } from '../../src/ops/figures.ts'
import type { Health, Several } from '../../src/ops/health.ts'

const none = { envelopes: 0, bytes: 0 }

/** The figures of a service that has not received anything yet. */
export const quiet: Figures = {
  since: new Date('2026-11-23T12:00:00Z'),
  queue: { waiting: 0, active: 0, delayed: 0, failed: 0 },
  queueOldestMinutes: 0,
  spool: none,
  spoolOldestMinutes: 0,
  spoolOrphans: 0,
  uploads: { unfinished: 0, stuck: 0 },
  vault: none,
  collected: none,
  quarantine: none,
  vaultDifferences: { missing: 0, unknown: 0 },
  freeBytes: 70_000_000_000,
  freeInodes: 4_000_000,
  usedRatio: 0.4,
  daysUntilFull: null,
  isLedgerWhole: true,
  isClockBehind: false,
  isQueueStuck: false,
  redis: { memoryRatio: 0.1, latencySeconds: 0.001, isAppendLogRewritten: true },
  processes: {
    intake: { lagSeconds: 0.1, residentBytes: 134_217_728 },
    worker: { lagSeconds: 0.01, residentBytes: 134_217_728 },
  },
  starts: { intake: 1, worker: 2 },
  stalls: 0,
  failedAttempts: 0,
  sealedToOldKeyring: 0,
  isCrowded: false,
  unknownAcknowledged: 0,
  refusedAcknowledgements: 0,
  lastExport: new Date('2026-11-23T06:15:00Z'),
  lastAcknowledgement: new Date('2026-11-22T06:15:00Z'),
  replies: { indexAgeDays: 3, keys: 'confirmed' },
  overdue: { export: false, acknowledgement: false },
}

/** The health of a service that works. */
export const well: Health = {
  isReady: true,
  problems: [],
  isRedisUp: true,
  redis: {
    isWritable: true,
    role: 'master',
    isEvictionOff: true,
    hasAppendLog: true,
    isAppendLogWritten: true,
    isMemoryFull: false,
  },
  processes: { intake: 1, worker: 2 },
  draining: { intake: 0, worker: 0 },
  keyringState: 'nominal',
  keyringDaysLeft: 90,
  canary: null,
  onion: null,
  several: null,
}

/**
 * A service of several machines that share a store, with one process missing and one suspect
 * object.
 */
const since = new Date('2026-11-23T12:00:00Z')
export const several: Several = {
  store: { isUp: true, isFull: false, suspects: 1 },
  machines: {
    chiefs: [{ instance: 'worker-00000001', since }],
    chains: [{ instance: 'worker-00000001', day: '2026-11-22', head: 'a'.repeat(16) }],
    trouble: null,
    missing: 1,
  },
  failover: {
    kind: 'sentinel',
    replicas: 2,
    sentinels: { answering: 2, named: 3 },
    isReady: true,
  },
}
