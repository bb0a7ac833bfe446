import { lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'

const dayMs = 86_400_000

export interface Times {
  /** Relative to the folder that was searched; '' for that folder itself. */
  path: string
  modifiedMs: number
  readMs: number
}

/** A folder's own times are looked at before its names are listed, because listing changes them. */
async function timesBelow(folder: string, path = ''): Promise<Times[]> {
  const stat = await lstat(join(folder, path))
  const found = [{ path, modifiedMs: stat.mtimeMs, readMs: stat.atimeMs }]
  if (!stat.isDirectory()) return found
  for (const name of (await readdir(join(folder, path))).sort())
    found.push(...(await timesBelow(folder, join(path, name))))
  return found
}

/** The folder and all entries below it that were changed or read at a time finer than a day. */
export async function fineTimesBelow(folder: string): Promise<Times[]> {
  return (await timesBelow(folder)).filter(
    ({ modifiedMs, readMs }) => modifiedMs % dayMs !== 0 || readMs % dayMs !== 0,
  )
}

/** Paths of the entries below the folder that were changed at a time finer than a day. */
export async function finelyChangedBelow(folder: string): Promise<string[]> {
  return (await timesBelow(folder))
    .filter(({ modifiedMs }) => modifiedMs % dayMs !== 0)
    .map(({ path }) => path)
}
