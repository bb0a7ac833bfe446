import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'

/** All plain files below a folder, by their relative paths. */
export async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort()
}

/** SHA-256 of each file below a folder: two folders with equal digests hold the same bytes. */
export async function digestsBelow(folder: string): Promise<Record<string, string>> {
  const digests: Record<string, string> = {}
  for (const path of await filesBelow(folder))
    digests[path] = await sha256OfFile(join(folder, path))
  return digests
}

/** The digests of what the source sealed, without the files that the desk added. */
export async function digestsOfTip(folder: string): Promise<Record<string, string>> {
  const { 'opened.json': _opened, 'case.json': _case, ...sealed } = await digestsBelow(folder)
  return sealed
}

export async function sha256OfFile(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const piece of createReadStream(path, { highWaterMark: 1024 * 1024 }))
    hash.update(piece as Buffer)
  return hash.digest('hex')
}

/** Those of `needles` that occur in a file, which is read in overlapping pieces. */
export async function needlesIn(path: string, needles: readonly string[]): Promise<string[]> {
  const encoded = needles.map((needle) => Buffer.from(needle))
  const overlap = Math.max(...encoded.map((needle) => needle.length)) - 1
  const found = new Set<string>()
  let tail = Buffer.alloc(0)
  for await (const piece of createReadStream(path, { highWaterMark: 4 * 1024 * 1024 })) {
    const window = Buffer.concat([tail, piece as Buffer])
    encoded.forEach(
      (needle, index) => void (window.includes(needle) && found.add(needles[index] ?? '')),
    )
    tail = window.subarray(Math.max(0, window.length - overlap))
  }
  return [...found]
}
