import { readdirSync, readFileSync } from 'node:fs'
import { join, parse } from 'node:path'
import { root } from './bundle.ts'

/** The files of `test/vectors/<folder>`, one defect each, by the name that says it. */
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
