import { readFile } from 'node:fs/promises'
import { isOnionName } from '../../config/parsers.ts'
import { writeForGroup } from './group-file.ts'

/** The name that tor wrote into `hostname`; null while there is no such file. Never throws. */
export async function readOnionName(path: string): Promise<string | null> {
  const text = await readFile(path, 'latin1').catch(() => '')
  const name = text.trim()
  return isOnionName(name) ? name : null
}

/**
 * Copies tor's `hostname` file to a place that ops may read, if that is another file. Never throws.
 */
export async function publishOnionName(from: string, to: string): Promise<void> {
  const [name, published] = [await readOnionName(from), await readOnionName(to)]
  if (name !== null && name !== published)
    await writeForGroup(to, `${name}\n`).catch(() => undefined)
}
