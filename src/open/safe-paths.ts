import { nameKey, sanitizeName } from '../tip/names.ts'

const folder = 'attachments'

/**
 * Gives each file of a hand-made archive a path that is unambiguous on every file system and
 * terminal: under `attachments/`, with each component sanitised, and no two paths alike. Paths
 * written by our own sealer stay unchanged.
 */
export class SafePaths {
  readonly #taken = new Set<string>()
  /**
   * The last number tried for each path, so that ten thousand equal names do not need fifty million
   * attempts.
   */
  readonly #lastNumber = new Map<string, number>()

  /** Whether `add` had to number `packedPath` because its safe name was taken. */
  wasNumbered(path: string, packedPath: string): boolean {
    return path !== `${folder}/${safeName(packedPath)}`
  }

  add(packedPath: string): string {
    const safe = safeName(packedPath)
    const base = nameKey(safe)
    let path = safe
    for (
      let number = this.#lastNumber.get(base) ?? 1;
      this.#isTaken(path);
      this.#lastNumber.set(base, number)
    ) {
      number += 1
      path = `${number} ${safe}`
    }
    this.#take(path)
    return `${folder}/${path}`
  }

  /** A path is also taken if it is a folder of another file, or would need a file as its folder. */
  #isTaken(path: string): boolean {
    return (
      this.#taken.has(nameKey(path)) ||
      foldersOf(path).some((part) => this.#taken.has(`${nameKey(part)}\0file`))
    )
  }

  #take(path: string): void {
    this.#taken.add(nameKey(path))
    this.#taken.add(`${nameKey(path)}\0file`)
    for (const part of foldersOf(path)) this.#taken.add(nameKey(part))
  }
}

function safeName(packedPath: string): string {
  const inFolder = packedPath.startsWith(`${folder}/`)
    ? packedPath.slice(folder.length + 1)
    : packedPath
  return inFolder.split('/').map(sanitizeName).join('/')
}

function foldersOf(path: string): string[] {
  const parts = path.split('/')
  return parts.slice(1).map((_part, index) => parts.slice(0, index + 1).join('/'))
}
