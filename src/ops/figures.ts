import type { Redis } from 'ioredis'
import { type Counters, readCounters } from '../queue/counters.ts'
import { type Heartbeat, readHeartbeats } from '../queue/heartbeat.ts'
import { wasCrowded } from '../queue/pressure.ts'
import type { QueueCounts, StoreQueue } from '../queue/store-queue.ts'
import type { BlobEntry, BlobStore, KnownBlob, Prefix } from '../store/blob-store.ts'
import type { Clock } from '../time/clock.ts'
import { dayOfInstant } from '../time/day.ts'
import { readMark } from '../store/marks.ts'
import { stepStart } from '../time/steps.ts'
import { listUnfinished } from '../store/unfinished.ts'
import { roundDown, roundUp } from './coarsen.ts'
import { readUsedRatio } from './disk.ts'
import type { LedgerCheck } from '../ledger/follow.ts'
import type { LedgerHistory } from '../ledger/days.ts'
import { daysUntilFull, soonest } from '../ledger/fill-rate.ts'
import type { createHoldings, Existing, Holdings } from '../ledger/holdings.ts'
import type { Tally } from '../ledger/tally.ts'
import { type Overdue, findOverdue } from './overdue.ts'
import { type RepliesState, readRepliesState } from './replies-state.ts'
import { type RedisFigures, readRedisFigures } from './redis-state.ts'
import type { QueueWatch } from './queue-watch.ts'
import type { SpoolAge } from './spool-age.ts'
import type { Standstill } from './standstill.ts'
import type { VaultCheck, VaultDifferences } from './vault-check.ts'

export interface Folder {
  envelopes: number
  bytes: number
}

/**
 * A folder with more envelopes is counted from the ledger, and compared with it in slices of this
 * size: a slice takes a tenth of a second.
 */
export const largeFolder = 10_000

/** Figures of all processes of one role: the worst value of each. */
export interface ProcessFigures {
  lagSeconds: number
  residentBytes: number
}

/**
 * All figures that an arriving tip can change. Contains rounded numbers only; null if a figure
 * could not be read.
 */
export interface Figures {
  /** The step boundary at which these figures were read. */
  since: Date
  queue: QueueCounts | null
  /** Lower limit of the age, in coarse bands. */
  queueOldestMinutes: number | null
  spool: Folder | null
  /** Lower limit of the age, in coarse bands. */
  spoolOldestMinutes: number | null
  /** Files in the spool that had no job for a whole step. */
  spoolOrphans: number | null
  /** `stuck`: uploads that received no byte for `longMinutes` and at least two steps. */
  uploads: { unfinished: number; stuck: number } | null
  vault: Folder | null
  collected: Folder | null
  quarantine: Folder | null
  /** Null also if it is not known, for example while the ledger is broken. */
  vaultDifferences: VaultDifferences | null
  freeBytes: number | null
  /** Files that can still be created; null also if the file system has no limit. */
  freeInodes: number | null
  usedRatio: number | null
  /**
   * Days until the disk has no free bytes or inodes at the rate of the last seven days; null also
   * if nothing arrived.
   */
  daysUntilFull: number | null
  isLedgerWhole: boolean | null
  /** Whether the last day in the ledger is in the future according to the clock of this machine. */
  isClockBehind: boolean
  /**
   * Whether the next job in the queue is the same as one step ago, and no job is being processed.
   */
  isQueueStuck: boolean
  redis: RedisFigures | null
  processes: Readonly<Partial<Record<string, ProcessFigures>>>
  /** How often each role was started, exactly, as far as Redis remembers. */
  starts: { intake: number; worker: number } | null
  /** Sum since Redis was last emptied, like the four counters below. */
  stalls: number | null
  failedAttempts: number | null
  sealedToOldKeyring: number | null
  unknownAcknowledged: number | null
  refusedAcknowledgements: number | null
  lastExport: Date | null
  lastAcknowledgement: Date | null
  overdue: Overdue | null
  /** Null also without a keyring in force. */
  replies: RepliesState | null
  /** Whether the intake had to ration its capacity in the last hour. */
  isCrowded: boolean | null
}

export interface FigureSources {
  dataDir: string
  keysDir: string
  store: BlobStore
  queue: Pick<StoreQueue, 'counts' | 'waiting' | 'withoutJob'>
  redis: Redis
  ledger: LedgerCheck
  holdings: ReturnType<typeof createHoldings>
  /** Null with a shared store: the ledger of one machine does not know all that is in it. */
  vaultCheck: VaultCheck | null
  spoolAge: SpoolAge
  queueAge: SpoolAge
  queueWatch: QueueWatch
  orphans: Standstill
  uploads: Standstill
  clock: Clock
  stepMinutes: number
  /** How long an upload or spool entry must be unchanged before it is reported. */
  longMinutes: number
  freeInodes: () => Promise<number | null>
  usedRatio?: typeof readUsedRatio
  redisFigures?: typeof readRedisFigures
}

