import { join } from 'node:path'
import type { Keyring } from '../src/keyring/keyring.ts'
import { maxIndexBytes } from '../src/replies/bounds.ts'
import { checkArrival, readSignedIndex } from '../src/reply-store/check-arrival.ts'
import { isTooEarly, ReplyStoreError } from '../src/reply-store/errors.ts'
import { repliesFolder } from '../src/reply-store/layout.ts'
import { carriedFiles, listCarriedIndexes, storedFiles } from '../src/reply-store/reply-source.ts'
import { digestOf } from '../src/reply-store/stored-indexes.ts'
import { takeIn } from '../src/reply-store/take-in.ts'
import { tidyReplies } from '../src/reply-store/tidy.ts'
import type { Clock } from '../src/time/clock.ts'
import { dayOfInstant, midnightOf } from '../src/time/day.ts'
import type { ReplyInbox } from './reply-inbox.ts'

export interface RepliesOptions {
  dataDir: string
  keysDir: string
  replyInbox: ReplyInbox
  /** @throws CollectError `KEYRING_UNAVAILABLE`: everything waits. */
  loadKeyring: () => Promise<Keyring>
  clock: Clock
  isStopping: () => boolean
}

/**
 * Takes in the answers that were left in the inbox, and the first index of a ceremony, which comes
 * with the keyring. An arrival is removed only when all of it is taken in, and taking it in again
 * changes nothing, so a crash needs no clean-up.
 * @returns a function for each round. It resolves to the failed checks of the arrivals that were
 *   put aside, and rejects with the system's error if the disk fails: the arrival then stays.
 */
export function createReplyIntake(options: RepliesOptions): () => Promise<string[]> {
  const { dataDir, keysDir, replyInbox, loadKeyring, clock, isStopping } = options
  const folder = join(dataDir, repliesFolder)
  const ceremonyFolder = join(keysDir, repliesFolder)
  let isTidy = false
  /** Digests of the ceremony's indexes that were looked at, so that each is read once. */
  let seen = ''

  async function takeInFirst(): Promise<void> {
    const digests = await digestsIn(ceremonyFolder)
    if (digests === seen) return
    // An older index than ours stays next to the keyring for as long as it does, and means nothing.
    const problem = await takeInFrom(ceremonyFolder, {
      folder,
      keyring: await loadKeyring(),
      clock,
    })
    if (problem === null || !isTooEarly(problem)) seen = digests
  }

  return async () => {
    const refused: string[] = []
    for (const name of await replyInbox.names()) {
      if (isStopping()) return refused
      const keyring = await loadKeyring()
      const problem = await takeInFrom(replyInbox.pathOf(name), { folder, keyring, clock })
      if (problem === null) await replyInbox.remove(name)
      else if (!isTooEarly(problem)) {
        await replyInbox.refuse(name)
        refused.push(problem.code)
      }
    }
    await takeInFirst()
    if (!isTidy) await tidyReplies(folder, midnightOf(clock.now()))
    isTidy = true
    return refused
  }
}

async function digestsIn(folder: string): Promise<string> {
  const read = carriedFiles(folder)
  const names = await listCarriedIndexes(folder).catch(emptyIfRefused)
  const files = await Promise.all(names.map((name) => read(name, maxIndexBytes)))
  return files.map((bytes) => (bytes === null ? '' : digestOf(bytes))).join()
}

function emptyIfRefused(error: unknown): string[] {
  if (error instanceof ReplyStoreError) return []
  throw error
}

/** @returns null if everything was taken in or was here already, otherwise the failed check. */
async function takeInFrom(
  from: string,
  { folder, keyring, clock }: { folder: string; keyring: Keyring; clock: Clock },
): Promise<ReplyStoreError | null> {
  const parts = {
    carried: carriedFiles(from),
    stored: storedFiles(folder),
    keyring,
    day: dayOfInstant(clock.now()),
  }
  try {
    for (const fileName of await listCarriedIndexes(from)) {
      const arrival = await checkArrival(parts, fileName, await readSignedIndex(parts, fileName))
      if (arrival !== 'unchanged') await takeIn(arrival, { folder, keyring, clock })
    }
    return null
  } catch (error) {
    if (error instanceof ReplyStoreError) return error
    throw error
  }
}
