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
   * The file itself if nothing was removed. Otherwise a blob made of ranges of the file, which
   * becomes unreadable if the file changes.
   */
  content: Blob
  /**
   * `damaged`: the picture could not be cleaned because it breaks the rules of its format.
   * `print_profile`: a colour profile for printing stays, which may tell where it was printed.
   */
  remark?: CleaningRemark
}

export type CleaningRemark = 'damaged' | 'print_profile'

const cleaners: Readonly<Record<PictureKind, (reader: BlobReader) => Promise<Assembly>>> = {
  jpeg: cleanJpeg,
  png: cleanPng,
  webp: cleanWebp,
  heif: cleanHeif,
  gif: cleanGif,
  other: () => Promise.reject(unsupported('the kind of the file')),
}

/**
 * Removes hidden place, time, device and all other text from a picture. The visible picture stays
 * the same, bit by bit, and so does its orientation. The whole structure is read before any
 * decision: a picture is cleaned completely or not at all.
 *
 * @throws any error of the platform when the file can no longer be read
 */
export async function cleanFile(file: Blob, _name?: string): Promise<Cleaned> {
  try {
    const reader = new BlobReader(file)
    const kind = describeKind(await reader.read(0, Math.min(kindBytes, file.size)))
    const assembly = await cleaners[kind](reader)
    const remark = assembly.keepsPrintProfile ? { remark: 'print_profile' as const } : {}
    if (assembly.isWhole(file)) return { outcome: 'none_found', content: file, ...remark }
    return { outcome: 'removed', content: assembly.toBlob(file), ...remark }
  } catch (error) {
    if (!(error instanceof CleaningError)) throw error
    const remark = error.code === 'MALFORMED' ? { remark: 'damaged' as const } : {}
    return { outcome: 'cannot_be_removed', content: file, ...remark }
  }
}
