import { mkdir, readdir, readFile, readlink, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { hideDirectoryTime } from '../disk/dir-sync.ts'
import { StoreError } from './errors.ts'
import { errnoOf, orNull } from '../disk/errno.ts'
import { DIR_MODE, FILE_MODE } from './layout.ts'

const OWNER_FILE = 'owner'

/** A folder whose owner cannot be seen from here goes when nothing in it changed for this long. */
const UNSEEN_MS = 24 * 60 * 60 * 1000

/** From the folder to the name of its owner it takes a millisecond. */
const NAMELESS_MS = 60 * 1000

/**
 * `tmp/<instance>/` holds what one process is receiving, and a file `owner`
 * that names the process. The rule for leftovers: a folder stays as long as its
 * owner lives. Where that cannot be seen (another PID namespace, as in another
 * container) it stays until nothing in it changed for a day; where no owner is
 * named, for a minute, as it may just be being made. Any other folder is removed
 * by the next process to open.
 */
export class TmpFolder {
  readonly path: string
  readonly #root: string
  readonly #day: () => Date
  #ready: Promise<void> | null = null

  constructor(root: string, instance: string, day: () => Date) {
    this.#root = root
    this.path = join(root, instance)
    this.#day = day
  }

  /** Made when the first blob needs it: a process that only reads leaves no folder. */
  ready(): Promise<void> {
    this.#ready ??= this.#create().catch((cause: unknown) => {
      this.#ready = null
      throw cause
    })
    return this.#ready
  }

  /** The folder's own time would tell when the last envelope came. */
  hideTime(): void {
    hideDirectoryTime(this.path, this.#day())
  }

  /** After a folder was taken away under us (an over-eager clean-up): makes it again. */
  forget(): void {
    this.#ready = null
  }

  /** @throws StoreError `IN_USE` when another living process has this instance's folder. */
  async clean(): Promise<void> {
    const names = (await orNull(readdir(this.#root))) ?? []
    for (const name of names) {
      const path = join(this.#root, name)
      const isOwn = path === this.path
      if (!(await isAbandoned(path, isOwn))) {
        if (isOwn)
          throw new StoreError('IN_USE', `instance ${name} is already running on this data folder`)
        continue
      }
      await rm(path, { recursive: true, force: true })
    }
  }

  async #create(): Promise<void> {
    await mkdir(this.path, { recursive: true, mode: DIR_MODE })
    const owner = join(this.path, OWNER_FILE)
    await writeFile(owner, await describeProcess(process.pid), { mode: FILE_MODE })
    await utimes(owner, this.#day(), this.#day())
    hideDirectoryTime(this.#root, this.#day())
  }
}

/** `<pid> <start> <namespace>`: the start tells a process from a later one with its number. */
async function describeProcess(pid: number): Promise<string> {
  const fields = await orEmpty(readFile(`/proc/${pid}/stat`, 'latin1'))
  // proc(5): the name may hold spaces and parentheses; field 22 counts from behind it
  const start = fields.slice(fields.lastIndexOf(')') + 2).split(' ')[19] ?? '0'
  const namespace = (await orEmpty(readlink('/proc/self/ns/pid'))) || 'none'
  return `${pid} ${start} ${namespace}\n`
}

async function isAbandoned(folder: string, isOwn: boolean): Promise<boolean> {
  const owner = await orEmpty(readFile(join(folder, OWNER_FILE), 'latin1'))
  const [pidText = '', , namespace = ''] = owner.split(/\s/)
  const pid = Number(pidText)
  if (!Number.isSafeInteger(pid) || pid <= 0) return isOwn || (await isStale(folder, NAMELESS_MS))
  const seen = await describeProcess(pid)
  if (!seen.endsWith(` ${namespace}\n`)) return isOwn || (await isStale(folder, UNSEEN_MS))
  if (pid === process.pid && isOwn) return true
  return seen !== owner || !isRunning(pid)
}

async function isStale(folder: string, unchangedMs: number): Promise<boolean> {
  const names = (await orNull(readdir(folder))) ?? []
  const stats = await Promise.all(
    [folder, ...names.map((name) => join(folder, name))].map((path) => orNull(stat(path))),
  )
  return stats.every((entry) => entry === null || entry.mtimeMs < Date.now() - unchangedMs)
}

/** Empty when the owner never got as far as writing its name, or the system has no `/proc`. */
async function orEmpty(work: Promise<string>): Promise<string> {
  try {
    return await work
  } catch {
    return ''
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (cause) {
    return errnoOf(cause) === 'EPERM'
  }
}
