import { spawnSync } from 'node:child_process'
import { appendFile, cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

/** A separate checkout, because a test must not rebuild the page that other tests use. */
let checkout = ''

const needed = ['src', 'scripts', 'config', 'vite.config.ts', 'package.json', 'package-lock.json']

beforeAll(async () => {
  checkout = await mkdtemp(join(tmpdir(), 'tumen-page-'))
  for (const name of needed) await cp(name, join(checkout, name), { recursive: true })
  await symlink(join(process.cwd(), 'node_modules'), join(checkout, 'node_modules'))
  run('await page.ensurePage()')
})
afterAll(() => rm(checkout, { recursive: true }))

/**
 * Imports scripts/page.mjs from the checkout, runs the statements, and returns what they printed.
 */
function run(statements: string): string {
  const code = `const page = await import('./scripts/page.mjs'); ${statements}`
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--input-type=module', '-e', code],
    { cwd: checkout, encoding: 'utf8' },
  )
  expect(status, stderr).toBe(0)
  return stdout
}

const isCurrent = (): boolean => run('console.log(page.isPageCurrent())') === 'true\n'

describe('a built page', () => {
  it('is current until one of its inputs changes', async () => {
    expect(isCurrent()).toBe(true)
    for (const input of [
      'src/proof-of-work/solve.ts',
      'src/json/object-in.ts',
      'src/errors/coded-error.ts',
      'src/page/style/form.css',
      'src/page/languages/ko.ts',
      'src/page/sealing/chunk-worker.ts',
      'vite.config.ts',
      'package-lock.json',
    ]) {
      const path = join(checkout, input)
      const before = await readFile(path)
      await appendFile(path, '\n')
      expect(isCurrent(), input).toBe(false)
      await writeFile(path, before)
      expect(isCurrent(), input).toBe(true)
    }
  })

  it('is not current when one of its files was changed, removed or added', async () => {
    const app = join(checkout, 'dist', 'page', 'assets', 'app.js')
    const before = await readFile(app)
    await appendFile(app, '\nfetch("https://elsewhere.example")')
    expect(isCurrent()).toBe(false)
    await rm(app)
    expect(isCurrent()).toBe(false)
    await writeFile(app, before)
    expect(isCurrent()).toBe(true)
    await writeFile(join(app, '..', 'more.js'), '')
    expect(isCurrent()).toBe(false)
    run('await page.ensurePage()')
    expect(isCurrent()).toBe(true)
    expect(await readFile(app)).toEqual(before)
  })
})
