import { lstat, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { minPaddedBytes } from '../../../src/tip/bounds.ts'
import { padmeLength } from '../../../src/tip/padme.ts'
import { plaintextBytesOf } from '../../support/plaintext-bytes.ts'
import type { Window } from './times.ts'
import { isWithin, timesIn } from './times.ts'

export interface Wanted {
  window: Window
  /** Identifying words of the sources, by kind. */
  words: Readonly<Record<string, readonly string[]>>
}

/** Everything below a folder that should not be there, as `path: what was found`. */
export async function search(folder: string, wanted: Wanted): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const paths = [
    '',
    ...entries.map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1)),
  ].sort()
  const found: string[] = []
  for (const path of paths)
    for (const what of new Set(await searchOne(folder, path, wanted)))
      found.push(`${path}: ${what}`)
  return found
}

async function searchOne(folder: string, path: string, wanted: Wanted): Promise<string[]> {
  const whole = join(folder, path)
  const stat = await lstat(whole)
  const found = [
    ...(isWithin(wanted.window, stat.mtimeMs) ? ['its time of change'] : []),
    ...(isWithin(wanted.window, stat.atimeMs) ? ['its time of reading'] : []),
    ...wordsIn(Buffer.from(path), wanted).map((word) => `${word} in its name`),
  ]
  if (!stat.isFile()) return found
  const bytes = await readFile(whole)
  const isEnvelope = path.endsWith('.age')
  return [
    ...found,
    ...wordsIn(bytes, wanted),
    ...addressesIn(bytes),
    ...timesIn(bytes, wanted.window, { isNoise: isEnvelope || path.endsWith('.part') }),
    ...(isEnvelope && !(await isOnGrid(whole)) ? ['a size off the grid'] : []),
  ]
}

function wordsIn(bytes: Buffer, { words }: Wanted): string[] {
  return Object.entries(words)
    .filter(([, texts]) => texts.some((text) => formsOf(text).some((form) => bytes.includes(form))))
    .map(([kind]) => kind)
}

/** The text as it is, URL-encoded, in base64 as tus sends it, and in Latin-1 as in headers. */
function formsOf(text: string): Buffer[] {
  return [
    text,
    encodeURIComponent(text),
    Buffer.from(text).toString('base64').replace(/=+$/, ''),
    Buffer.from(text).toString('latin1'),
  ].map((form) => Buffer.from(form))
}

/** Any IPv4 address except loopback, which the server itself listens on. */
function addressesIn(bytes: Buffer): string[] {
  const quads =
    bytes
      .toString('latin1')
      .match(
        /(?<![\d.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?![\d.])/g,
      ) ?? []
  return quads.some((quad) => quad !== '127.0.0.1') ? ['an address'] : []
}

async function isOnGrid(path: string): Promise<boolean> {
  const bytes = await plaintextBytesOf(path)
  return bytes >= minPaddedBytes && bytes === padmeLength(bytes)
}