/**
 * `longMinutes` in steps, at least two, because the first boundary may come seconds after the
 * arrival.
 */
function longSteps({ stepMinutes, longMinutes }: FigureSources): number {
  return Math.max(2, Math.ceil(longMinutes / stepMinutes))
}

/** Reads all figures; those that cannot be read are null. Never rejects. */
export async function readFigures(sources: FigureSources): Promise<Figures> {
  const { store, redis, ledger, dataDir, clock, stepMinutes } = sources
  const now = clock.now()
  const [
    queue,
    counters,
    heartbeats,
    redisFigures,
    isLedgerWhole,
    freeBytes,
    freeInodes,
    usedRatio,
    isCrowded,
  ] = await Promise.all([
    orNull(readQueue(sources)),
    orNull(readCounters(redis)),
    orNull(readHeartbeats(redis)),
    orNull((sources.redisFigures ?? readRedisFigures)(redis)),
    orNull(ledger.isWhole()),
    orNull(store.freeBytes()),
    orNull(sources.freeInodes()),
    orNull((sources.usedRatio ?? readUsedRatio)(dataDir)),
    orNull(wasCrowded(redis)),
  ])
  const holdings = await orNull(sources.holdings.load())
  const vaultDifferences = holdings && (await orNull(lookAtVault(sources, holdings)))
  const [spool, vault, collected, quarantine, uploads, lastExport, lastAcknowledgement, replies] =
    await Promise.all([
      orNull(readSpool(sources)),
      orNull(countFolder(sources, 'sealed', 'stored', holdings)),
      orNull(countFolder(sources, 'collected', 'collected', holdings)),
      orNull(readFolder(store, 'quarantine')),
      orNull(readUploads(sources)),
      orNull(readMark('exported', dataDir)),
      orNull(readMark('acknowledged', dataDir)),
      orNull(readRepliesState(sources)),
    ])
  const room = { freeBytes, freeInodes, folders: [vault, collected, quarantine] }
  const daysLeft = findDaysLeft(room, ledger.history(), now)
  return {
    since: stepStart(now, stepMinutes),
    queue: queue && roundCounts(queue.counts),
    queueOldestMinutes: queue && queue.oldestMinutes,
    spool: spool && roundFolder(spool.folder),
    spoolOldestMinutes: spool && spool.oldestMinutes,
    spoolOrphans: spool && spool.orphans,
    uploads,
    vault: vault && roundFolder(vault),
    collected: collected && roundFolder(collected),
    quarantine: quarantine && roundFolder(quarantine),
    vaultDifferences,
    freeBytes: freeBytes === null ? null : roundDown(freeBytes),
    freeInodes: freeInodes === null ? null : roundDown(freeInodes),
    usedRatio,
    daysUntilFull: daysLeft === null ? null : roundDown(daysLeft),
    isLedgerWhole,
    isClockBehind: isDayToCome(ledger.history().lastDay, now),
    isQueueStuck: queue?.isStuck ?? false,
    redis: redisFigures,
    processes: heartbeats === null ? {} : worstByRole(heartbeats),
    ...roundCounters(counters),
    lastExport,
    lastAcknowledgement,
    overdue: vault && findOverdue(vault, lastExport, now),
    replies,
    isCrowded,
  }
}

interface Room {
  freeBytes: number | null
  freeInodes: number | null
  folders: readonly (Read | null)[]
}

function findDaysLeft({ freeBytes, freeInodes, folders }: Room, history: LedgerHistory, now: Date) {
  const { firstDay, storedBytesByDay } = history
  const filesByDay = new Map<string, number>()
  for (const folder of folders)
    for (const [dayMs, count] of folder?.filesByDay ?? []) {
      const day = dayOfInstant(new Date(dayMs))
      filesByDay.set(day, (filesByDay.get(day) ?? 0) + count)
    }
  const until = (free: number | null, byDay: ReadonlyMap<string, number>): number | null =>
    free === null ? null : daysUntilFull(free, { firstDay, byDay }, now)
  return soonest(until(freeBytes, storedBytesByDay), until(freeInodes, filesByDay))
}

async function readQueue({ queue, queueAge, queueWatch, stepMinutes }: FigureSources) {
  const [counts, waiting] = [await queue.counts(), await queue.waiting()]
  return {
    counts,
    oldestMinutes: queueAge.look(waiting) * stepMinutes,
    isStuck: queueWatch.isStuck(waiting, counts.active),
  }
}

function isDayToCome(day: string | null, now: Date): boolean {
  return day !== null && day > dayOfInstant(now)
}

