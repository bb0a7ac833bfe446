import { randomBytes } from 'node:crypto'
import { rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { syncDirectory } from '../disk/dir-sync.ts'
import { errnoOf } from '../disk/errno.ts'
import { makeFolder } from '../disk/make-folder.ts'
import { giveToOwnerOf } from '../disk/owner.ts'
import { midnightOf } from '../time/day.ts'
import type { Clock } from '../time/clock.ts'
import type { Arrival } from './check-arrival.ts'
import { signatureSuffix } from './layout.ts'
import { placeFile } from './place-files.ts'
import { digestOf } from './stored-indexes.ts'

/** An arrival is a folder that is named by the SHA-256 of its index. */
export const arrivalName = /^[0-9a-f]{64}$/

/**
 * The prefix of the folder's name while it is being filled. The worker removes such folders when it
 * starts; a command that is just filling one then fails, and can be repeated.
 */
export const handingOverPrefix = '.'

export function replyInboxOf(dataDir: string): string {
  return join(dataDir, 'acknowledgements', 'replies')
}

/**
 * Leaves a checked index and its drops for the worker, which alone writes to the folder of answers.
 * The folder gets its name when all that is in it is durable.
 */
export async function handOver(
  arrival: Pick<Arrival, 'name' | 'bytes' | 'signature' | 'drops'>,
  { dataDir, clock }: { dataDir: string; clock: Clock },
): Promise<void> {
  const inbox = replyInboxOf(dataDir)
  const day = midnightOf(clock.now())
  await makeFolder(inbox, 0o700)
  await giveToOwnerOf(dataDir, join(dataDir, 'acknowledgements'), inbox)
  const filling = join(inbox, handingOverPrefix + randomBytes(8).toString('hex'))
  await makeFolder(filling, 0o700)
  try {
    for (const file of [...arrival.drops, arrival]) {
      for (const [name, bytes] of [
        [file.name, file.bytes],
        [file.name + signatureSuffix, file.signature],
      ] as const) {
        await placeFile({ folder: filling, name, day }, bytes)
        await giveToOwnerOf(dataDir, join(filling, name))
      }
    }
    await giveToOwnerOf(dataDir, filling)
    await syncDirectory(filling, day)
    await rename(filling, join(inbox, digestOf(arrival.bytes))).catch(ignoreRepeated)
    await syncDirectory(inbox, day)
  } finally {
    await rm(filling, { recursive: true, force: true })
  }
}

/** The same answers were handed over before, and the worker has yet to take them in. */
function ignoreRepeated(error: unknown): void {
  if (errnoOf(error) !== 'ENOTEMPTY' && errnoOf(error) !== 'EEXIST') throw error
}
