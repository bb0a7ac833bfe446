import { join } from 'node:path'
import { hideDirectoryTime } from '../disk/dir-sync.ts'
import { giveToOwnerOf } from '../disk/owner.ts'
import { readBounded, replaceFile } from '../disk/small-files.ts'
import { stat, utimes } from 'node:fs/promises'
import { orNull } from '../disk/errno.ts'
import { StoreError } from './errors.ts'
import { RESTORE_DIR } from './layout.ts'

export const formatFileName = 'format.json'

/** The version of the data folder that this program writes, and the newest that it reads. */
export const dataVersion = 1

/** The oldest version of the program that can read what this one writes. */
const oldestReader = 1

const maxFormatBytes = 1024

export interface DataFormat {
  /** The version that the folder was written with; 0 if it is older than this file. */
  version: number
  /** The oldest version of the program that can read the folder. */
  oldestReader: number
}

/** A migration from the previous version. Running it twice changes nothing. */
export interface Migration {
  to: number
  /** Description for people. */
  does: string
  run(dataDir: string): Promise<void>
}

export const migrations: readonly Migration[] = [
  {
    to: 1,
    does: 'note the version in format.json; the worker splits a long ledger into segments at its next start',
    // Nothing to do here: the ledger's own writer splits it, under its lock.
    run: async () => {},
  },
]

/**
 * Reads the version that the folder was written with.
 * @throws StoreError `TOO_NEW` if this program must not touch the folder, or if that cannot be
 *   determined.
 */
export async function readDataFormat(dataDir: string): Promise<DataFormat> {
  const bytes = await readBounded(join(dataDir, formatFileName), maxFormatBytes)
  if (bytes === null) return { version: 0, oldestReader: 0 }
  const format = parseFormat(Buffer.from(bytes).toString('utf8'))
  if (format === null)
    throw new StoreError(
      'TOO_NEW',
      `${join(dataDir, formatFileName)} cannot be read, so nobody knows which version of Tumen wrote this folder: delete that file if this version did, otherwise start the version that did`,
    )
  if (format.oldestReader > dataVersion)
    throw new StoreError(
      'TOO_NEW',
      `${dataDir} was written by a newer Tumen (data version ${format.version}; this program reads up to ${dataVersion}): start that newer version, or restore a backup from before the upgrade into a new TUMEN_DATA_DIR`,
    )
  return format
}

/**
 * To be called by each process before it changes anything in the folder. A restore puts its files
 * in place only once all of them are checked: a process that wrote meanwhile would lose what it
 * wrote, or continue a ledger that is replaced.
 * @throws StoreError `RESTORING` or `TOO_NEW`.
 */
export async function requireUsableFolder(dataDir: string): Promise<void> {
  if ((await orNull(stat(join(dataDir, RESTORE_DIR)))) !== null)
    throw new StoreError(
      'RESTORING',
      `a restore into ${dataDir} is running, or was stopped halfway: wait until it has ended. If none runs, empty the folder and run "tumen restore" again`,
    )
  await readDataFormat(dataDir)
}

/** The migrations from the folder's version to this program's. */
export function pendingMigrations({ version }: DataFormat): Migration[] {
  return migrations.filter(({ to }) => to > version)
}

/**
 * Checks the folder's version and updates the folder.
 * @param day modification time of the version file.
 * @returns the migrations that were run. @throws StoreError `TOO_NEW`, with nothing changed.
 */
export async function migrateDataFolder(dataDir: string, day: Date): Promise<Migration[]> {
  const pending = pendingMigrations(await readDataFormat(dataDir))
  const path = join(dataDir, formatFileName)
  for (const step of pending) {
    await step.run(dataDir)
    const format = { format: 'tumen-data', version: step.to, oldestReader }
    await replaceFile(path, `${JSON.stringify(format)}\n`)
    await giveToOwnerOf(dataDir, path)
    await utimes(path, day, day)
    hideDirectoryTime(dataDir, day)
  }
  return pending
}

function parseFormat(text: string): DataFormat | null {
  try {
    const { format, version, oldestReader: oldest } = JSON.parse(text) as Record<string, unknown>
    if (format !== 'tumen-data' || !isVersion(version) || !isVersion(oldest)) return null
    return { version, oldestReader: oldest }
  } catch {
    return null
  }
}

function isVersion(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0
}
