import { readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { hideDirectoryTime } from '../src/disk/dir-sync.ts'
import { orNull } from '../src/disk/errno.ts'
import { makeFolder } from '../src/disk/make-folder.ts'
import { arrivalName, handingOverPrefix } from '../src/reply-store/hand-over.ts'
import type { Clock } from '../src/time/clock.ts'
import { midnightOf } from '../src/time/day.ts'

/** Maximum of arrivals in one run, so that a filled folder cannot block the worker. */
const maxArrivals = 100

/** The folder in which `tumen acknowledge` leaves the answers of a stick, a folder for each. */
export class ReplyInbox {
  readonly #dir: string
  readonly #refused: string
  readonly #clock: Clock

  /** @param refused where an arrival that was refused is put, for ops to look at */
  constructor({ dir, refused, clock }: { dir: string; refused: string; clock: Clock }) {
    this.#dir = dir
    this.#refused = refused
    this.#clock = clock
  }

  /** Creates the folder, and removes what a command left behind that was killed while copying. */
  async create(): Promise<void> {
    await makeFolder(this.#dir, 0o700)
    for (const name of await readdir(this.#dir)) {
      if (name.startsWith(handingOverPrefix))
        await rm(join(this.#dir, name), { recursive: true, force: true })
    }
    this.#hideTime()
  }

  /** Names of the arrivals that were handed over completely. */
  async names(): Promise<string[]> {
    const names = (await orNull(readdir(this.#dir))) ?? []
    this.#hideTime()
    return names
      .filter((name) => arrivalName.test(name))
      .sort()
      .slice(0, maxArrivals)
  }

  pathOf(name: string): string {
    return join(this.#dir, name)
  }

  /** After this, a crash can only lead to the same arrival being taken in again. */
  async remove(name: string): Promise<void> {
    await rm(join(this.#dir, name), { recursive: true, force: true })
    this.#hideTime()
  }

  async refuse(name: string): Promise<void> {
    const target = join(this.#refused, `${name}.replies`)
    await rm(target, { recursive: true, force: true })
    await rename(join(this.#dir, name), target)
    this.#hideTime()
  }

  #hideTime(): void {
    const day = midnightOf(this.#clock.now())
    for (const folder of [this.#dir, this.#refused]) hideDirectoryTime(folder, day)
  }
}
