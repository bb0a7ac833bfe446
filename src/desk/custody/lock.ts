import { AsyncLocalStorage } from 'node:async_hooks'
import { randomBytes } from 'node:crypto'
import { link, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { makeFolder } from '../../disk/make-folder.ts'
import { CustodyError } from './errors.ts'

const lockName = '.lock'
/** What a killed program leaves of a lock that it was taking. */
export const lockLitter = /^\.lock\.[0-9a-f]{12}(?:\.stale)?$/u
const youngMs = 10_000
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
    return await work()
  } finally {
    await rm(path, { force: true })
  }
}

async function take(path: string, waitMs: number): Promise<void> {
  const mine = `${path}.${randomBytes(6).toString('hex')}`
  await writeFile(mine, await describeProcess(process.pid), { mode: 0o600 })
  try {
    for (let waitedMs = 0; ; waitedMs += pollMs) {
      if (await linked(mine, path)) return await removeLitter(path)
      if (await removedIfStale(path, mine)) continue
      if (waitedMs >= waitMs)
        throw new CustodyError(
          'LOCKED',
          'another program works on this casebook: end it, or wait until it is done',
        )
      await sleep(pollMs)
    }
  } finally {
    await rm(mine, { force: true })
  }
}

/**
 * Deletes files that a program left next to the lock when it was killed while waiting. Recent files
 * are kept, because they may be half-written.
 */
async function removeLitter(path: string): Promise<void> {
  for (const name of await readdir(dirname(path))) {
    if (!lockLitter.test(name)) continue
    const found = join(dirname(path), name)
    const ageMs = await stat(found).then(
      ({ mtimeMs }) => Date.now() - mtimeMs,
      () => 0,
    )
    if (ageMs > youngMs && !(await isHeld(await readFile(found, 'utf8').catch(() => null))))
      await rm(found, { force: true })
  }
}

async function isHeld(holder: string | null): Promise<boolean> {
  const pid = Number(holder?.split(' ')[0])
  return Number.isInteger(pid) && pid > 0 && (await describeProcess(pid)) === holder
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

/**
 * Process number, start time and boot id. The number alone would not do, because the system reuses
 * it.
 */
async function describeProcess(pid: number): Promise<string> {
  const [stat, boot] = await Promise.all(
    [`/proc/${pid}/stat`, '/proc/sys/kernel/random/boot_id'].map((path) =>
      readFile(path, 'utf8').catch(() => ''),
    ),
  )
  const begin = (stat ?? '').slice((stat ?? '').lastIndexOf(')') + 2).split(' ')[19] ?? ''
  return begin === '' ? '' : `${pid} ${begin} ${(boot ?? '').trim()}`
}
