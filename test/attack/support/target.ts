import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openSite, type Site } from '../../faults/site.ts'
import type { Assault } from './attacker.ts'

/** A real intake with its worker and Redis, reached through the socket that tor would use. */
export interface Target {
  site: Site
  socketPath: string
  look: () => Look
  /** @returns a function that ends the attack and tells how often each status was answered */
  assail(assault: Omit<Assault, 'socketPath'>): () => Promise<Record<string, number>>
  dispose(): Promise<void>
}

/** The state of the intake's process and its folders. */
export interface Look {
  residentMebibytes: number
  descriptors: number
  /** The number of files that belong to submissions being received in a single request. */
  temporary: number
  unfinished: number
  /** The size of everything that has no receipt yet. */
  unfinishedBytes: number
}

export async function openTarget(env: Record<string, string> = {}): Promise<Target> {
  const folder = await mkdtemp(join(tmpdir(), 'tumen-attack-'))
  const socketPath = join(folder, 'onion.sock')
  const site = await openSite({ env: { TUMEN_ONION_SOCKET: socketPath, ...env } })
  return {
    site,
    socketPath,
    look: () => lookAt(site),
    assail: (assault) => assail({ ...assault, socketPath }),
    async dispose() {
      await site.dispose()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

function lookAt({ intake, dataDir }: Site): Look {
  const status = readFileSync(`/proc/${intake.pid}/status`, 'latin1')
  const temporary = filesIn(join(dataDir, 'tmp'))
  const unfinished = filesIn(join(dataDir, 'uploads')).filter(
    ({ name }) => name.endsWith('.part') || name.endsWith('.upload'),
  )
  return {
    residentMebibytes: Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024,
    descriptors: readdirSync(`/proc/${intake.pid}/fd`).length,
    temporary: temporary.length,
    unfinished: unfinished.length,
    unfinishedBytes: [...temporary, ...unfinished].reduce((sum, { bytes }) => sum + bytes, 0),
  }
}

function filesIn(folder: string): { name: string; bytes: number }[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name !== 'owner' && entry.name !== 'boot')
      .map((entry) => ({
        name: entry.name,
        bytes: statSync(join(entry.parentPath, entry.name), { throwIfNoEntry: false })?.size ?? 0,
      }))
  } catch {
    return []
  }
}

function assail(assault: Assault): () => Promise<Record<string, number>> {
  const child: ChildProcess = fork(
    join(import.meta.dirname, 'attacker.ts'),
    [JSON.stringify(assault)],
    { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] },
  )
  const gone = once(child, 'exit')
  const statuses: Record<string, number> = {}
  child.on('message', (counted: Record<string, number>) => void Object.assign(statuses, counted))
  return async () => {
    child.kill('SIGKILL')
    await gone
    return statuses
  }
}
