import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Places } from '../../src/doctor/finding.ts'
import { makeTempDir } from '../support/temp-dir.ts'

/**
 * Makes a folder with the files of a machine, such as `proc/swaps`, `sys/class/block/…` and
 * `run/…`.
 */
export async function makePlaces(
  files: Readonly<Record<string, string>> = {},
): Promise<Places & { dir: string }> {
  const dir = await makeTempDir()
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(dir, path)), { recursive: true })
    await writeFile(join(dir, path), text)
  }
  return { dir, proc: join(dir, 'proc'), sys: join(dir, 'sys'), run: join(dir, 'run') }
}
