import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { beforeEach, describe, expect, it } from 'vitest'
import { generateIdentity } from '../../../src/age/keys.ts'
import { CanaryNotes } from '../../../src/canary/notes.ts'
import { sealCanary } from '../../../src/ops/canary/seal-canary.ts'
import { addSigner, retire } from '../../../src/keyring/edit.ts'
import { formatKeyring, parseKeyring } from '../../../src/keyring/keyring.ts'
import { parseSecretKey } from '../../../src/keyring/minisign.ts'
import { signKeyring } from '../../../src/keyring/sign.ts'
import { primitives } from '../../support/ceremony.ts'
import { readMark } from '../../../src/store/marks.ts'
import type { Machine } from '../../support/machine.ts'
import { migrateDataFolder } from '../../../src/store/data-folder.ts'
import { makeMachine } from '../../support/machine.ts'
import { digestsBelow } from '../../support/tree.ts'
import { makeEnvelope } from '../../workers/envelopes.ts'
import { commandDay, runHere } from '../support/run-here.ts'

let machine: Machine
beforeEach(async () => {
  machine = await makeMachine(commandDay)
  await migrateDataFolder(machine.at('var'), new Date(commandDay))
})

const run = (...args: string[]) => runHere(machine, args)
const put = (prefix: 'sealed' | 'collected' = 'sealed') =>
  machine.store(makeEnvelope().bytes, prefix)

/** Changes the keyring and signs it again, as a ceremony would. */
function changeKeyring(
  change: (keyring: ReturnType<typeof parseKeyring>) => ReturnType<typeof parseKeyring>,
): void {
  const path = machine.at('keys', 'keyring.json')
  const bytes = formatKeyring(change(parseKeyring(readFileSync(path))))
  writeFileSync(path, bytes)
  writeFileSync(
    `${path}.minisig`,
    signKeyring(bytes, parseSecretKey(readFileSync(machine.at('var', 'demo', 'root.key'), 'utf8'))),
  )
}

describe('tumen export', () => {
  it('writes what is stored and not collected, and says how much', async () => {
    const [receipt] = [await put(), await put('collected')]
    expect(await run('export', 'stick')).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^exported 1 envelope \(\d+ B\) to stick\n$/),
      stderr: '',
    })
    expect(readdirSync(machine.at('stick')).sort()).toEqual(
      [`${receipt}.age`, 'SHA256SUMS', 'SHA256SUMS.minisig'].sort(),
    )
    expect((await run('verify', 'stick')).status).toBe(0)
    expect(await readMark('exported', machine.at('var'))).not.toBeNull()
  })

  it('is complete even if ops cannot be told of it, and says so', async () => {
    await put()
    writeFileSync(machine.at('var', 'marks'), 'in the way')
    expect(await run('export', 'stick')).toMatchObject({
      status: 0,
      stderr: expect.stringContaining('marks cannot be written'),
    })
    expect((await run('verify', 'stick')).status).toBe(0)
  })

  it('writes all that is kept with --all, each once', async () => {
    const receipts = [await put(), await put('collected')]
    // An envelope that is just being collected exists under both names.
    const { bytes, receipt } = makeEnvelope()
    await machine.store(bytes)
    await machine.store(bytes, 'collected')
    const done = await run('export', 'stick', '--all', '--json')
    expect((JSON.parse(done.stdout) as { exported: string[] }).exported.sort()).toEqual(
      [...receipts, receipt].sort(),
    )
    expect(await run('verify', 'stick')).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('3 envelopes good'),
    })
  })

  it('names what is damaged in the vault, exports the rest and ends with 1', async () => {
    const [good, damaged] = [await put(), await put()]
    writeFileSync(machine.at('var', 'sealed', `${damaged}.age`), 'rotten')
    expect(await run('export', 'stick')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining(`not exported: ${damaged}.age`),
    })
    expect(await run('verify', 'stick')).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('1 envelope good'),
    })
    expect(readdirSync(machine.at('stick'))).toContain(`${good}.age`)
    expect(readFileSync(machine.at('var', 'sealed', `${damaged}.age`), 'utf8')).toBe('rotten')
  })

  it('leaves out the canaries of ops, and no tip that somebody wrote a note about', async () => {
    const tip = await put()
    const { bytes, receipt, note } = await sealCanary({
      primitives,
      identity: generateIdentity(primitives, 'hybrid'),
      recipients: 1,
      day: commandDay,
    })
    const notes = new CanaryNotes(machine.at('var'))
    await notes.create()
    await machine.store(bytes)
    for (const noted of [receipt, tip]) await notes.write(noted, note)
    const { exported } = JSON.parse((await run('export', 'stick', '--json')).stdout) as {
      exported: string[]
    }
    expect(exported).toEqual([tip])
    expect(readdirSync(machine.at('stick'))).not.toContain(`${receipt}.age`)
    // Without its note, the canary cannot be told from a tip, so it is exported: a tip is never
    // left out.
    await notes.forget(receipt)
    expect(JSON.parse((await run('export', 'again', '--json')).stdout)).toMatchObject({
      exported: expect.arrayContaining([tip, receipt]) as string[],
    })
  })

  it.each([
    [
      'the folder is not empty',
      () => {
        mkdirSync(machine.at('stick'))
        writeFileSync(machine.at('stick', 'x'), 'x')
      },
      'stick is not empty: name a new folder',
    ],
    [
      'there is no vault',
      () => rmSync(machine.at('var', 'sealed'), { recursive: true }),
      'holds no vault',
    ],
    [
      'there is no export key',
      () => rmSync(machine.at('var', 'export.key')),
      'export.key is missing: make it with',
    ],
    ['the export key is none', () => writeFileSync(machine.at('var', 'export.key'), 'x'), ''],
    [
      'there is no keyring',
      () => rmSync(machine.at('keys', 'keyring.json')),
      'keyring.json is missing',
    ],
    [
      'the keyring was tampered with',
      () => writeFileSync(machine.at('keys', 'keyring.json'), '{}'),
      'the signature of keyring.json does not match',
    ],
    [
      'the server was retired',
      () => changeKeyring((keyring) => retire(keyring, 'DEMO server', commandDay)),
      'is no export signer of the keyring today',
    ],
    [
      'the key is for something else',
      () =>
        changeKeyring((keyring) => {
          const server = keyring.signers.find(({ purpose }) => purpose === 'export')
          const others = {
            ...keyring,
            signers: keyring.signers.filter((entry) => entry !== server),
          }
          const card = {
            format: 'tumen-card',
            version: 1,
            kind: 'signer',
            name: 'other desk',
            purpose: 'acknowledgement',
            public_key: server?.public_key ?? '',
          } as const
          return addSigner(others, card, { validFrom: commandDay, validUntil: null })
        }),
      'is no export signer of the keyring today',
    ],
  ])('ends with 1 when %s, leaving nothing behind', async (_when, spoil, expected) => {
    await put()
    spoil()
    const before = await digestsBelow(machine.dir)
    const done = await run('export', 'stick')
    expect(done).toMatchObject({ status: 1, stdout: '', stderr: expect.stringContaining(expected) })
    expect(done.stderr.trim().split('\n')).toHaveLength(1)
    expect(await digestsBelow(machine.dir)).toEqual(before)
  })

  it('does not need a keyring that is in force: what came in must go out', async () => {
    await put()
    const late = { now: () => new Date('2028-01-01T00:00:00Z') }
    expect(await runHere(machine, ['export', 'stick'], { clock: late })).toMatchObject({
      status: 0,
    })
  })
})
