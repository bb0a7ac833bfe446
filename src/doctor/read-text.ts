import { readFile } from 'node:fs/promises'

/**
 * Null when the file does not exist or must not be read; a check then reports that it cannot tell.
 */
export async function readText(path: string): Promise<string | null> {
  return await readFile(path, 'utf8').catch(() => null)
}
