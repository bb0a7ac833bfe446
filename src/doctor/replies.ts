import { join } from 'node:path'
import { KeyringError } from '../keyring/errors.ts'
import { type LoadedKeyring, loadSignedKeyring } from '../keyring/load.ts'
import { type JudgedKeys, judgeKeysByAll } from '../replies/judge-index.ts'
import { repliesFolder } from '../reply-store/layout.ts'
import { type ReadReplyFile, storedFiles } from '../reply-store/reply-source.ts'
import {
  readNamedDrop,
  readStoredIndexes,
  type StoredIndex,
} from '../reply-store/stored-indexes.ts'
import { daysBetween } from '../time/day.ts'
import { doubtful, type Finding, well, wrong } from './finding.ts'
import { count } from '../text/count.ts'

const check = 'answers'

/** As ops does: ten days before an index is of no use to the page any more. */
const oldDays = 20

const makeTrip =
  'make a trip: export, open and acknowledge on the desk, and take the stick in with "tumen acknowledge"'

/** Checks what sources get of the desk's answers, and what it tells them about the keys. */
export async function checkReplies({
  dataDir,
  keysDir,
  day,
}: {
  dataDir: string
  keysDir: string
  day: string
}): Promise<Finding[]> {
  const loaded = await loadSignedKeyring(keysDir).catch(nullIfRefused)
  // Another check reports the keyring.
  if (loaded === null) return []
  const read = storedFiles(join(dataDir, repliesFolder))
  try {
    const indexes = await readStoredIndexes(read, loaded.keyring, day)
    if (indexes.length === 0) return [await explainNone(read)]
    const keys = judgeKeysByAll({
      keyringSha256: loaded.fingerprint,
      keyringIssued: loaded.keyring.issued,
      today: day,
      indexes: indexes.map(({ index }) => index),
    })
    return [
      ...indexes.map((index) => ageOf(index, day)),
      ...findKeysProblem(keys, loaded),
      ...(await findLostDrops(read, indexes)),
    ]
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? 'unknown'
    return [
      wrong(
        check,
        `${join(dataDir, repliesFolder)} cannot be read (${reason})`,
        'check its owner and permissions',
      ),
    ]
  }
}

function nullIfRefused(error: unknown): LoadedKeyring | null {
  if (error instanceof KeyringError) return null
  throw error
}

async function explainNone(read: ReadReplyFile): Promise<Finding> {
  const isThere = (await read('index.json', 1)) !== null
  return isThere
    ? doubtful(
        check,
        'index.json is of no acknowledgement signer in force today, so it is not served',
        makeTrip,
      )
    : doubtful(
        check,
        'none yet: sources cannot be answered, and are not told that staff confirmed the keys',
        makeTrip,
      )
}

function ageOf({ signer, index }: StoredIndex, day: string): Finding {
  const days = daysBetween(index.day, day)
  const says = `${signer.name}: number ${index.seq} of ${index.day}, ${count(index.drops.length, 'drop')}`
  if (days < oldDays) return well(check, says)
  return doubtful(
    check,
    `${says}; that is ${days} days ago, and after 30 days it confirms no keys any more`,
    makeTrip,
  )
}

function findKeysProblem({ state }: JudgedKeys, { keyring }: LoadedKeyring): Finding[] {
  if (state === 'replayed')
    return [
      wrong(
        check,
        `the keyring served here (issued ${keyring.issued}) is older than the one that the desk has confirmed: the page refuses to seal to it`,
        'put the keyring of the last ceremony into TUMEN_KEYS_DIR and restart the intake',
      ),
    ]
  if (state === 'not_confirmed_yet')
    return [
      doubtful(
        check,
        `the keyring served here (issued ${keyring.issued}) is not the one that the desk has confirmed: sources read that it is new`,
        `carry the new keyring to the desk, and ${makeTrip}`,
      ),
    ]
  return []
}

async function findLostDrops(
  read: ReadReplyFile,
  indexes: readonly StoredIndex[],
): Promise<Finding[]> {
  const named = new Map(
    indexes.flatMap(({ index }) => index.drops).map((drop) => [drop.id, drop] as const),
  )
  let lost = 0
  for (const drop of named.values()) if ((await readNamedDrop(read, drop)) === null) lost += 1
  if (lost === 0) return []
  return [
    wrong(
      check,
      `${lost} of ${count(named.size, 'drop')} missing or not what the index names: the answers cannot be read`,
      'restore the folder replies/ from a backup, or take the last stick in again',
    ),
  ]
}
