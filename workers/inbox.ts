import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { open, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { makeFolder } from '../src/disk/make-folder.ts'
import { hideDirectoryTime } from '../src/disk/dir-sync.ts'
import { orNull } from '../src/disk/errno.ts'
import { type Clock, systemClock } from '../src/time/clock.ts'
import { midnightOf } from '../src/time/day.ts'
import { CollectError } from './collect-error.ts'

/** Maximum sizes of an acknowledgement, and of a minisign signature with a long comment. */
export const maxAcknowledgementBytes = 16 * 1024 * 1024
export const maxSignatureBytes = 16 * 1024

/**
 * Maximum of files in one run, so that an attacker who fills the folder cannot block the worker.
 */
const maxFiles = 1000

const fileName = /^[0-9a-f]{64}\.json$/
const signatureSuffix = '.minisig'

/**
 * Suffix of an acknowledgement that was fully applied and whose signature has yet to be removed.
 */
const doneSuffix = '.done'

export interface Acknowledged {
  bytes: Uint8Array
  signature: Uint8Array
}

/**
 * The folder in which acknowledgements are left: `<sha256>.json` next to `<sha256>.json.minisig`.
 */
export class Inbox {
  readonly #dir: string
  /** Last known sizes of files whose name is not their SHA-256. */
  readonly #unsettled = new Map<string, number>()

  readonly #clock: Clock

  constructor(dir: string, clock: Clock = systemClock) {
    this.#dir = dir
    this.#clock = clock
  }

  async create(): Promise<void> {
    await makeFolder(join(this.#dir, 'refused'), 0o700)
    this.#hideTimes()
  }

  /** Names of the files whose signature is also there. A file without a signature waits for it. */
  async names(): Promise<string[]> {
    const present = new Set(await readdir(this.#dir))
    for (const name of present) {
      if (name.endsWith(doneSuffix) && fileName.test(name.slice(0, -doneSuffix.length))) {
        await this.#finish(name.slice(0, -doneSuffix.length))
      }
    }
    this.#hideTimes()
    return [...present]
      .filter((name) => fileName.test(name) && present.has(name + signatureSuffix))
      .sort()
      .slice(0, maxFiles)
  }

  /**
   * Null while the file may still be being copied, that is, if its name is not its SHA-256 and its
   * size was different in the last run.
   * @throws CollectError `REFUSED` if it is not a plain file or is too large.
   */
  async read(name: string): Promise<Acknowledged | null> {
    const bytes = await readBounded(join(this.#dir, name), maxAcknowledgementBytes)
    const signature = await readBounded(join(this.#dir, name + signatureSuffix), maxSignatureBytes)
    return this.#isSettled(name, bytes) ? { bytes, signature } : null
  }

  #isSettled(name: string, bytes: Uint8Array): boolean {
    const digest = createHash('sha256').update(bytes).digest('hex')
    const isSettled = name.startsWith(digest) || this.#unsettled.get(name) === bytes.length
    if (isSettled) this.#unsettled.delete(name)
    else this.#unsettled.set(name, bytes.length)
    return isSettled
  }

  /** Moves both files to another folder, where ops can inspect them. */
  async refuse(name: string): Promise<void> {
    for (const part of [name, name + signatureSuffix]) {
      await orNull(rename(join(this.#dir, part), join(this.#dir, 'refused', part)))
    }
    this.#hideTimes()
  }

  /**
   * The order makes sure that neither of the two files, left alone by a crash, looks like a new
   * arrival.
   */
  async remove(name: string): Promise<void> {
    await rename(join(this.#dir, name), join(this.#dir, name + doneSuffix))
    await this.#finish(name)
  }

  async #finish(name: string): Promise<void> {
    await rm(join(this.#dir, name + signatureSuffix), { force: true })
    await rm(join(this.#dir, name + doneSuffix), { force: true })
    this.#hideTimes()
  }

  /** Hides the time of the folder, which would show when the last file came or went. */
  #hideTimes(): void {
    const day = midnightOf(this.#clock.now())
    for (const folder of [join(this.#dir, 'refused'), this.#dir]) hideDirectoryTime(folder, day)
  }
}

async function readBounded(path: string, maxBytes: number): Promise<Uint8Array> {
  // A link could point to any of our files, and a pipe could block the worker for ever.
  const handle = await open(
    path,
    constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK,
  ).catch(refuseLink)
  try {
    const stat = await handle.stat()
    if (!stat.isFile() || stat.size > maxBytes) {
      throw new CollectError(
        'REFUSED',
        `an acknowledgement must be a plain file of at most ${maxBytes} bytes`,
      )
    }
    return await handle.readFile()
  } finally {
    await handle.close()
  }
}

function refuseLink(error: NodeJS.ErrnoException): never {
  if (error.code !== 'ELOOP' && error.code !== 'ENXIO') throw error
  throw new CollectError('REFUSED', 'an acknowledgement must be a plain file', error)
}
