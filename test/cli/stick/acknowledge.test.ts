import { checkChain } from '../../../src/desk/custody/check-chain.ts'
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { verifyAcknowledgement } from '../../../src/carry/acknowledgement.ts'
import { parseKeyring } from '../../../src/keyring/keyring.ts'
import { formatSecretKey, generateSigningKey } from '../../../src/keyring/minisign.ts'
import { primitives } from '../../support/ceremony.ts'
import type { Machine } from '../../support/machine.ts'
import { copyMachine, makeMachine } from '../../support/machine.ts'
import { plainTip, sealWhole, sha256 } from '../../support/sealed.ts'
import { commandDay, runHere } from '../support/run-here.ts'
import { runProgram } from '../support/run-tumen.ts'

/** Called instead of each wait for the worker. */
let onWait = (_waits: number): void => undefined
let waits = 0
const wait = async () => onWait(++waits)

/** A machine whose two tips were exported and opened. Each test works on a copy. */
let original: Machine
let machine: Machine
let receipts: string[] = []
beforeAll(async () => {
  original = await makeMachine(commandDay, await mkdtemp(join(tmpdir(), 'tumen-acknowledge-')))
  for (const narrative of ['하나', '둘'])
    receipts.push(
      await original.store(
        await sealWhole(primitives, original.recipients, { ...plainTip, narrative }),
      ),
    )
  receipts = receipts.toSorted()
  const identity = original.identityPath
  for (const args of [
    ['export', 'stick'],
    ['open', 'stick', '-i', identity, '--casebook', 'casebook'],
  ])
    expect(await runHere(original, args)).toMatchObject({ status: 0 })
})
afterAll(() => rm(original.dir, { recursive: true }))
beforeEach(async () => {
  waits = 0
  onWait = () => undefined
  machine = await copyMachine(original)
})

const run = (...args: string[]) => runHere(machine, args, { wait })
const acknowledge = (...args: string[]) =>
  run('acknowledge', 'stick', '--casebook', 'casebook', '--key', 'var/demo/desk.key', ...args)
const written = () =>
  readdirSync(machine.at('stick')).filter((name) => name.startsWith('acknowledgement'))

function readSigned() {
  const [bytes, signature] = ['acknowledgement.json', 'acknowledgement.json.minisig'].map((name) =>
    readFileSync(machine.at('stick', name)),
  )
  const keyring = parseKeyring(readFileSync(machine.at('keys', 'keyring.json')))
  return verifyAcknowledgement({ bytes: bytes!, signature: signature!, keyring, day: commandDay })
}

describe('tumen acknowledge on the desk', () => {
  it('signs what the casebook holds', async () => {
    expect(await acknowledge()).toMatchObject({
      status: 0,
      stderr: '',
      stdout: expect.stringContaining('acknowledged 2 of 2 envelopes'),
    })
    const { head } = await checkChain(machine.at('casebook'))
    expect(readSigned()).toEqual({ day: commandDay, receipts, custodyHead: head?.sha256 })
    const key =
      parseKeyring(readFileSync(machine.at('keys', 'keyring.json'))).signers.find(
        ({ purpose }) => purpose === 'acknowledgement',
      )?.public_key ?? ''
    const minisign = await runProgram('minisign', machine.at('stick'), [
      '-Vm',
      'acknowledgement.json',
      '-P',
      key,
    ])
    expect(minisign).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('tumen acknowledgement of 2 envelopes, 2026-11-23'),
    })
  })

  it('never names what the casebook does not hold', async () => {
    const [kept = '', lost = ''] = receipts
    renameSync(
      machine.at('casebook', 'tips', lost),
      machine.at('casebook', 'tips', `.partial-${lost}`),
    )
    expect(await acknowledge()).toMatchObject({
      status: 1,
      stderr: `not acknowledged, as it is not in the casebook: ${lost}\n`,
    })
    expect(readSigned().receipts).toEqual([kept])
    expect(JSON.parse((await acknowledge('--json')).stdout)).toEqual({
      acknowledged: [kept],
      not_acknowledged: [lost],
    })
  })

  it('may be done again when more was opened', async () => {
    const [, lost = ''] = receipts
    rmSync(machine.at('casebook', 'tips', lost), { recursive: true })
    await acknowledge()
    await run('open', 'stick', '-i', machine.identityPath, '--casebook', 'casebook')
    expect((await acknowledge()).status).toBe(0)
    expect(readSigned().receipts).toEqual(receipts)
  })

  it.each([
    [2, ['stick', '--casebook', 'casebook'], '--key FILE is missing'],
    [2, ['stick', '--key', 'var/demo/desk.key'], '--casebook DIR is missing'],
    [1, ['stick', '--casebook', 'casebook', '--key', 'none.key'], 'none.key is missing (--key)'],
    [
      1,
      ['stick', '--casebook', 'casebook', '--key', 'var/export.key'],
      'no acknowledgement signer of the keyring today',
    ],
    [
      1,
      ['stick', '--casebook', 'casebook', '--key', 'stranger.key'],
      'no acknowledgement signer of the keyring today',
    ],
    [1, ['stick', '--casebook', 'casebook', '--key', 'keys/keyring.json'], 'minisign'],
    [1, ['casebook', '--casebook', 'casebook', '--key', 'var/demo/desk.key'], 'has no SHA256SUMS'],
  ])('ends with %i for %j, writing nothing', async (status, args, expected) => {
    writeFileSync(machine.at('stranger.key'), formatSecretKey(generateSigningKey()))
    const done = await run('acknowledge', ...args)
    expect(done).toMatchObject({ status, stdout: '', stderr: expect.stringContaining(expected) })
    expect(written()).toEqual([])
  })
})

