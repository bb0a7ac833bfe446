import { spawnSync } from 'node:child_process'
import { mkdirSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { isBundleCurrent, stateOf } from '../../bin/bundle-state.mjs'
import { ensureProgram } from '../../scripts/program.mjs'
import { makeTempDir } from '../cli/support/run-tumen.ts'
import { root } from '../support/bundle.ts'

const run = (main: string, ...args: string[]) =>
  spawnSync(process.execPath, [join(root, main), ...args], { encoding: 'utf8' })

describe('the bundled command line', () => {
  beforeAll(ensureProgram)

  it('is current right after it was made', () => {
    expect(isBundleCurrent(root)).toBe(true)
  })

  it.each([['--help'], ['seal', '--help'], ['case', '--help'], ['seal', '--narativ', 'x']])(
    'says the same as the sources: %s %s',
    (...args) => {
      const [bundled, sources] = ['dist/cli/tumen.mjs', 'src/cli/main.ts'].map((main) =>
        run(main, ...args),
      )
      expect(bundled?.stdout).toBe(sources?.stdout)
      expect(bundled?.stderr).toBe(sources?.stderr)
      expect(bundled?.status).toBe(sources?.status)
    },
  )

  it('names the sources in stack traces', () => {
    const breakStdin = `Object.defineProperty(process, 'stdin', { get() { throw new Error('here') } })`
    const options = ['--import', `data:text/javascript,${encodeURIComponent(breakStdin)}`]
    const { stderr } = spawnSync(
      process.execPath,
      [...options, join(root, 'bin/tumen.mjs'), '--help'],
      { encoding: 'utf8' },
    )
    expect(stderr).toMatch(/Error: here[^]*\/src\/cli\/frame\/start\.ts:\d+:\d+/)
  })
})

describe('isBundleCurrent', () => {
  it('is false without a bundle, and after a source changed or went away', async () => {
    const folder = await makeTempDir()
    expect(isBundleCurrent(folder)).toBe(false)
    const [one, two] = [join(folder, 'one.ts'), join(folder, 'two.ts')]
    for (const path of [one, two]) writeFileSync(path, 'x')
    mkdirSync(join(folder, 'dist', 'cli'), { recursive: true })
    const stamp = { 'one.ts': stateOf(one), 'two.ts': stateOf(two) }
    writeFileSync(join(folder, 'dist/cli/stamp'), JSON.stringify(stamp))
    expect(isBundleCurrent(folder)).toBe(true)
    writeFileSync(one, 'longer')
    expect(isBundleCurrent(folder)).toBe(false)
    writeFileSync(one, 'y')
    utimesSync(one, 1, 1)
    expect(isBundleCurrent(folder)).toBe(false)
  })
})
