import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { brotliDecompressSync, constants, gunzipSync } from 'node:zlib'
import { filesBelow } from '../../support/tree.ts'
import { isMozLz4, unpackMozLz4 } from './mozlz4.ts'

/** The places in a profile that hold one of the words, as `path: word`. */
export async function wordsInProfile(
  profileDir: string,
  words: readonly string[],
): Promise<string[]> {
  const needles = words.map((word) => ({ word, forms: formsOf(word) }))
  const found: string[] = []
  for (const path of await filesBelow(profileDir)) {
    const texts = unpacked(await readFile(join(profileDir, path)))
    const hits = needles.filter(({ forms }) =>
      texts.some((text) => forms.some((form) => text.includes(form))),
    )
    const inName = needles.filter(({ word }) => path.includes(word))
    for (const { word } of new Set([...hits, ...inName])) found.push(`${path}: ${word}`)
  }
  return found
}

/**
 * The word in UTF-8, in UTF-16 (as browsers keep strings in memory), and as escaped in URLs and
 * JSON.
 */
function formsOf(word: string): Buffer[] {
  const escaped = Array.from(word, (character) =>
    character.charCodeAt(0) < 128
      ? character
      : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  ).join('')
  const forms = [word, encodeURIComponent(word), escaped]
  return [
    ...forms.map((form) => Buffer.from(form)),
    Buffer.from(word, 'utf16le'),
    Buffer.from(word, 'utf16le').swap16(),
  ]
}

/** The content of the file, and of everything compressed in it. */
function unpacked(bytes: Buffer): Buffer[] {
  if (isMozLz4(bytes)) return [bytes, unpackMozLz4(bytes)]
  // A cached answer is stored as it was received: Firefox puts its body first, Chromium after the
  // key.
  const gzip = bytes.indexOf(Buffer.from([0x1f, 0x8b, 0x08]))
  return [
    bytes,
    ...(gzip < 0
      ? []
      : tryUnpack(() => gunzipSync(bytes.subarray(gzip), { finishFlush: constants.Z_SYNC_FLUSH }))),
    ...tryUnpack(() => brotliDecompressSync(bytes)),
  ]
}

function tryUnpack(unpack: () => Buffer): Buffer[] {
  try {
    return [unpack()]
  } catch {
    return []
  }
}
