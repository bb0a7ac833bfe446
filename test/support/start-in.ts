import { rmSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { atExit } from './at-exit.ts'
import { killDaemons } from './engines/daemon.ts'

const folders = new Set<string>()
// A test that timed out during a start never gets the object that it would have to dispose of.
atExit(() => {
  // Otherwise the daemons would continue to write.
  killDaemons()
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

/** Takes note of what has to end; the last goes first. */
export type AtEnd = (end: () => Promise<unknown>) => void

/**
 * Starts something that has a folder and processes. They end together: when it is disposed of, when
 * its start fails, and the folder at the latest with this process.
 */
export async function startIn<Started extends object>(
  prefix: string,
  start: (dir: string, atEnd: AtEnd) => Promise<Started>,
): Promise<Started & { dispose(): Promise<void> }> {
  const dir = await mkdtemp(join(tmpdir(), `tumen-${prefix}-`))
  folders.add(dir)
  const ends: (() => Promise<unknown>)[] = []
  const dispose = async (): Promise<void> => {
    for (const end of ends.toReversed()) await end()
    await rm(dir, { recursive: true, force: true })
    folders.delete(dir)
  }
  try {
    return Object.assign(await start(dir, (end) => void ends.push(end)), { dispose })
  } catch (error) {
    await dispose()
    throw error
  }
}
