import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { beforeEach, describe, expect, it } from 'vitest'
import { generateIdentity } from '../../../src/age/keys.ts'
import { fileOf, plainTip, sealByHand, sealWhole, sha256 } from '../../support/sealed.ts'
import { primitives } from '../../support/ceremony.ts'
import type { Machine } from '../../support/machine.ts'
import { makeMachine } from '../../support/machine.ts'
import { digestsBelow } from '../../support/tree.ts'
import { commandDay, runHere } from '../support/run-here.ts'

const stranger = generateIdentity(primitives, 'hybrid')
const secret = '아무도 읽으면 안 되는 이야기'

let machine: Machine
beforeEach(async () => {
  machine = await makeMachine(commandDay)
})

const run = (...args: string[]) => runHere(machine, args)
const open = (...args: string[]) =>
  run('open', 'stick', '--identity', machine.identityPath, '--casebook', 'casebook', ...args)
const inCasebook = () => readdirSync(machine.at('casebook', 'tips')).sort()

/** Seals tips to the machine's recipients and exports them with everything else in the vault. */
async function exportTips(narratives: readonly string[]): Promise<string[]> {
  const receipts: string[] = []
  for (const narrative of narratives)
    receipts.push(
      await machine.store(
        await sealWhole(primitives, machine.recipients, { ...plainTip, narrative }),
      ),
    )
  expect((await run('export', 'stick')).status).toBe(0)
  return receipts
}

const onStick = (receipt: string) => machine.at('stick', `${receipt}.age`)

function flipBit(path: string, at: number): void {
  const bytes = readFileSync(path)
  bytes[at] = (bytes[at] ?? 0) ^ 1
  writeFileSync(path, bytes)
}

describe('tumen open', () => {
  it('opens every envelope, and the next time leaves them as they are', async () => {
    const receipts = await exportTips(['하나', '둘'])
    const stderr = `to read the casebook, open ${machine.at('casebook/index.html')} in a browser\n`
    expect(existsSync(machine.at('casebook/index.html'))).toBe(false)
    expect(await open()).toEqual({ status: 0, stdout: 'opened 2, already there 0\n', stderr })
    expect(existsSync(machine.at('casebook/index.html'))).toBe(true)
    expect(inCasebook()).toEqual(receipts.toSorted())
    const before = await digestsBelow(machine.at('casebook'))
    expect(await open()).toEqual({ status: 0, stdout: 'opened 0, already there 2\n', stderr })
    expect(await digestsBelow(machine.at('casebook'))).toEqual(before)
  })

  describe('of a single file', () => {
    const openFileAt = (path: string) =>
      run('open', path, '--identity', machine.identityPath, '--casebook', 'casebook')

    it('opens an attachment that is itself sealed, as a case of its own', async () => {
      const inner = await sealWhole(primitives, machine.recipients, {
        ...plainTip,
        narrative: '안쪽',
      })
      const outer = await machine.store(
        await sealWhole(primitives, machine.recipients, plainTip, [fileOf('inner.age', inner)]),
      )
      await run('export', 'stick')
      await open()
      const attached = machine.at('casebook', 'tips', outer, 'attachments', 'inner.age')
      expect(await openFileAt(attached)).toMatchObject({
        status: 0,
        stdout: 'opened 1, already there 0\n',
      })
      const receipt = sha256(inner)
      expect(inCasebook()).toEqual([outer, receipt].toSorted())
      expect(readFileSync(machine.at('casebook', 'tips', receipt, 'tip.json'), 'utf8')).toContain(
        '안쪽',
      )
      expect(readFileSync(machine.at('casebook', 'custody.jsonl'), 'utf8')).toContain(
        'a single file, not part of an export',
      )
      expect(await openFileAt(attached)).toMatchObject({
        status: 0,
        stdout: 'opened 0, already there 1\n',
      })
      expect((await run('verify', 'casebook')).status).toBe(0)
    })

    it('puts one aside that is not sealed to the identity', async () => {
      writeFileSync(machine.at('foreign.age'), await sealWhole(primitives, [stranger]))
      const { status, stderr } = await openFileAt('foreign.age')
      expect(status).toBe(1)
      expect(stderr).toContain('not sealed to any of these identities')
    })
  })

  it('names what it cannot open, and opens the rest', async () => {
    const foreign = await machine.store(await sealWhole(primitives, [stranger]))
    const hostile = await machine.store(
      await sealByHand(primitives, machine.recipients, Buffer.alloc(1024, 'not a tar')),
    )
    const [good = '', cut = '', flipped = '', missing = '', swapped = ''] = await exportTips([
      '하나',
      '둘',
      '셋',
      '넷',
      '다섯',
    ])
    truncateSync(onStick(cut), 40_000)
    flipBit(onStick(flipped), 60_000)
    rmSync(onStick(missing))
    writeFileSync(onStick(swapped), readFileSync(onStick(good)))
    const done = await open('--json')
    expect(done.status).toBe(1)
    const outcomes = Object.fromEntries(
      (JSON.parse(done.stdout) as { receipt: string; outcome: string; code?: string }[]).map(
        (each) => [each.receipt, each.code ?? each.outcome],
      ),
    )
    expect(outcomes).toEqual({
      [good]: 'opened',
      [hostile]: 'opened',
      [foreign]: 'NO_MATCH',
      [cut]: 'OPEN_FAILED',
      [flipped]: 'OPEN_FAILED',
      [missing]: 'ENVELOPE_MISSING',
      [swapped]: 'ENVELOPE_CHANGED',
    })
    expect(inCasebook()).toEqual([good, hostile].sort())
    const again = await open()
    expect(again).toMatchObject({ status: 1, stdout: 'opened 0, already there 2, 5 NOT opened\n' })
    for (const receipt of [foreign, cut, flipped, missing, swapped])
      expect(again.stderr).toContain(`${receipt}: `)
  })

  it('says nothing of what a tip says', async () => {
    const odd = await machine.store(
      await sealWhole(primitives, machine.recipients, { ...plainTip, narrative: secret }, [
        fileOf('비밀.jpg', Buffer.from(secret)),
      ]),
    )
    await exportTips([secret])
    const [plain, json] = [await open(), await open('--json')]
    for (const { stdout, stderr } of [plain, json]) expect(stdout + stderr).not.toContain(secret)
    expect(readFileSync(machine.at('casebook', 'tips', odd, 'tip.json'), 'utf8')).toContain(secret)
  })

  it('opens several exports, with several identities', async () => {
    await exportTips(['하나'])
    expect((await run('export', 'other stick', '--all')).status).toBe(0)
    writeFileSync(machine.at('wrong.identity'), '# none of ours\n')
    writeFileSync(machine.at('wrong.identity'), `AGE-SECRET-KEY-1${'Q'.repeat(58)}`)
    const done = await run(
      'open',
      'stick',
      'other stick',
      '-i',
      machine.identityPath,
      '-i',
      machine.identityPath,
      '--casebook',
      'casebook',
    )
    expect(done).toMatchObject({ status: 0, stdout: 'opened 1, already there 0\n' })
  })

  it.each([
    [2, ['stick', '--identity', 'x'], '--casebook DIR is missing'],
    [2, ['stick', '--casebook', 'x'], '--identity FILE is missing'],
    [2, [], 'too few arguments'],
    [1, ['stick', '--identity', 'none', '--casebook', 'x'], 'none is missing (--identity)'],
    [
      1,
      ['stick', '--identity', 'keys/keyring.json', '--casebook', 'x'],
      'this is not an identity file: line 1',
    ],
    [
      1,
      ['nowhere', '--identity', 'var/demo/demo.identity', '--casebook', 'x'],
      'has no SHA256SUMS: it is no export',
    ],
    [
      1,
      ['stick', '--identity', 'var/demo/demo.identity', '--casebook', 'x', '--dir', 'nowhere'],
      'keyring.json is missing',
    ],
  ])('ends with %i for %j, leaving nothing behind', async (status, args, expected) => {
    await exportTips(['하나'])
    const before = await digestsBelow(machine.dir)
    const done = await run('open', ...args)
    expect(done).toMatchObject({ status, stdout: '', stderr: expect.stringContaining(expected) })
    expect(done.stderr).not.toMatch(/AGE-SECRET-KEY-[A-Z]*-?1[A-Z0-9]/)
    expect(await digestsBelow(machine.dir)).toEqual(before)
    expect(readdirSync(machine.dir)).not.toContain('x')
  })

  it.each([
    [
      'its sums were changed',
      () => writeFileSync(machine.at('stick', 'SHA256SUMS'), ''),
      'the signature is not good',
    ],
    [
      'its signature is missing',
      () => rmSync(machine.at('stick', 'SHA256SUMS.minisig')),
      'has no SHA256SUMS.minisig',
    ],
  ])('opens nothing of an export when %s', async (_when, spoil, expected) => {
    await exportTips(['하나'])
    spoil()
    expect(await open()).toMatchObject({
      status: 1,
      stdout: '',
      stderr: expect.stringContaining(expected),
    })
    expect(readdirSync(machine.dir)).not.toContain('casebook')
  })
})

