import { readFile } from 'node:fs/promises'

/** Null when it is not there or may not be read: a check then says that it cannot tell. */
export async function readText(path: string): Promise<string | null> {
  return await readFile(path, 'utf8').catch(() => null)
}
