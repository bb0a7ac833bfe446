import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { beforeEach, describe, expect, it } from 'vitest'
import { openFile, unwrapWith } from '../../../src/age/file.ts'
import { inlineEngine } from '../../../src/age/stream.ts'
import { parseIdentityFile } from '../../../src/keyring/identity-file.ts'
import { deriveThread } from '../../../src/thread/thread.ts'
import { readWords } from '../../../src/thread/words.ts'
import { readTip } from '../../../src/tip/read-tip.ts'
import { pieces } from '../../age/pieces.ts'
import { primitives } from '../../support/ceremony.ts'
import type { Machine } from '../../support/machine.ts'
import { makeMachine } from '../../support/machine.ts'
import { sha256 } from '../../support/sealed.ts'
import { readAll } from '../../tip/streams.ts'
import { commandDay, runHere } from '../support/run-here.ts'

let machine: Machine
beforeEach(async () => {
  machine = await makeMachine(commandDay)
})

const seal = (...args: string[]) =>
  runHere(machine, ['seal', '--narrative', '잡혀갔습니다', ...args])

async function tipIn(name: string) {
  const identities = parseIdentityFile(primitives, readFileSync(machine.identityPath))
  const plaintext = openFile(
    { primitives, engine: inlineEngine(primitives) },
    unwrapWith(primitives, identities),
    pieces(readFileSync(machine.at(name)), 50_000),
  )
  const { tip, problems } = readTip((await readAll(plaintext)).get('tip.json') ?? new Uint8Array())
  expect(problems).toEqual([])
  return tip
}

const threadIn = (name: string) => {
  const { secret, language } = readWords(readFileSync(machine.at(name), 'utf8'))
  return { ...deriveThread(primitives, secret), language }
}
const groupIn = (name: string) => {
  const { recipient, tagKey } = threadIn(name)
  return { recipient, tag_key: Buffer.from(tagKey).toString('hex') }
}

describe('tumen seal --words-out', () => {
  it('writes twelve words for their owner alone, and how to answer into the tip', async () => {
    const done = await seal('--lang', 'ko', '--words-out', 'words.txt', '-o', 'x.age')
    expect(done).toMatchObject({ status: 0, stdout: '' })
    expect(statSync(machine.at('words.txt')).mode & 0o777).toBe(0o600)
    expect(threadIn('words.txt').language).toBe('ko')
    expect(await tipIn('x.age')).toEqual({
      schema: 'urn:tumen:detention_tip:2',
      narrative: '잡혀갔습니다',
      lang: 'ko',
      reply: { ...groupIn('words.txt'), language: 'ko' },
    })
    for (const word of readFileSync(machine.at('words.txt'), 'utf8').trim().split(' '))
      expect(done.stderr).not.toContain(word)
  })

  it('has the same length as a tip without words', async () => {
    await seal('-o', 'without.age')
    await seal('--words-out', 'words.txt', '-o', 'with.age')
    expect(statSync(machine.at('with.age')).size).toBe(statSync(machine.at('without.age')).size)
    expect(await tipIn('without.age')).toMatchObject({ schema: 'urn:tumen:detention_tip:1' })
  })

  it('prints the words only if told to', async () => {
    const done = await seal('--words-out', '-', '--words-lang', 'zh', '-o', 'x.age')
    expect(done.stdout.trim().split(' ')).toHaveLength(12)
    expect(readWords(done.stdout).language).toBe('zh')
    expect((await seal('--words-out', '-')).status).toBe(2)
  })

  it('prints length and receipt as JSON', async () => {
    const done = await seal('--words-out', 'words.txt', '-o', 'x.age', '--json')
    const bytes = readFileSync(machine.at('x.age'))
    expect(JSON.parse(done.stdout)).toEqual({ bytes: bytes.length, receipt: sha256(bytes) })
    expect((await seal('--json')).status).toBe(2)
  })

  it('replaces no file, and leaves none behind', async () => {
    writeFileSync(machine.at('there'), 'x')
    expect((await seal('--words-out', 'there', '-o', 'x.age')).status).toBe(1)
    expect(existsSync(machine.at('x.age'))).toBe(false)
    expect((await seal('--words-out', 'words.txt', '-o', 'there')).status).toBe(1)
    expect(existsSync(machine.at('words.txt'))).toBe(false)
    expect((await seal('nothing.jpg', '--words-out', 'words.txt', '-o', 'y.age')).status).toBe(1)
    expect(existsSync(machine.at('words.txt'))).toBe(false)
    expect(readFileSync(machine.at('there'), 'utf8')).toBe('x')
  })
})

describe('tumen seal --words-file', () => {
  beforeEach(async () => {
    await seal('--lang', 'zh', '--words-out', 'words.txt', '-o', 'first.age')
  })

  it('makes a follow-up of the same thread', async () => {
    const id = '0f'.repeat(16)
    await seal('--words-file', 'words.txt', '--answers', id, '--close', '-o', 'more.age')
    const [first, more] = [await tipIn('first.age'), await tipIn('more.age')]
    expect(more.reply).toEqual(first.reply)
    expect(more).toMatchObject({ answers: id, close: true })
    expect(more.reply_next).toBeUndefined()
  })

  it('names new words that are to be answered from now on', async () => {
    await seal('--words-file', 'words.txt', '--new-words-out', 'new.txt', '-o', 'more.age')
    const tip = await tipIn('more.age')
    expect(tip.reply).toMatchObject(groupIn('words.txt'))
    expect(tip.reply_next).toEqual({ ...groupIn('new.txt'), language: 'zh' })
    expect(groupIn('new.txt')).not.toEqual(groupIn('words.txt'))
    expect(threadIn('new.txt').language).toBe('zh')
    expect(statSync(machine.at('new.txt')).mode & 0o777).toBe(0o600)
  })

  it.each([
    ['both kinds of words', ['--words-file', 'words.txt', '--words-out', 'b.txt'], 2],
    ['--close without words', ['--close'], 2],
    ['--answers without words', ['--answers', '0f'.repeat(16)], 2],
    ['--new-words-out without words', ['--new-words-out', 'b.txt'], 2],
    ['a wrong id', ['--words-file', 'words.txt', '--answers', 'AB'], 2],
    ['another list', ['--words-out', 'b.txt', '--words-lang', 'ru'], 2],
    ['a missing file', ['--words-file', 'none.txt'], 1],
    ['a file that holds no words', ['--words-file', 'first.age'], 1],
  ])('refuses %s', async (_, args, status) => {
    const done = await seal(...args, '-o', 'refused.age')
    expect(done.status).toBe(status)
    expect(done.stderr).not.toContain('internal error')
    expect(existsSync(machine.at('refused.age'))).toBe(false)
    expect(existsSync(machine.at('b.txt'))).toBe(false)
  })
})
