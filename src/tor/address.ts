import { readFile } from 'node:fs/promises'
import { writeForGroup } from './group-file.ts'

/** tor v3 (rend-spec-v3 §6): 56 characters of base32, and the suffix. */
const onionPattern = /^[a-z2-7]{56}\.onion$/

export function isOnionName(text: string): boolean {
  return onionPattern.test(text)
}

/** The name that tor wrote into `hostname`; null while there is none. Never throws. */
export async function readOnionName(path: string): Promise<string | null> {
  const text = await readFile(path, 'latin1').catch(() => '')
  const name = text.trim()
  return isOnionName(name) ? name : null
}

/** Hands tor's own copy on to where ops may read it, when that is another one. Never throws. */
export async function publishOnionName(from: string, to: string): Promise<void> {
  const [name, published] = [await readOnionName(from), await readOnionName(to)]
  if (name !== null && name !== published) await writeForGroup(to, `${name}\n`).catch(() => undefined)
}
