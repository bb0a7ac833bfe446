import { readdir, rename, rm, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { makeSecretDir, readBounded, writeNewFile } from '../disk/small-files.ts'
import { hideDirectoryTime, syncDirectory } from '../disk/dir-sync.ts'
import { type Clock, systemClock } from '../time/clock.ts'
import { midnightOf } from '../time/day.ts'
import type { Receipt } from '../store/blob-store.ts'
import { isReceipt } from '../store/layout.ts'
import type { CanaryNote } from './note.ts'
import { formatNote, maxNoteBytes, parseNote } from './note.ts'

/** Folder of the notes, relative to the data folder. */
export const notesFolder = 'canary'

/**
 * `sent`: ops still waits for the canary to arrive. `done`: the canary is to be removed wherever it
 * appears.
 */
export type NoteState = 'sent' | 'done'

const states: readonly NoteState[] = ['sent', 'done']

/**
 * Notes about the canaries of ops, `<receipt>.sent` and later `<receipt>.done`. Each note is
 * durable before its canary is sent, so that no canary is taken for a tip, whichever process is
 * killed at any moment.
 */
export class CanaryNotes {
  readonly #dir: string

  readonly #clock: Clock

  constructor(dataDir: string, clock: Clock = systemClock) {
    this.#dir = join(dataDir, notesFolder)
    this.#clock = clock
  }

  /** Creates the folder, and removes files that a killed process left half written. */
  async create(): Promise<void> {
    await makeSecretDir(this.#dir)
    for (const name of await readdir(this.#dir))
      if (/^\..*\.tmp$/.test(name)) await rm(join(this.#dir, name), { force: true })
    this.#hideTime()
  }

  async write(receipt: Receipt, note: CanaryNote): Promise<void> {
    const path = this.#path(receipt, 'sent')
    await writeNewFile(path, formatNote(note))
    const day = midnightOf(this.#clock.now())
    await utimes(path, day, day)
    this.#hideTime()
  }

  /** Null when there is no note or it cannot be read. */
  async read(receipt: Receipt): Promise<CanaryNote | null> {
    for (const state of states) {
      const bytes = await readBounded(this.#path(receipt, state), maxNoteBytes)
      if (bytes !== null) return parseNote(bytes)
    }
    return null
  }

  async list(): Promise<{ receipt: Receipt; state: NoteState }[]> {
    const names = await readdir(this.#dir).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return []
      throw error
    })
    return names.flatMap((name) => {
      const [, receipt = '', state = ''] = /^([0-9a-f]{64})\.(sent|done)$/.exec(name) ?? []
      return isReceipt(receipt) ? [{ receipt, state: state as NoteState }] : []
    })
  }

  /** Lets the worker remove the canary from now on. */
  async finish(receipt: Receipt): Promise<void> {
    await rename(this.#path(receipt, 'sent'), this.#path(receipt, 'done'))
    await syncDirectory(this.#dir, midnightOf(this.#clock.now()))
  }

  /** Removes the note. Only for a canary that is gone or was never sent. */
  async forget(receipt: Receipt): Promise<void> {
    for (const state of states) await rm(this.#path(receipt, state), { force: true })
    this.#hideTime()
  }

  /**
   * Resets the folder's timestamps: a canary is sent among the traffic of sources, so nothing may
   * reveal when.
   */
  #hideTime(): void {
    hideDirectoryTime(this.#dir, midnightOf(this.#clock.now()))
  }

  #path(receipt: Receipt, state: NoteState): string {
    return join(this.#dir, `${receipt}.${state}`)
  }
}
