import { copyFileSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'

import { digestsBelow } from '../../support/tree.ts'
import { runHere } from '../support/run-here.ts'
import { makeTempDir } from '../support/run-tumen.ts'

let dir = ''
const run = (...args: string[]) => runHere({ dir, env: {} }, ['keys', ...args])
const share = (number: number, of = 'root', total = 3) => `${of}.share-${number}-of-${total}.txt`
const combine = (...args: string[]) =>
  run('combine', ...args, '--no-passphrase', '--out', 'restored')

beforeEach(async () => {
  dir = await makeTempDir()
  await run('new', 'root', '--purpose', 'root', '--no-passphrase')
})

describe('tumen keys split', () => {
  it('writes texts for paper that restore the key that they name', async () => {
    const { status, stdout } = await run('split', 'root.key', '--shares', '3', '--threshold', '2')
    expect(status).toBe(0)
    const fingerprint = JSON.parse((await run('show', 'root.pub', '--json')).stdout).fingerprint
    expect(stdout).toContain(`any 2 of the 3 restore root, fingerprint ${fingerprint}`)
    for (const number of [1, 2, 3]) {
      const lines = readFileSync(join(dir, share(number)), 'utf8').split('\n')
      expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(120)
      expect(lines.length).toBeLessThan(40)
      expect(lines).toContain(`fingerprint: ${fingerprint}`)
    }
    const restored = await combine(share(3), share(1))
    expect(restored).toMatchObject({
      status: 0,
      stderr: '',
      stdout: expect.stringContaining(`fingerprint ${fingerprint}`),
    })
    expect(readFileSync(join(dir, 'restored', 'root.key'), 'utf8')).toBe(
      readFileSync(join(dir, 'root.key'), 'utf8'),
    )
    expect(readFileSync(join(dir, 'restored', 'root.pub'), 'utf8')).toBe(
      readFileSync(join(dir, 'root.pub'), 'utf8'),
    )
  })

  it.each([
    [['root.key'], 2, '--shares is needed'],
    [['root.key', '--shares', '3'], 2, '--threshold is needed'],
    [['root.key', '--shares', 'x', '--threshold', '2'], 2, '--shares must be a number'],
    [['root.key', '--shares', '3', '--threshold', '1'], 1, 'the threshold is 2 or more'],
    [['root.key', '--shares', '3', '--threshold', '4'], 1, 'nobody could ever restore'],
    [['root.key', '--shares', '256', '--threshold', '4'], 1, 'there can be 2 to 255'],
    [['missing.key', '--shares', '3', '--threshold', '2'], 1, 'missing.key is missing'],
    [['root.card.json', '--shares', '3', '--threshold', '2'], 1, 'this is not an identity file'],
    [['root:2.key', '--shares', '3', '--threshold', '2'], 2, 'becomes a file name'],
  ])('%j leaves nothing behind', async (args, status, expected) => {
    copyFileSync(join(dir, 'root.key'), join(dir, 'root:2.key'))
    const before = await digestsBelow(dir)
    expect(await run('split', ...args)).toMatchObject({
      status,
      stdout: '',
      stderr: expect.stringContaining(expected),
    })
    expect(await digestsBelow(dir)).toEqual(before)
  })

  it('writes no share when one of the files exists', async () => {
    writeFileSync(join(dir, share(2)), 'older')
    const before = await digestsBelow(dir)
    expect(await run('split', 'root.key', '--shares', '3', '--threshold', '2')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('is not replaced'),
    })
    expect(await digestsBelow(dir)).toEqual(before)
  })
})

describe('tumen keys combine', () => {
  beforeEach(async () => {
    await run('split', 'root.key', '--shares', '3', '--threshold', '2')
    await run('split', 'root.key', '--shares', '3', '--threshold', '2', '--out', 'again')
    writeFileSync(
      join(dir, 'typo.txt'),
      readFileSync(join(dir, share(2)), 'utf8').replace(
        /^( 3: )(.)/m,
        (_whole, label: string, character: string) => label + (character === 'A' ? 'C' : 'A'),
      ),
    )
    writeFileSync(join(dir, 'letter.txt'), 'Dear friend,\n')
    writeFileSync(join(dir, 'long.txt'), 'x'.repeat(100_000))
  })

  it.each([
    [[share(1)], ['2 shares restore this key and only 1 was given', share(1)]],
    [[share(1), share(1)], [`${share(1)} and ${share(1)} are both share 1`]],
    [
      [share(1), `again/${share(2)}`],
      ['do not belong together', `${share(1)} is share 1`, `again/${share(2)} is share 2`],
    ],
    [[share(1), 'typo.txt'], ['typo.txt: line 3 of share 2 has a typing error']],
    [[share(1), 'letter.txt'], ['letter.txt: this is not a share']],
    [[share(1), 'long.txt'], ['long.txt: this is not a share: it is longer than']],
    [[share(1), 'nowhere.txt'], ['nowhere.txt is missing']],
  ])('%j: names the file and leaves nothing behind', async (given, expected) => {
    const before = await digestsBelow(dir)
    const { status, stdout, stderr } = await combine(...given)
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
    for (const part of expected) expect(stderr).toContain(part)
    expect(stderr.trim().split('\n')).toHaveLength(1)
    expect(await digestsBelow(dir)).toEqual(before)
    expect(readdirSync(dir)).not.toContain('restored')
  })

  it('never replaces a key, and checks that before it asks for a passphrase', async () => {
    const before = await digestsBelow(dir)
    expect(await run('combine', share(1), share(2))).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('root.key exists and is not replaced'),
    })
    expect(await digestsBelow(dir)).toEqual(before)
  })

  it('refuses a passphrase that can be guessed, and writes nothing', async () => {
    writeFileSync(join(dir, 'weak'), '12345678\n')
    const before = await digestsBelow(dir)
    const done = await run(
      'combine',
      share(1),
      share(2),
      '--out',
      'restored',
      '--passphrase-file',
      'weak',
    )
    expect(done).toMatchObject({ status: 1, stderr: expect.stringContaining('can be guessed') })
    expect(await digestsBelow(dir)).toEqual(before)
  })
})
