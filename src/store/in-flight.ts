import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { orNull } from '../disk/errno.ts'

export interface InFlight {
  /** Plain uploads that are being received and have reached the disk. None has a receipt yet. */
  plain: number
  /** Incomplete resumable uploads; their senders may return for days. */
  resumable: number
}

/** Counts the uploads that the intakes of this data folder are receiving now. */
export async function countInFlight(dir: string): Promise<InFlight> {
  const folders = (await namesIn(join(dir, 'tmp'))).filter((name) => name.startsWith('intake-'))
  const received = await Promise.all(folders.map((name) => namesIn(join(dir, 'tmp', name))))
  return {
    plain: received.flat().filter((name) => name !== 'owner').length,
    resumable: (await namesIn(join(dir, 'uploads'))).filter((name) => name.endsWith('.part'))
      .length,
  }
}

async function namesIn(folder: string): Promise<string[]> {
  return (await orNull(readdir(folder))) ?? []
}
