import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { ensureKeyring } from '../../src/supervise/ensure-keyring.ts'
import { day } from '../support/ceremony.ts'
import { makeTempDir } from '../support/temp-dir.ts'

let keysDir = ''
let dataDir = ''
beforeEach(async () => {
  const dir = await makeTempDir()
  keysDir = join(dir, 'keys')
  dataDir = join(dir, 'var')
})

const ensure = () => ensureKeyring({ keysDir, dataDir, day })

describe('the demo ceremony of a first start', () => {
  it.each([
    ['keyring.json', ['keyring.json']],
    ['the signature', ['keyring.json', 'keyring.json.minisig']],
    ['root.pub', ['keyring.json', 'keyring.json.minisig', 'root.pub']],
  ])('is held again when it was killed before it wrote %s', async (_, missing) => {
    await ensure()
    for (const name of missing) rmSync(join(keysDir, name))
    expect(await ensure()).toEqual({ isDemo: true })
    expect(readdirSync(keysDir)).toEqual(expect.arrayContaining(missing))
    // The first secrets are kept: they may open what was sealed to them.
    expect(existsSync(join(dataDir, 'demo', 'demo.identity.old-1'))).toBe(true)
  })

  it.each([
    ['without the secrets of a demo', () => rmSync(join(dataDir, 'demo'), { recursive: true })],
    [
      'with the secrets of another root',
      () => writeFileSync(join(keysDir, 'root.pub'), 'another root\n'),
    ],
    [
      'with secrets that cannot be read',
      () => writeFileSync(join(dataDir, 'demo', 'root.key'), 'damaged'),
    ],
  ])('is not held in a folder that has lost its keyring.json, %s', async (_, change) => {
    await ensure()
    rmSync(join(keysDir, 'keyring.json'))
    change()
    const before = readdirSync(keysDir)
    await expect(ensure()).rejects.toMatchObject({ code: 'MISSING' })
    expect(readdirSync(keysDir)).toEqual(before)
  })

  it('publishes no keyring whose secrets could not be written', async () => {
    await ensure()
    rmSync(keysDir, { recursive: true })
    rmSync(dataDir, { recursive: true })
    writeFileSync(dataDir, 'no folder')
    await expect(ensure()).rejects.toThrow()
    expect(existsSync(join(keysDir, 'keyring.json'))).toBe(false)
  })
})
