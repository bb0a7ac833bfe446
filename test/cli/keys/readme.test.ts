import { readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, it } from 'vitest'

import { runHere } from '../support/run-here.ts'
import { makeTempDir } from '../support/run-tumen.ts'

const text = readFileSync(resolve(import.meta.dirname, '../../../keys/README.md'), 'utf8')
const lines = [...text.matchAll(/```\n([\s\S]*?)```/g)]
  .flatMap(([, block = '']) => block.split('\n').map((line) => line.trim()))
  .filter((line) => line.startsWith('tumen '))

/** Writes a word into every empty text of the form, as the text tells the reader to. */
function fillIn(path: string): void {
  const form = readFileSync(path, 'utf8')
  expect(form).toContain('""')
  writeFileSync(path, form.replaceAll('""', '"words"'))
}

it('keys/README.md: the commands work as printed, in their order', async () => {
  const dir = await makeTempDir()
  const run = (line: string) => runHere({ dir, env: {} }, line.split(' ').slice(1))
  expect(lines.length).toBeGreaterThan(15)
  for (const line of lines) {
    // The ceremony asks questions. It is tested in test/desk/ceremony and test/ceremony.
    if (line === 'tumen keyring ceremony --dir ceremony') continue
    if (line === 'tumen keyring organisation us.json --dir keys') fillIn(join(dir, 'us.json'))
    const asks = /^tumen keys (new|combine)/.test(line) && !line.includes('--no-passphrase')
    const { status, stderr } = await run(line + (asks ? ' --no-passphrase' : ''))
    expect({ line, status, stderr: status === 0 ? '' : stderr }).toEqual({
      line,
      status: 0,
      stderr: '',
    })
  }
  expect(readFileSync(join(dir, 'restored/root.key'), 'utf8')).toBe(
    readFileSync(join(dir, 'root.key'), 'utf8'),
  )
  expect((await run('tumen keyring verify --dir keys')).stdout).toContain('valid until 2028-11-23')
})
