import { spawnSync } from 'node:child_process'
import { truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { expect } from 'vitest'
import { root } from '../../support/bundle.ts'
import { makeTempDir } from '../../support/temp-dir.ts'

export interface Report {
  receipt: string
  recipient: string
  addedMebibytes: number
  hasWebAssembly: boolean
}

let script: string | null = null

/**
 * Bundled to JavaScript, because Node strips types with WebAssembly, and one of the runs has none.
 */
async function bundle(): Promise<string> {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: ['test/page/sealing/seal-in-child.ts'],
    bundle: true,
    write: false,
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
    banner: {
      js: `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);`,
    },
  })
  return outputFiles[0]?.text ?? ''
}

/** Seals a file of zeros in a separate process. */
export async function sealInChild(bytes: number, ...flags: string[]): Promise<Report> {
  const dir = await makeTempDir()
  const [program, file] = [join(dir, 'seal.mjs'), join(dir, 'zeros')]
  writeFileSync(program, (script ??= await bundle()))
  writeFileSync(file, '')
  truncateSync(file, bytes)
  const { status, stdout, stderr } = spawnSync(process.execPath, [...flags, program, file], {
    encoding: 'utf8',
  })
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  return JSON.parse(stdout) as Report
}
