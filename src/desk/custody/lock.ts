import { AsyncLocalStorage } from 'node:async_hooks'
import { randomBytes } from 'node:crypto'
import { link, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { makeFolder } from '../../disk/make-folder.ts'
import { CustodyError } from './errors.ts'

const lockName = '.lock'
/**
 * A file with which a program takes the lock. The name holds its process number and start time, so
 * that the next program can tell at once whether a killed program left it.
 */
export const lockLitter = /^\.lock\.(\d+)-(\d+)\.[0-9a-f]{12}(?:\.stale)?$/u
const pollMs = 25
/**
 * A change takes milliseconds. If the lock is held for longer than this, its holder hangs or is
 * opening a stick.
 */
const defaultWaitMs = 30_000

const held = new AsyncLocalStorage<ReadonlySet<string>>()
/** For each casebook, the latest request for its lock within this process. */
const queues = new Map<string, Promise<unknown>>()

/**
 * Runs `work` while nothing else, in this process or another, changes the casebook. Code that
 * `work` calls may ask for the same lock. The lock is a file, because the desk has no sockets. A
 * killed program leaves the file behind; the next program sees that its holder no longer runs.
 * @throws CustodyError `LOCKED` after `waitMs`; errors of `work`.
 */
export async function withCasebookLock<T>(
  casebook: string,
  work: () => Promise<T>,
  waitMs = defaultWaitMs,
): Promise<T> {
  const holding = held.getStore() ?? new Set()
  if (holding.has(casebook)) return await work()
  const before = queues.get(casebook) ?? Promise.resolve()
  const turn = before
    .catch(() => undefined)
    .then(() => held.run(new Set([...holding, casebook]), () => locked(casebook, work, waitMs)))
  queues.set(casebook, turn)
  try {
    return await turn
  } finally {
    if (queues.get(casebook) === turn) queues.delete(casebook)
  }
}

async function locked<T>(casebook: string, work: () => Promise<T>, waitMs: number): Promise<T> {
  await makeFolder(casebook, 0o700)
  const path = join(casebook, lockName)
  await take(path, waitMs)
  try {
    await removeLitter(path)
    return await work()
  } finally {
    await rm(path, { force: true })
  }
}

async function take(path: string, waitMs: number): Promise<void> {
  const me = await describeProcess(process.pid)
  const mine = `${path}.${nameOf(me)}.${randomBytes(6).toString('hex')}`
  try {
    await writeFile(mine, textOf(me), { mode: 0o600 })
    for (let waitedMs = 0; ; waitedMs += pollMs) {
      if (await linked(mine, path)) return
      if (await removedIfStale(path, mine)) continue
      if (waitedMs >= waitMs)
        throw new CustodyError(
          'LOCKED',
          'another program works on this casebook: end it, or wait until it is done',
        )
      await sleep(pollMs)
    }
  } finally {
    // Best effort: a file that stays is deleted after this program has ended, and an error here
    // would leave the lock taken.
    await rm(mine, { force: true }).catch(() => undefined)
  }
}

/** Deletes files that a program left next to the lock when it was killed while taking it. */
async function removeLitter(path: string): Promise<void> {
  for (const name of await readdir(dirname(path))) {
    const [, pid, begin] = lockLitter.exec(name) ?? []
    if (pid === undefined || (await describeProcess(Number(pid)))?.begin === begin) continue
    await rm(join(dirname(path), name), { force: true })
  }
}

async function isHeld(holder: string): Promise<boolean> {
  const pid = Number(holder.split(' ')[0])
  const running = Number.isInteger(pid) && pid > 0 ? await describeProcess(pid) : null
  return running !== null && textOf(running) === holder
}

/** Creates the lock as a hard link, which appears in one step together with its content. */
async function linked(from: string, to: string): Promise<boolean> {
  return await link(from, to).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') return false
      throw error
    },
  )
}

async function removedIfStale(path: string, mine: string): Promise<boolean> {
  const holder = await readFile(path, 'utf8').catch(() => null)
  if (holder === null) return true
  if (await isHeld(holder)) return false
  // The lock file is moved away and read again, because a new holder may have created it since it
  // was read.
  const aside = `${mine}.stale`
  if (
    !(await rename(path, aside).then(
      () => true,
      () => false,
    ))
  )
    return true
  if ((await readFile(aside, 'utf8').catch(() => holder)) !== holder) await linked(aside, path)
  await rm(aside, { force: true })
  return true
}

interface RunningProcess {
  pid: number
  /** Start time, in the system's own units since it booted. */
  begin: string
  /** The system has another one each time it boots. */
  boot: string
}

/**
 * Null when no such process runs. The number alone would not do, because the system reuses it.
 */
async function describeProcess(pid: number): Promise<RunningProcess | null> {
  const [stat = '', boot = ''] = await Promise.all(
    [`/proc/${pid}/stat`, '/proc/sys/kernel/random/boot_id'].map((path) =>
      readFile(path, 'utf8').catch(() => ''),
    ),
  )
  const begin = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
  return begin === undefined ? null : { pid, begin, boot: boot.trim() }
}

const nameOf = (running: RunningProcess | null): string =>
  `${running?.pid ?? 0}-${running?.begin ?? 0}`

const textOf = (running: RunningProcess | null): string =>
  running === null ? '' : `${running.pid} ${running.begin} ${running.boot}`
