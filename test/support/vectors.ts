import { readdirSync, readFileSync } from 'node:fs'
import { join, parse } from 'node:path'
import { root } from './bundle.ts'

/** The files of `test/vectors/<folder>`, each with one defect, by the name that describes it. */
export function readVectors(folder: string): { name: string; isGood: boolean; bytes: Buffer }[] {
  const dir = join(root, 'test', 'vectors', folder)
  return readdirSync(dir)
    .sort()
    .map((file) => ({
      name: parse(file).name,
      isGood: file.startsWith('good-'),
      bytes: readFileSync(join(dir, file)),
    }))
}
