import { mkdir, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Clock } from '../src/time/clock.ts'
import { midnightOf } from '../src/time/day.ts'
import { hideDirectoryTime } from '../src/disk/dir-sync.ts'
import { orNull } from '../src/disk/errno.ts'
import { isReceipt } from '../src/store/layout.ts'

/**
 * Notes of unfinished attempts to store an envelope: how often the process died during one. They
 * are files and not in Redis, which may be wiped. They are not fsynced, since a note only has to
 * outlive the process: a power cut is not the envelope's fault.
 */
export interface Attempts {
  /** The envelopes during whose last attempt the process died. */
  noted(): ReadonlySet<string>
  /** Deletes the notes of all other envelopes. */
  keepOnly(isWanted: (receipt: string) => Promise<boolean>): Promise<void>
  /** Starts an attempt and returns during how many earlier ones the process died. */
  begin(receipt: string): Promise<number>
  /** Ends an attempt, whether it succeeded or failed. */
  end(receipt: string): Promise<void>
}

/** Reads the notes that an earlier process has left. */
export async function openAttempts(options: { dir: string; clock: Clock }): Promise<Attempts> {
  await mkdir(options.dir, { recursive: true, mode: 0o700 })
  const noted = new Set(await readdir(options.dir))
  // an attempt starts when a tip arrives, so the times of the note and the folder must not show
  // when that was
  const today = (): Date => midnightOf(options.clock.now())
  const hideTime = (): void => hideDirectoryTime(options.dir, today())
  hideTime()
  const pathOf = (receipt: string): string => join(options.dir, receipt)
  const end = async (receipt: string): Promise<void> => {
    await rm(pathOf(receipt), { recursive: true, force: true })
    hideTime()
    noted.delete(receipt)
  }
  return {
    noted: () => noted,
    async keepOnly(isWanted) {
      for (const receipt of noted)
        if (!isReceipt(receipt) || !(await isWanted(receipt))) await end(receipt)
    },
    async begin(receipt) {
      const crashes = parseCount(await orNull(readFile(pathOf(receipt), 'latin1')))
      await writeFile(pathOf(receipt), String(crashes + 1), { mode: 0o600 })
      await utimes(pathOf(receipt), today(), today())
      hideTime()
      return crashes
    },
    end,
  }
}

/** An unreadable note counts as zero: no envelope is condemned because of it. */
function parseCount(text: string | null): number {
  return text !== null && /^\d{1,6}$/.test(text) ? Number(text) : 0
}
