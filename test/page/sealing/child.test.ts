import { spawnSync } from 'node:child_process'
import { truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { beforeAll, describe, expect, it } from 'vitest'
import { root } from '../../support/bundle.ts'
import { makeTempDir } from '../../support/temp-dir.ts'

const mebibyte = 1024 ** 2
/** The promise is made for 1024; `VIDEO_MEBIBYTES=1024` keeps it to the letter. */
const videoMebibytes = Number(process.env['VIDEO_MEBIBYTES'] ?? 256)
const maxAddedMebibytes = 200

interface Report {
  receipt: string
  recipient: string
  addedMebibytes: number
  hasWebAssembly: boolean
}

let script = ''

beforeAll(async () => {
  // Node strips types with WebAssembly, which one of the runs does not have.
  const { outputFiles } = await build({
    absWorkingDir: root, entryPoints: ['test/page/sealing/seal-in-child.ts'], bundle: true, write: false, platform: 'node', format: 'esm', logLevel: 'error',
    banner: { js: `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);` },
  })
  script = outputFiles[0]?.text ?? ''
})

async function sealInChild(bytes: number, ...flags: string[]): Promise<Report> {
  const dir = await makeTempDir()
  const [program, file] = [join(dir, 'seal.mjs'), join(dir, 'zeros')]
  writeFileSync(program, script)
  writeFileSync(file, '')
  truncateSync(file, bytes)
  const { status, stdout, stderr } = spawnSync(process.execPath, [...flags, program, file], { encoding: 'utf8' })
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  return JSON.parse(stdout) as Report
}

describe('without WebAssembly and JIT, as in Safer', () => {
  it('seals the same bytes', async () => {
    const [standard, safer] = [await sealInChild(300_000), await sealInChild(300_000, '--jitless')]
    expect([standard.hasWebAssembly, safer.hasWebAssembly]).toEqual([true, false])
    expect(safer.recipient).toBe(standard.recipient)
    expect(safer.receipt).toBe(standard.receipt)
  })
})

describe('the memory it takes', () => {
  it('does not grow with the file', async () => {
    const { addedMebibytes } = await sealInChild(videoMebibytes * mebibyte)
    console.log(`${videoMebibytes} MiB add ${addedMebibytes.toFixed(0)} MiB`)
    expect(addedMebibytes).toBeLessThan(maxAddedMebibytes)
  }, 300_000)
})
