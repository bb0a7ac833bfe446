import type { Keyring } from '../keyring/keyring.ts'
import { dropName } from '../replies/drop.ts'
import { indexFileName, type ReplyIndex } from '../replies/index-file.ts'
import type { SharedFolder } from '../store/s3-folder.ts'
import { shuffle } from '../store/shuffle.ts'
import type { Clock } from '../time/clock.ts'
import { dayOfInstant } from '../time/day.ts'
import { type Arrival, checkArrival, readSignedIndex } from './check-arrival.ts'
import { ReplyStoreError } from './errors.ts'
import { storedFiles } from './reply-source.ts'
import { pairNameOf, sharedFiles } from './shared-files.ts'
import { packPair, type SignedPair } from './signed-pair.ts'
import {
  digestOf,
  indexNamesOn,
  readNamedDrop,
  readStoredIndexes,
  type StoredIndex,
} from './stored-indexes.ts'
import { takeIn } from './take-in.ts'
import { createSharedTidy } from './tidy-shared.ts'

export interface SharingOptions {
  shared: SharedFolder
  /** The folder of answers of this machine. */
  folder: string
  keyring: () => Promise<Keyring>
  clock: Clock
  monotonicMs: () => number
  /** Whether this machine does the work that is done once for all machines. */
  isMine: () => boolean
}

interface Round {
  options: SharingOptions
  keyring: Keyring
  day: string
  /** The objects that all machines share, with their marks; empty for a drop that we wrote. */
  held: Map<string, string>
  /** The indexes of this machine; read again when one was taken in. */
  here: readonly StoredIndex[]
}

/**
 * Keeps the answers of this machine and the shared ones equal. An index with a higher number is
 * taken in from the store as it would be from a stick: its signature and each drop are checked, so
 * the store is not trusted. An index that is newer here is written to the store, after its drops. A
 * round that a crash or another machine interrupts is finished by the next one, on any machine.
 * @returns a function for each round.
 * @throws StoreError; ReplyStoreError for the check that a shared index failed.
 */
export function createReplySharing(options: SharingOptions): () => Promise<void> {
  /** Found equal in the last round: the mark of each shared index, and the digest of ours. */
  const agreed = new Map<string, string>()
  const tidy = createSharedTidy(options)
  // Objects that were written on an earlier day are found at the start as well.
  let refreshedOn: string | null = null

  return async () => {
    const keyring = await options.keyring()
    const day = dayOfInstant(options.clock.now())
    const held = await options.shared.list()
    const here = await readHere({ options, keyring, day })
    const round: Round = { options, keyring, day, held, here }
    for (const { keyId } of indexNamesOn(keyring, day)) {
      const state = stateOf(round, keyId)
      if (agreed.get(keyId) === state) continue
      if (await agree(round, keyId)) agreed.set(keyId, state)
      else agreed.delete(keyId)
    }
    await writeMissingDrops(round)
    if (!options.isMine()) return
    if (refreshedOn !== day) await refresh(round)
    refreshedOn = day
    await tidy({ keyring, day, held: await options.shared.list() })
  }
}

function stateOf(round: Round, keyId: string): string {
  const here = indexOf(round, keyId)
  const mark = round.held.get(pairNameOf(indexFileName(keyId))) ?? ''
  return `${mark} ${here === undefined ? '' : digestOf(here.bytes)}`
}

function readHere({ options, keyring, day }: Omit<Round, 'held' | 'here'>): Promise<StoredIndex[]> {
  return readStoredIndexes(storedFiles(options.folder), keyring, day)
}

function indexOf({ here }: Round, keyId: string): StoredIndex | undefined {
  return here.find((index) => index.keyId === keyId)
}

/**
 * Takes the shared index in if it is newer than ours, and writes ours if it is newer.
 * @returns whether they were equal.
 */
async function agree(round: Round, keyId: string): Promise<boolean> {
  const name = indexFileName(keyId)
  const isShared = round.held.has(pairNameOf(name))
  const arrival = isShared ? await readShared(round, name) : 'ours is newer'
  if (arrival === 'unchanged') return true
  if (arrival === 'ours is newer') {
    await publish(round, keyId)
    return false
  }
  const { folder, clock } = round.options
  await takeIn(arrival, { folder, keyring: round.keyring, clock })
  round.here = await readHere(round)
  return false
}

async function readShared(
  { options, keyring, day }: Round,
  name: string,
): Promise<Arrival | 'unchanged' | 'ours is newer'> {
  const parts = {
    carried: sharedFiles(options.shared),
    stored: storedFiles(options.folder),
    keyring,
    day,
  }
  try {
    return await checkArrival(parts, name, await readSignedIndex(parts, name))
  } catch (error) {
    if (!(error instanceof ReplyStoreError) || !isOvertaken.includes(error.code)) throw error
    return 'ours is newer'
  }
}

/** A shared index that is older than ours, or damaged, is replaced by ours if we have one. */
const isOvertaken: readonly string[] = [
  'NOT_NEWER',
  'UNSIGNED',
  'SIGNER_UNKNOWN',
  'SIGNATURE_INVALID',
]

/** If another machine has written an index meanwhile, the next round compares again. */
async function publish(round: Round, keyId: string): Promise<void> {
  const here = indexOf(round, keyId)
  if (here === undefined) return
  await writeMissingDrops(round)
  const name = indexFileName(keyId)
  await write(round.options.shared, name, here, round.held.get(pairNameOf(name)) ?? null)
}

/** Also writes the drops of an index whose machine stopped before it had written all of them. */
async function writeMissingDrops(round: Round): Promise<void> {
  for (const drop of round.here.flatMap(({ index }) => index.drops))
    if (!round.held.has(pairNameOf(dropName(drop.id)))) await writeDrop(round, drop)
}

/**
 * Writes every answer once more, in random order, so that after the night the times of the objects
 * no longer tell when a stick was taken in. It also replaces objects that were damaged.
 */
async function refresh(round: Round): Promise<void> {
  const { options, here } = round
  const { shared } = options
  const held = await shared.list()
  const drops = here.flatMap(({ index }) => index.drops)
  const steps = [
    ...drops.map((drop) => () => writeDrop(round, drop)),
    ...here.map((index) => {
      const name = indexFileName(index.keyId)
      return () => write(shared, name, index, held.get(pairNameOf(name)) ?? null)
    }),
  ]
  for (const step of shuffle(steps)) await step()
}

async function writeDrop(round: Round, drop: ReplyIndex['drops'][number]): Promise<void> {
  const found = await readNamedDrop(storedFiles(round.options.folder), drop)
  if (found === null) return
  await write(round.options.shared, dropName(drop.id), found)
  round.held.set(pairNameOf(dropName(drop.id)), '')
}

async function write(
  shared: SharedFolder,
  name: string,
  pair: SignedPair,
  replaces?: string | null,
): Promise<void> {
  await shared.write(pairNameOf(name), packPair(name, pair), replaces)
}
