export type PictureKind = 'jpeg' | 'png' | 'webp' | 'heif' | 'gif' | 'other'

/** The number of bytes at the start of a file that identify its kind. */
export const kindBytes = 12

/**
 * The brands of still pictures (ISO/IEC 23008-12 §10, AVIF §6). Sequences (`msf1`, `hevc`, `avis`)
 * are not cleaned and count as `other`.
 */
const heifBrands = /^....ftyp(?:mif1|mif2|heic|heix|heim|heis|avif)/s

/**
 * Decides by the first bytes alone, because the name, or the type that the browser reports, may be
 * wrong. Files of the kind `other` cannot be cleaned.
 */
export function describeKind(firstBytes: Uint8Array): PictureKind {
  const start = String.fromCharCode(...firstBytes.subarray(0, kindBytes))
  // Viewers also skip junk before the next marker, so this is not always 0xff.
  if (/^\xff\xd8./s.test(start)) return 'jpeg'
  if (start.startsWith('\x89PNG\r\n\x1a\n')) return 'png'
  if (/^RIFF....WEBP/s.test(start)) return 'webp'
  if (/^GIF8[79]a/.test(start)) return 'gif'
  return heifBrands.test(start) ? 'heif' : 'other'
}
