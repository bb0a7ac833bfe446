import type { TarBounds } from './bounds.ts'
import { TipError } from './errors.ts'
import { nameKey } from './names.ts'

const refuse = (reason: string): never => {
  throw new TipError(
    'TAR_PATH',
    `a path in the archive ${reason}; pack the files again under plain relative names`,
  )
}

const decodePath = (bytes: Uint8Array): string => {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return refuse('is not UTF-8')
  }
}

const encodedLength = (text: string): number => new TextEncoder().encode(text).length

/**
 * The components of a path that stays below the folder in which it is unpacked: relative, without
 * `..`, and without any character that some system reads as a separator or an end. A leading `./`
 * is dropped, so `./` alone gives the empty list.
 *
 * @throws TipError `TAR_PATH`.
 */
export function parseTarPath(bytes: Uint8Array, isDirectory: boolean, bounds: TarBounds): string[] {
  if (bytes.length === 0) return refuse('is empty')
  if (bytes.length > bounds.maxPathBytes) return refuse(`is over ${bounds.maxPathBytes} bytes`)
  const path = decodePath(bytes)
  if (/[\p{Cc}\\]/u.test(path)) return refuse('has a control character or a backslash')
  if (path.startsWith('/')) return refuse('is absolute')
  const bare = isDirectory ? path.replace(/\/$/u, '') : path
  const components = bare.replace(/^(?:\.\/)+/u, '').split('/')
  if (isDirectory && components.length === 1 && (components[0] === '.' || components[0] === ''))
    return []
  if (components.some((component) => component === '' || component === '.' || component === '..')) {
    return refuse('has an empty, . or .. component')
  }
  if (components.some((component) => encodedLength(component) > bounds.maxComponentBytes)) {
    return refuse(`has a component over ${bounds.maxComponentBytes} bytes`)
  }
  if (components.length > bounds.maxDepth) return refuse(`is over ${bounds.maxDepth} folders deep`)
  return components
}

type Folder = Map<string, Folder | 'file'>

/**
 * The paths seen so far. Two paths are duplicates if a file system that folds case or composes
 * characters would take them for one file, or if one is a file where the other needs a folder.
 */
export class PathSet {
  readonly #root: Folder = new Map()

  /** @throws TipError `TAR_DUPLICATE`. */
  addFile(components: readonly string[]): void {
    const folder = this.addFolder(components.slice(0, -1))
    const key = nameKey(components.at(-1) ?? '')
    if (folder.has(key)) throw duplicate()
    folder.set(key, 'file')
  }

  /** Adds a folder, which may be repeated any number of times. @throws TipError `TAR_DUPLICATE`. */
  addFolder(components: readonly string[]): Folder {
    return components.map(nameKey).reduce((folder, key) => {
      const found = folder.get(key) ?? new Map()
      if (found === 'file') throw duplicate()
      folder.set(key, found)
      return found
    }, this.#root)
  }
}

const duplicate = (): TipError =>
  new TipError(
    'TAR_DUPLICATE',
    'two paths in the archive would be one file; pack the files again under different names',
  )
