import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { describe, expect, it } from 'vitest'
import { sampleTip } from './sample-tip.ts'

const script = `
import { readTar } from './src/tip/tar-reader.ts'
import { packTip } from './src/tip/tar-writer.ts'
import { parseTip, serializeTip } from './src/tip/tip-json.ts'

const content = async function* () { yield new Uint8Array(5) }
const tip = ${JSON.stringify(sampleTip)}
const source = packTip({ tipJson: serializeTip(tip), attachments: [{ name: '사진.jpg', bytes: 5, content }] })
const paths = []
await readTar(source, { onFile: (path) => { paths.push(path); return null } })
console.log(JSON.stringify([parseTip(serializeTip(tip)).narrative, ...paths]))
`

describe('src/tip in the page', () => {
  it('runs without node modules, Buffer, process, eval or new Function', async () => {
    const root = fileURLToPath(new URL('../..', import.meta.url))
    // With the platform `browser`, importing a module of Node fails the build.
    const bundle = await build({
      stdin: { contents: script, resolveDir: root, loader: 'ts' },
      bundle: true,
      format: 'esm',
      platform: 'browser',
      write: false,
    })
    const code = `delete globalThis.Buffer; delete globalThis.process;\n${bundle.outputFiles[0]?.text}`
    const output = execFileSync(
      process.execPath,
      ['--disallow-code-generation-from-strings', '--input-type=module'],
      { input: code, encoding: 'utf8' },
    )
    expect(JSON.parse(output)).toEqual([sampleTip.narrative, 'tip.json', 'attachments/사진.jpg'])
  })
})