describe('tumen verify', () => {
  it('says who signed it, how many envelopes are good, and what the signed comment says', async () => {
    await exportTips(['하나', '둘'])
    expect(await run('verify', 'stick')).toMatchObject({
      status: 0,
      stderr: '',
      stdout: expect.stringMatching(
        /stick: 2 envelopes good, signed by DEMO server \(tumen export of 2 envelopes, 2026-11-23, keyring [0-9a-f]{64}\)\n$/,
      ),
    })
  })

  it('names each envelope that was changed since the export', async () => {
    const [good = '', missing = '', flipped = '', cut = '', unreadable = ''] = await exportTips([
      '하나',
      '둘',
      '셋',
      '넷',
      '다섯',
    ])
    rmSync(onStick(missing))
    flipBit(onStick(flipped), 50_000)
    truncateSync(onStick(cut), 100)
    rmSync(onStick(unreadable))
    mkdirSync(onStick(unreadable))
    const added = 'a'.repeat(64)
    writeFileSync(onStick(added), readFileSync(onStick(good)))
    const done = await run('verify', 'stick', '--json')
    expect(done.status).toBe(1)
    const [verdict] = JSON.parse(done.stdout) as {
      good: number
      bad: { file: string; why: string }[]
    }[]
    expect(verdict?.good).toBe(1)
    expect(Object.fromEntries(verdict?.bad.map(({ file, why }) => [file, why]) ?? [])).toEqual({
      [`${missing}.age`]: 'missing',
      [`${flipped}.age`]: 'changed: its digest is another',
      [`${cut}.age`]: 'changed: the age file ends inside its header',
      [`${unreadable}.age`]:
        'it is a folder, a pipe or a device and no plain file: look at how this stick was made',
      [`${added}.age`]: 'not in SHA256SUMS: it was added later',
    })
    expect((await run('verify', 'stick')).stderr.trim().split('\n')).toHaveLength(5)
  })

  it.each([
    ['nothing is there', ['nowhere'], 'has no SHA256SUMS'],
    ['one of two is no export', ['stick', 'keys'], 'has no SHA256SUMS'],
  ])('ends with 1 when %s', async (_when, args, expected) => {
    await exportTips(['하나'])
    expect(await run('verify', ...args)).toMatchObject({
      status: 1,
      stdout: '',
      stderr: expect.stringContaining(expected),
    })
  })
})
