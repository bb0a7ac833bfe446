import { mkdir, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Clock } from '../src/time/clock.ts'
import { midnightOf } from '../src/time/day.ts'
import { hideDirectoryTime } from '../src/disk/dir-sync.ts'
import { orNull } from '../src/disk/errno.ts'
import { isReceipt } from '../src/store/layout.ts'

/**
 * Notes that say how often storing one envelope was begun and never came back.
 * Files and not Redis, which may be wiped; not fsynced, since a note only has to
 * outlive the process: a power cut is not the envelope's fault.
 */
export interface Attempts {
  /** The envelopes whose last attempt ended with the process. */
  noted(): ReadonlySet<string>
  /** Forgets the notes about all others. */
  keepOnly(isWanted: (receipt: string) => Promise<boolean>): Promise<void>
  /** How many attempts before this one ended with the process. */
  begin(receipt: string): Promise<number>
  /** The attempt came back, well or not. */
  end(receipt: string): Promise<void>
}

/** Reads which notes an earlier process has left. */
export async function openAttempts(options: { dir: string; clock: Clock }): Promise<Attempts> {
  await mkdir(options.dir, { recursive: true, mode: 0o700 })
  const noted = new Set(await readdir(options.dir))
  // an attempt starts when a tip arrives: neither its note nor the folder may tell when that was
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

/** A note that cannot be read says nothing: no envelope is condemned for it. */
function parseCount(text: string | null): number {
  return text !== null && /^\d{1,6}$/.test(text) ? Number(text) : 0
}
