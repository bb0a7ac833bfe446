import { readFile, rm } from 'node:fs/promises'
import { writeForGroup } from './group-file.ts'

/**
 * `restart`: end tor, so that the supervisor starts it again. `reload`: read the torrc and the
 * clients of onions again (SIGHUP).
 */
export const torRequests = ['restart', 'reload'] as const
export type TorRequest = (typeof torRequests)[number]

/**
 * Sends a request to the supervisor of tor through a file. A control port would reveal every
 * circuit to its user.
 *
 * @throws errors of the file system.
 */
export async function requestOfTor(path: string, request: TorRequest): Promise<void> {
  await writeForGroup(path, `${request}\n`)
}

/**
 * Reads and removes a request, so that it is handled once; null when there is none or it is
 * unknown. Never throws.
 */
export async function takeRequest(path: string): Promise<TorRequest | null> {
  const text = await readFile(path, 'latin1').catch(() => null)
  if (text === null) return null
  await rm(path, { force: true }).catch(() => undefined)
  return torRequests.find((request) => text === `${request}\n`) ?? null
}