async function readSpool({ store, queue, spoolAge, orphans, stepMinutes }: FigureSources) {
  const receipts: string[] = []
  const folder = await readFolder(store, 'incoming', undefined, ({ receipt }) =>
    receipts.push(receipt),
  )
  const withoutJob = await orNull(queue.withoutJob(receipts))
  const orphaned =
    withoutJob &&
    orphans.look(
      withoutJob.map((name) => ({ name, bytes: 0 })),
      1,
    )
  return {
    folder,
    oldestMinutes: spoolAge.look(receipts) * stepMinutes,
    orphans: orphaned === null ? null : roundUp(orphaned),
  }
}

async function readUploads(sources: FigureSources) {
  const unfinished = await Array.fromAsync(listUnfinished(sources.dataDir))
  return {
    unfinished: roundUp(unfinished.length),
    stuck: roundUp(sources.uploads.look(unfinished, longSteps(sources))),
  }
}

async function lookAtVault(
  { vaultCheck }: FigureSources,
  holdings: Holdings,
): Promise<VaultDifferences | null> {
  const found = await vaultCheck?.look(holdings)
  return found === undefined
    ? null
    : { missing: roundUp(found.missing), unknown: roundUp(found.unknown) }
}

/**
 * Counts the envelopes in a folder: a large one from the ledger, whose cost does not grow with it,
 * any other by listing it.
 */
async function countFolder(
  { store, vaultCheck }: FigureSources,
  prefix: Prefix,
  event: Existing,
  holdings: Holdings | null,
): Promise<Read> {
  if (holdings !== null && vaultCheck?.isLedgerComplete() === true) {
    const tally = holdings.tally(event)
    if (tally.envelopes > largeFolder) return readOf(tally)
  }
  return await readFolder(store, prefix, (receipt) =>
    holdings?.last(receipt)?.event === event ? holdings.blob(receipt) : null,
  )
}

function readOf({ envelopes, bytes, byDay }: Tally): Read {
  const days = [...byDay].map(([day, count]) => [Date.parse(day), count] as const)
  const sorted = days.map(([dayMs]) => dayMs).sort((one, other) => one - other)
  const dayAt = (index: number): Date | null => {
    const dayMs = sorted.at(index)
    return dayMs === undefined ? null : new Date(dayMs)
  }
  return { envelopes, bytes, oldest: dayAt(0), newest: dayAt(-1), filesByDay: new Map(days) }
}

interface Read extends Folder {
  oldest: Date | null
  newest: Date | null
  /** Number of envelopes of each day, by its midnight. */
  filesByDay: Map<number, number>
}

async function readFolder(
  store: BlobStore,
  prefix: Prefix,
  known?: KnownBlob,
  visit: (entry: BlobEntry) => void = () => {},
): Promise<Read> {
  const folder: Read = {
    envelopes: 0,
    bytes: 0,
    oldest: null,
    newest: null,
    filesByDay: new Map(),
  }
  for await (const entry of store.list(prefix, known)) {
    folder.envelopes += 1
    folder.bytes += entry.bytes
    const dayMs = entry.day.getTime()
    folder.filesByDay.set(dayMs, (folder.filesByDay.get(dayMs) ?? 0) + 1)
    if (folder.oldest === null || entry.day < folder.oldest) folder.oldest = entry.day
    if (folder.newest === null || entry.day > folder.newest) folder.newest = entry.day
    visit(entry)
  }
  return folder
}

function roundFolder({ envelopes, bytes }: Folder): Folder {
  return { envelopes: roundUp(envelopes), bytes: roundUp(bytes) }
}

function roundCounts({ waiting, active, delayed, failed }: QueueCounts): QueueCounts {
  return {
    waiting: roundUp(waiting),
    active: roundUp(active),
    delayed: roundUp(delayed),
    failed: roundUp(failed),
  }
}

function roundCounters(counters: Counters | null) {
  const rounded = (name: keyof Counters): number | null => counters && roundUp(counters[name])
  return {
    stalls: rounded('stalls'),
    failedAttempts: rounded('failedAttempts'),
    sealedToOldKeyring: rounded('oldKeyring'),
    unknownAcknowledged: rounded('unknownAcknowledged'),
    refusedAcknowledgements: rounded('refusedAcknowledgements'),
    starts: counters && { intake: counters.intakeStarts, worker: counters.workerStarts },
  }
}

function worstByRole(heartbeats: readonly Heartbeat[]): Record<string, ProcessFigures> {
  const worst: Record<string, ProcessFigures> = {}
  for (const { role, gauges } of heartbeats) {
    // Any Redis client can write these keys, so only role names of ours become labels.
    if (gauges === null || (role !== 'intake' && role !== 'worker')) continue
    const { lagSeconds, residentBytes } = worst[role] ?? { lagSeconds: 0, residentBytes: 0 }
    worst[role] = {
      lagSeconds: Math.max(lagSeconds, gauges.lagMs / 1000),
      residentBytes: Math.max(residentBytes, gauges.rssBytes),
    }
  }
  return worst
}

async function orNull<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await work
  } catch {
    return null
  }
}
