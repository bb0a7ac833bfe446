import { readFile, rm } from 'node:fs/promises'
import { writeForGroup } from './group-file.ts'

/**
 * `restart`: end tor, which is then started again. `reload`: read the torrc and the clients of
 * onions anew (SIGHUP).
 */
export const torRequests = ['restart', 'reload'] as const
export type TorRequest = (typeof torRequests)[number]

/**
 * Asks whoever runs tor for something, by a file: no control port, which would tell its reader of
 * every circuit.
 * @throws what the disk throws.
 */
export async function requestOfTor(path: string, request: TorRequest): Promise<void> {
  await writeForGroup(path, `${request}\n`)
}

/**
 * Takes a request, so that it is answered once; null when there is none, or none of ours. Never
 * throws.
 */
export async function takeRequest(path: string): Promise<TorRequest | null> {
  const text = await readFile(path, 'latin1').catch(() => null)
  if (text === null) return null
  await rm(path, { force: true }).catch(() => undefined)
  return torRequests.find((request) => text === `${request}\n`) ?? null
}
