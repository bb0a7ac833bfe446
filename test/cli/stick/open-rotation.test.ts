import { cpSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'

import { addDays } from '../../../src/time/day.ts'
import type { Machine } from '../../support/machine.ts'
import { makeMachine } from '../../support/machine.ts'
import { commandDay, runHere } from '../support/run-here.ts'

const name = 'DEMO analyst'
const rotationDay = addDays(commandDay, 100)
const overlapDays = 30
const newIdentity = `new/${name}.identity`

let machine: Machine
const runOn = (day: string, ...args: string[]) =>
  runHere(machine, args, { clock: { now: () => new Date(`${day}T12:00:00Z`) } })

async function done(day: string, ...args: string[]): Promise<string> {
  const { status, stdout, stderr } = await runOn(day, ...args)
  if (status !== 0) throw new Error(`${args.join(' ')}: ${stderr}`)
  return stdout
}

/**
 * Seals a tip as a source would, with the keyring in the folder `keys`, and stores it.
 * @returns the receipt
 */
async function sealAndSend(day: string, keys: string, file: string): Promise<string> {
  await done(day, 'seal', '--narrative', '잡혀갔습니다', '--dir', keys, '-o', file)
  return await machine.store(readFileSync(machine.at(file)))
}

/**
 * Issues a second key for the only analyst. The folder `old keys` is a copy of the earlier keyring,
 * which a source may still use.
 */
async function rotate(...more: string[]): Promise<void> {
  cpSync(machine.at('keys'), machine.at('old keys'), { recursive: true })
  await done(rotationDay, 'keys', 'new', name, '--no-passphrase', '--out', 'new')
  await done(rotationDay, 'keyring', 'rotate', name, `new/${name}.card.json`, ...more)
  await done(rotationDay, 'keyring', 'sign', '--root-key', 'var/demo/root.key')
}

const open = (day: string, ...identities: string[]) =>
  runOn(
    day,
    'open',
    'stick',
    ...identities.flatMap((path) => ['-i', path]),
    '--casebook',
    'casebook',
  )
const keyGroups = async () =>
  (
    JSON.parse(await done(rotationDay, 'keyring', 'show', '--json')) as {
      recipients: { fingerprint: string }[]
    }
  ).recipients.map(({ fingerprint }) => fingerprint.slice(0, 5))
const openedBy = (receipt: string) =>
  (
    JSON.parse(
      readFileSync(join(machine.dir, 'casebook', 'tips', receipt, 'opened.json'), 'utf8'),
    ) as { identity: object }
  ).identity

beforeEach(async () => {
  machine = await makeMachine(commandDay)
})

describe('tumen open, after a rotation with an overlap', () => {
  it('opens old tips with the old identity and new ones with the new, and says which opened what', async () => {
    await rotate('--overlap', String(overlapDays))
    const after = addDays(rotationDay, overlapDays)
    const before = await sealAndSend(commandDay, 'old keys', 'before.age')
    const during = await sealAndSend(addDays(rotationDay, 1), 'keys', 'during.age')
    const late = await sealAndSend(after, 'old keys', 'late.age')
    const fresh = await sealAndSend(after, 'keys', 'fresh.age')
    await done(after, 'export', 'stick')
    const [oldKey = '', newKey = ''] = await keyGroups()
    const { status, stdout, stderr } = await open(after, machine.identityPath, newIdentity)
    expect({ status, stdout }).toEqual({ status: 0, stdout: 'opened 4, already there 0\n' })
    expect(stderr).toContain(`2 by the key ${oldKey} of ${name}\n`)
    expect(stderr).toContain(`2 by the key ${newKey} of ${name}\n`)
    expect(stderr).toContain(
      `2 sealed to the key ${oldKey} of ${name}, which counts no more since ${after}`,
    )
    for (const receipt of [before, late])
      expect(openedBy(receipt)).toEqual({ kind: 'hybrid', name, retired: after, key: oldKey })
    // These are sealed to both keys. The new key is named, although the old identity came first on
    // the command line.
    for (const receipt of [during, fresh])
      expect(openedBy(receipt)).toEqual({ kind: 'hybrid', name, retired: null, key: newKey })
    expect(readFileSync(machine.at('casebook', 'custody.jsonl'), 'utf8')).toContain(
      `identity ${name} (${oldKey}, hybrid)`,
    )
  })

  it('warns of nothing while both keys count', async () => {
    await rotate('--overlap', String(overlapDays))
    const lastDay = addDays(rotationDay, overlapDays - 1)
    await sealAndSend(lastDay, 'old keys', 'late.age')
    await done(lastDay, 'export', 'stick')
    expect(await open(lastDay, machine.identityPath, newIdentity)).toEqual({
      status: 0,
      stdout: 'opened 1, already there 0\n',
      stderr: `to read the casebook, open ${machine.at('casebook/index.html')} in a browser\n`,
    })
  })

  it('puts aside what only the old identity opens, and opens it once that is there', async () => {
    await rotate('--overlap', '0')
    const late = await sealAndSend(rotationDay, 'old keys', 'late.age')
    await done(rotationDay, 'export', 'stick')
    const without = await open(rotationDay, newIdentity)
    expect(without).toMatchObject({
      status: 1,
      stdout: 'opened 0, already there 0, 1 NOT opened\n',
      stderr: expect.stringContaining('or to an older key: try again with the other identities'),
    })
    const withOld = await open(rotationDay, newIdentity, machine.identityPath)
    expect(withOld).toMatchObject({
      status: 0,
      stderr: expect.stringContaining(`counts no more since ${rotationDay}`),
    })
    expect(openedBy(late)).toMatchObject({ name, retired: rotationDay })
  })

  it('warns of a key that expired by itself, too', async () => {
    await done(commandDay, 'keys', 'new', 'guest', '--no-passphrase')
    await done(
      commandDay,
      'keyring',
      'add',
      'guest.card.json',
      '--valid-until',
      addDays(commandDay, 9),
    )
    await done(commandDay, 'keyring', 'sign', '--root-key', 'var/demo/root.key')
    cpSync(machine.at('keys'), machine.at('old keys'), { recursive: true })
    await sealAndSend(commandDay, 'old keys', 'one.age')
    await done(commandDay, 'export', 'stick')
    expect((await open(addDays(commandDay, 10), 'guest.identity')).stderr).toContain(
      `of guest, which counts no more since ${addDays(commandDay, 10)}`,
    )
  })
})

describe('tumen keyring rotate', () => {
  it('prints how long the old key stays in force, and show prints it again', async () => {
    await rotate()
    const shown = await done(rotationDay, 'keyring', 'show')
    expect(shown).toContain(
      `soon:\n  ${name}: the old key is in force until ${addDays(rotationDay, 29)}`,
    )
    const [oldKey = ''] = await keyGroups()
    expect((await runOn(rotationDay, 'keyring', 'retire', name)).stderr).toContain(
      `--key ${oldKey}`,
    )
    await done(rotationDay, 'keyring', 'retire', name, '--key', oldKey)
    expect(await done(rotationDay, 'keyring', 'show')).not.toContain('the old key is in force')
  })

  it.each([
    [['nobody', 'lee.card.json'], 1, 'lee.card.json is the card of lee, not of nobody'],
    [['lee', 'lee.card.json'], 1, 'there is no key of "lee" in force to replace'],
    [['lee', 'missing.json'], 1, 'missing.json is missing'],
    [['lee'], 2, 'too few arguments'],
    [['lee', 'lee.card.json', '--overlap', '-1'], 2, '--overlap'],
    [['lee', 'lee.card.json', '--overlap', '1000'], 2, '--overlap must be a number of days'],
  ])('%j changes nothing', async (args, status, expected) => {
    await done(commandDay, 'keys', 'new', 'lee', '--no-passphrase')
    const before = readFileSync(machine.at('keys', 'keyring.json'))
    expect(await runOn(commandDay, 'keyring', 'rotate', ...args)).toMatchObject({
      status,
      stdout: '',
      stderr: expect.stringContaining(expected),
    })
    expect(readFileSync(machine.at('keys', 'keyring.json'))).toEqual(before)
    expect((await runOn(commandDay, 'keyring', 'verify')).status).toBe(0)
  })
})
