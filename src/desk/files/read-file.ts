import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import { CasebookError } from './errors.ts'

// A pipe would wait for ever, a link could lead out of the casebook.
const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK

/**
 * A small file of the casebook, or null when there is none. Unlike `readBounded` it takes no more
 * memory than the file is long: thousands are read at a time.
 * @throws CasebookError `FILE_DAMAGED` for what is longer than `maxBytes`, no plain file, or not
 * readable: one worn place on the disk must not hide the other cases.
 */
export async function readCasebookFile(path: string, maxBytes: number): Promise<Uint8Array | null> {
  try {
    return await readPlainFile(path, maxBytes)
  } catch (error) {
    if (error instanceof CasebookError) throw error
    const { code = 'unknown reason' } = error as NodeJS.ErrnoException
    // That this program has too much open is not the file's fault.
    if (code === 'EMFILE' || code === 'ENFILE') throw error
    if (code === 'ENOENT' || code === 'ENOTDIR') return null
    throw new CasebookError(
      'FILE_DAMAGED',
      code === 'ELOOP' ? 'is a link and not a file' : `cannot be read (${code})`,
      error,
    )
  }
}

async function readPlainFile(path: string, maxBytes: number): Promise<Uint8Array> {
  const file = await open(path, flags)
  try {
    const stats = await file.stat()
    if (!stats.isFile()) throw new CasebookError('FILE_DAMAGED', 'is not a plain file')
    if (stats.size > maxBytes)
      throw new CasebookError('FILE_DAMAGED', `is longer than ${maxBytes} bytes`)
    return await file.readFile()
  } finally {
    await file.close()
  }
}

/** @throws CasebookError `FILE_DAMAGED` without quoting the text. */
export function parseJsonFile(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    throw new CasebookError('FILE_DAMAGED', 'is not JSON in UTF-8')
  }
}
