import { spawnSync } from 'node:child_process'
import { truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { makeTempDir } from '../../support/temp-dir.ts'
import { bundleChild, type Report } from './bundle-child.ts'

let script: string | null = null

/** Seals a file of zeros in a separate process. */
export async function sealInChild(bytes: number, ...flags: string[]): Promise<Report> {
  const dir = await makeTempDir()
  const [program, file] = [join(dir, 'seal.mjs'), join(dir, 'zeros')]
  writeFileSync(program, (script ??= await bundleChild()))
  writeFileSync(file, '')
  truncateSync(file, bytes)
  const { status, stdout, stderr } = spawnSync(process.execPath, [...flags, program, file], {
    encoding: 'utf8',
  })
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  return JSON.parse(stdout) as Report
}
