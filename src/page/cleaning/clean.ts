import type { Assembly } from './assembly.ts'
import { BlobReader } from './blob-reader.ts'
import { describeKind, kindBytes, type PictureKind } from './describe-kind.ts'
import { CleaningError, unsupported } from './errors.ts'
import { cleanGif } from './gif.ts'
import { cleanHeif } from './heif.ts'
import { cleanJpeg } from './jpeg.ts'
import { cleanPng } from './png.ts'
import { cleanWebp } from './webp.ts'

export interface Cleaned {
  outcome: 'removed' | 'none_found' | 'cannot_be_removed'
  /**
   * The file itself, unless something was removed. Made of stretches of it: the file must stay as
   * it is.
   */
  content: Blob
}

const cleaners: Readonly<Record<PictureKind, (reader: BlobReader) => Promise<Assembly>>> = {
  jpeg: cleanJpeg,
  png: cleanPng,
  webp: cleanWebp,
  heif: cleanHeif,
  gif: cleanGif,
  other: () => Promise.reject(unsupported('the kind of the file')),
}

/**
 * Takes hidden place, time, device and every other text out of a picture. What is shown stays
 * the same, bit by bit; so does the way it is turned. All of the structure is read before
 * anything is decided: a picture is cleaned whole or not at all.
 *
 * @throws what the platform throws when the file cannot be read any more.
 */
export async function cleanFile(file: Blob, _name?: string): Promise<Cleaned> {
  try {
    const reader = new BlobReader(file)
    const kind = describeKind(await reader.read(0, Math.min(kindBytes, file.size)))
    const assembly = await cleaners[kind](reader)
    if (assembly.isWhole(file)) return { outcome: 'none_found', content: file }
    return { outcome: 'removed', content: assembly.toBlob(file) }
  } catch (error) {
    if (!(error instanceof CleaningError)) throw error
    return { outcome: 'cannot_be_removed', content: file }
  }
}
