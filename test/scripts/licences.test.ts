import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { isAllowed, listPackages } from '../../scripts/licences/list.ts'
import { makeTempDir } from '../support/temp-dir.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

describe('LICENSE', () => {
  it('is the text of the GNU AGPL 3 as the Free Software Foundation publishes it', () => {
    const digest = createHash('sha256')
      .update(readFileSync(join(root, 'LICENSE')))
      .digest('hex')
    expect(digest).toBe('0d96a4ff68ad6d4b6f1f30f713b18d5184912ba8dd389f86aa7710db079abcb0')
  })

  it('is the one that package.json names', () => {
    const { license } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      license: string
    }
    expect(license).toBe('AGPL-3.0-or-later')
  })
})

describe('isAllowed', () => {
  it.each(['MIT', 'MIT OR GPL-2.0-only', '(GPL-2.0-only OR ISC)', 'MIT AND Apache-2.0'])(
    'accepts %s',
    (expression) => {
      expect(isAllowed(expression)).toBe(true)
    },
  )

  it.each([
    'GPL-2.0-only',
    'SSPL-1.0',
    'BUSL-1.1',
    'CC-BY-NC-4.0',
    'MIT AND GPL-2.0-only',
    'UNKNOWN',
    'SEE LICENSE IN LICENSE',
    '',
  ])('refuses %j', (expression) => {
    expect(isAllowed(expression)).toBe(false)
  })
})

describe('listPackages', () => {
  it('names every package of the lock file, nested ones under their own name', async () => {
    const folder = await makeTempDir()
    mkdirSync(join(folder, 'node_modules/old'), { recursive: true })
    writeFileSync(
      join(folder, 'node_modules/old/package.json'),
      '{"licenses":[{"type":"MIT"},{"type":"GPL-2.0-only"}]}',
    )
    const packages = {
      '': { version: '1.0.0', license: 'AGPL-3.0-or-later' },
      'node_modules/old': { version: '1.0.0' },
      'node_modules/@a/b': { version: '2.0.0', license: 'ISC' },
      'node_modules/old/node_modules/@a/b': { version: '1.0.0', license: 'SSPL-1.0' },
      'node_modules/silent': { version: '3.0.0' },
    }
    writeFileSync(join(folder, 'package-lock.json'), JSON.stringify({ packages }))
    expect(listPackages(folder)).toEqual([
      { name: 'old', version: '1.0.0', licence: 'MIT OR GPL-2.0-only' },
      { name: '@a/b', version: '2.0.0', licence: 'ISC' },
      { name: '@a/b', version: '1.0.0', licence: 'SSPL-1.0' },
      { name: 'silent', version: '3.0.0', licence: 'UNKNOWN' },
    ])
  })
})

describe('npm run licences', () => {
  it('finds no package that may not be combined with our licence', () => {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [join(root, 'scripts/licences/main.ts'), '--all'],
      { encoding: 'utf8' },
    )
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(stdout.trim().split('\n')).toHaveLength(listPackages(root).length)
    expect(stdout).toMatch(/^MIT\texpress@/m)
  })
})
