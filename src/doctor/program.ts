import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { orNull } from '../disk/errno.ts'
import { type Finding, well, wrong } from './finding.ts'

const neededMajor = 24
/** Without these files the page does not start, or has no styles. */
const neededAssets = [/\.js$/, /\.css$/]

export async function checkPage(pageDir: string): Promise<Finding> {
  const names = (await orNull(readdir(join(pageDir, 'assets')))) ?? []
  const isBuilt = neededAssets.every((pattern) => names.some((name) => pattern.test(name)))
  return isBuilt
    ? well('page', 'it is built')
    : wrong('page', 'it is not built', 'npm run build, then start again')
}

/** @param version such as `24.1.0`. */
export function checkNode(version: string): Finding {
  const isNew = Number(version.split('.')[0]) >= neededMajor
  return isNew
    ? well('node', version)
    : wrong('node', `${version} is too old`, `use Node ${neededMajor}: npm ci brings it`)
}
