import { defaultTarBounds } from '../tip/bounds.ts'
import { sanitizeName } from '../tip/names.ts'

/** Where a member of an archive would be placed, before `SafePaths` makes the path safe. */
export interface UntidyPath {
  /** Relative, without empty, `.` or `..` components. */
  path: string
  /** Why the path differs from the one in the archive; null if it does not. */
  change: string | null
}

const { maxDepth, maxPathBytes } = defaultTarBounds
const controls = /[\p{Cc}\\]/u

/**
 * A path that stays below its folder, from any bytes. Null for a path with a `..` component: such a
 * member creates nothing.
 */
export function untidyPath(bytes: Uint8Array): UntidyPath | null {
  const { text, isUtf8 } = decodeLossless(bytes)
  const components = text.split('/').filter((part) => part !== '' && part !== '.')
  if (components.includes('..')) return null
  const fitting = flatten(components)
  const path = fitting.join('/') || 'file'
  const change = !isUtf8
    ? 'its name is not UTF-8'
    : controls.test(text)
      ? 'its name has control characters or backslashes'
      : text.startsWith('/')
        ? 'its path is absolute'
        : fitting.length < components.length
          ? 'its path is too deep or too long'
          : path === text.replace(/^(?:\.\/)+/u, '')
            ? null
            : 'its path has empty components'
  return { path, change }
}

/** The member's name for a report: one printable line. */
export function shownName(bytes: Uint8Array): string {
  return sanitizeName(decodeLossless(bytes).text.replaceAll('/', ' '))
}

/**
 * Decodes UTF-8; if the bytes are not UTF-8, every byte outside ASCII becomes `%XX`, so that the
 * name still determines the bytes.
 */
function decodeLossless(bytes: Uint8Array): { text: string; isUtf8: boolean } {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    return { text, isUtf8: true }
  } catch {
    const text = Array.from(bytes, (byte) =>
      byte < 0x80 ? String.fromCharCode(byte) : `%${byte.toString(16).toUpperCase()}`,
    ).join('')
    return { text, isUtf8: false }
  }
}

/**
 * Shortens a path: with too many folders, to the first ones and the file name; if the path is too
 * long, to the file name.
 */
function flatten(components: readonly string[]): readonly string[] {
  const last = components.slice(-1)
  const fewer =
    components.length > maxDepth ? [...components.slice(0, maxDepth - 1), ...last] : components
  return Buffer.byteLength(fewer.join('/')) > maxPathBytes ? last : fewer
}