describe('tumen acknowledge on the server', () => {
  const inbox = () => machine.at('var', 'acknowledgements')
  /** Does the worker's part: moves the envelopes that the inbox names to `collected/`. */
  const collect = () => {
    for (const name of readdirSync(inbox()).filter((each) => each.endsWith('.json'))) {
      const { receipts: named } = JSON.parse(readFileSync(`${inbox()}/${name}`, 'utf8')) as {
        receipts: string[]
      }
      for (const receipt of named) collectOne(receipt)
    }
  }
  const collectOne = (receipt = '') =>
    renameSync(
      machine.at('var', 'sealed', `${receipt}.age`),
      machine.at('var', 'collected', `${receipt}.age`),
    )
  beforeEach(async () => {
    await acknowledge()
    // Taking in the answers is tested with real processes, in test/scenario/long.
    rmSync(machine.at('stick', 'replies'), { recursive: true })
  })

  it('hands it to the worker under its digest, and waits until all is collected', async () => {
    onWait = (count) => (count === 3 ? collect() : undefined)
    expect(await run('acknowledge', 'stick')).toEqual({
      status: 0,
      stdout: '2 of 2 envelopes collected\n',
      stderr: '',
    })
    expect(waits).toBe(3)
    const bytes = readFileSync(machine.at('stick', 'acknowledgement.json'))
    expect(readdirSync(inbox()).sort()).toEqual([
      `${sha256(bytes)}.json`,
      `${sha256(bytes)}.json.minisig`,
    ])
    expect(readFileSync(`${inbox()}/${sha256(bytes)}.json`).equals(bytes)).toBe(true)
  })

  it('takes the file itself, too', async () => {
    onWait = collect
    expect(
      JSON.parse((await run('acknowledge', 'stick/acknowledgement.json', '--json')).stdout),
    ).toEqual({ acknowledged: 2, waiting: 0 })
  })

  it('says so when no worker runs, and leaves it for when one does', async () => {
    expect(await run('acknowledge', 'stick')).toEqual({
      status: 0,
      stdout: '0 of 2 envelopes collected\n',
      stderr: '2 are still to be collected: the worker does so as soon as it runs\n',
    })
    expect(waits).toBe(300)
    expect(readdirSync(inbox())).toHaveLength(2)
  })

  it('waits for a slow worker as long as it collects something', async () => {
    const [first, second] = receipts
    onWait = (count) => {
      if (count === 250) collectOne(first)
      if (count === 500) collectOne(second)
    }
    expect(await run('acknowledge', 'stick')).toEqual({
      status: 0,
      stdout: '2 of 2 envelopes collected\n',
      stderr: '',
    })
    expect(waits).toBe(500)
  })

  it('counts what a worker has collected that then stops', async () => {
    const [first] = receipts
    onWait = (count) => void (count === 3 && collectOne(first))
    expect(await run('acknowledge', 'stick')).toEqual({
      status: 0,
      stdout: '1 of 2 envelopes collected\n',
      stderr: '1 is still to be collected: the worker does so as soon as it runs\n',
    })
  })

  it.each([
    [
      'it is missing',
      () => rmSync(machine.at('stick', 'acknowledgement.json')),
      'acknowledgement.json is missing: is this the stick that came back?',
    ],
    [
      'its signature is missing',
      () => rmSync(machine.at('stick', 'acknowledgement.json.minisig')),
      'acknowledge again on the desk',
    ],
    [
      'it was changed',
      () =>
        writeFileSync(
          machine.at('stick', 'acknowledgement.json'),
          readFileSync(machine.at('stick', 'acknowledgement.json'), 'utf8').replace(
            receipts[0]!,
            'a'.repeat(64),
          ),
        ),
      'the signature is not good',
    ],
    [
      'it is no acknowledgement',
      () => {
        for (const suffix of ['', '.minisig'])
          writeFileSync(
            machine.at('stick', `acknowledgement.json${suffix}`),
            readFileSync(machine.at('stick', `SHA256SUMS${suffix}`)),
          )
      },
      'is no acknowledgement signer',
    ],
    [
      'the folder is none',
      () => {
        rmSync(machine.at('stick'), { recursive: true })
        mkdirSync(machine.at('stick'))
      },
      'is missing',
    ],
  ])('ends with 1 when %s, handing over nothing', async (_when, spoil, expected) => {
    spoil()
    expect(await run('acknowledge', 'stick')).toMatchObject({
      status: 1,
      stdout: '',
      stderr: expect.stringContaining(expected),
    })
    expect(readdirSync(machine.at('var'))).not.toContain('acknowledgements')
  })
})
