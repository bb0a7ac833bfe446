import type { FileHandle } from 'node:fs/promises'
import { open, readdir, readFile } from 'node:fs/promises'

/** Searches the memory of running processes, as somebody with the unlocked device can. */

const pageBytes = 4096
const pieceBytes = 16 * 1024 * 1024

/** The process and everything that it has started, directly or not. */
export async function processesOf(root: number): Promise<number[]> {
  const parents = new Map<number, number>()
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue
    // A process may have ended since the folder was listed.
    const stat = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '')
    const parent = /\) \S (\d+)/.exec(stat)?.[1]
    if (parent !== undefined) parents.set(Number(name), Number(parent))
  }
  const isBelow = (id: number | undefined): boolean =>
    id === root || (id !== undefined && id > 1 && isBelow(parents.get(id)))
  return [...parents.keys()].filter(isBelow)
}

/** How often each of the byte sequences occurs in the writable memory of the processes. */
export async function countInMemory(
  processes: readonly number[],
  needles: Readonly<Record<string, Buffer>>,
): Promise<Record<string, number>> {
  const counts = Object.fromEntries(Object.keys(needles).map((name) => [name, 0]))
  for (const id of processes)
    for await (const piece of writableMemory(id))
      for (const [name, needle] of Object.entries(needles))
        counts[name] = (counts[name] ?? 0) + occurrences(piece, needle)
  return counts
}

async function* writableMemory(id: number): AsyncGenerator<Buffer> {
  const maps = await readFile(`/proc/${id}/maps`, 'utf8').catch(() => '')
  const files = await Promise.all(
    ['mem', 'pagemap'].map((name) => open(`/proc/${id}/${name}`, 'r').catch(() => null)),
  )
  const [memory, pages] = files
  try {
    if (!memory || !pages) return
    for (const [, start = '0', end = '0'] of maps.matchAll(/^([0-9a-f]+)-([0-9a-f]+) rw/gm))
      for await (const { at, length } of presentRuns(
        pages,
        Number(`0x${start}`),
        Number(`0x${end}`),
      )) {
        const buffer = Buffer.alloc(length)
        // The memory may have been given back meanwhile.
        const read = await memory.read(buffer, 0, length, at).catch(() => null)
        if (read !== null) yield buffer.subarray(0, read.bytesRead)
      }
  } finally {
    for (const file of files) await file?.close()
  }
}

/** proc(5), `/proc/pid/pagemap`: 8 bytes for each page; the highest bit is set if it is in memory. */
async function* presentRuns(
  pages: FileHandle,
  start: number,
  end: number,
): AsyncGenerator<{ at: number; length: number }> {
  for (let from = start; from < end; from += pieceBytes) {
    const count = Math.min(pieceBytes, end - from) / pageBytes
    const entries = Buffer.alloc(count * 8)
    await pages.read(entries, 0, entries.length, (from / pageBytes) * 8)
    for (let page = 0; page < count; page += 1) {
      const first = page
      while (page < count && (entries[page * 8 + 7] ?? 0) >= 0x80) page += 1
      if (page > first) yield { at: from + first * pageBytes, length: (page - first) * pageBytes }
    }
  }
}

function occurrences(piece: Buffer, needle: Buffer): number {
  let count = 0
  for (let at = piece.indexOf(needle); at >= 0; at = piece.indexOf(needle, at + 1)) count += 1
  return count
}
