import { readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Clock } from '../time/clock.ts'
import { midnightOf } from '../time/day.ts'
import { syncDirectory } from '../disk/dir-sync.ts'
import { asStoreError, StoreError } from './errors.ts'
import { orNull } from '../disk/errno.ts'
import { FILE_MODE, isReceipt } from './layout.ts'

const CODE = /^[A-Z][A-Z_]{1,39}$/
const SUFFIX = '.reason'

/**
 * Why each dead letter can never be stored: a code in the file `quarantine/<receipt>.reason` next
 * to it.
 */
export interface Reasons {
  /**
   * Durable before the envelope is moved to quarantine: ops cannot judge a dead letter without a
   * reason.
   */
  note: (receipt: string, code: string) => Promise<void>
  /** Null if there is no reason or it cannot be read. */
  find(receipt: string): Promise<string | null>
  /** Removes the reason. A missing one is not an error. */
  forget(receipt: string): Promise<void>
}

export function reasonFileName(receipt: string): string {
  if (!isReceipt(receipt))
    throw new StoreError('INVALID_RECEIPT', 'receipt must be 64 lower-case hex digits')
  return `${receipt}${SUFFIX}`
}

export function openReasons({ dir, clock }: { dir: string; clock: Clock }): Reasons {
  const folder = join(dir, 'quarantine')
  const pathOf = (receipt: string): string => join(folder, reasonFileName(receipt))
  return {
    async note(receipt, code) {
      const day = midnightOf(clock.now())
      try {
        await writeFile(pathOf(receipt), `${code}\n`, { mode: FILE_MODE, flush: true })
        await utimes(pathOf(receipt), day, day)
        await syncDirectory(folder, day)
      } catch (cause) {
        throw asStoreError(cause)
      }
    },
    async find(receipt) {
      const text = await orNull(readFile(pathOf(receipt), 'latin1'))
      const code = text?.trimEnd() ?? ''
      return CODE.test(code) ? code : null
    },
    async forget(receipt) {
      await rm(pathOf(receipt), { force: true })
      await syncDirectory(folder, midnightOf(clock.now()))
    },
  }
}
