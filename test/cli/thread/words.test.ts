import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Decrypter } from 'age-encryption'
import { describe, expect, it } from 'vitest'
import { readDrop } from '../../../src/replies/drop.ts'
import { wordsOf } from '../../../src/thread/words.ts'
import { answerTo, newThread } from '../../replies/samples.ts'
import { primitives } from '../../support/ceremony.ts'
import { makeTempDir } from '../../support/temp-dir.ts'
import { runHere } from '../support/run-here.ts'
import { dropFor } from './answer-site.ts'

const thread = newThread(primitives)

async function withWords(text: string | Uint8Array) {
  const dir = await makeTempDir()
  writeFileSync(join(dir, 'words.txt'), text)
  return (...args: string[]) =>
    runHere({ dir, env: {} }, ['words', '--words-file', 'words.txt', ...args])
}

describe('tumen words --identity', () => {
  it('prints the identity that opens an answer with another implementation of age', async () => {
    const run = await withWords(wordsOf(thread.secret, 'ko').join(' '))
    const { status, stdout } = await run('--identity')
    expect(status).toBe(0)
    expect(stdout).toMatch(/^AGE-SECRET-KEY-PQ-1[0-9A-Z]+\n$/)
    const drop = await dropFor([answerTo(primitives, thread, { parts: ['안녕'] })], '2027-03-01')
    const decrypter = new Decrypter()
    decrypter.addIdentity(stdout.trim())
    const opened: string[] = []
    for (const file of readDrop(drop.bytes).slots.values()) {
      const plaintext = await decrypter.decrypt(new Uint8Array(file)).catch(() => null)
      if (plaintext !== null) opened.push(new TextDecoder().decode(plaintext))
    }
    expect(opened.map((text) => (JSON.parse(text) as { text: string }).text)).toEqual(['안녕'])
    expect(JSON.parse((await run('--identity', '--json')).stdout)).toEqual({
      identity: stdout.trim(),
      recipient: thread.recipient,
      thread: thread.id,
    })
  })
})

describe('tumen words --check', () => {
  it.each([
    ['en', 'English'],
    ['ko', 'Korean'],
    ['zh', 'Chinese'],
  ] as const)('says that words in %s are right, and prints none', async (language, name) => {
    const words = wordsOf(thread.secret, language)
    const run = await withWords(`\ufeff${words.join('\r\n')}`)
    expect(await run('--check')).toEqual({
      status: 0,
      stdout: `the twelve words are right (${name})\n`,
      stderr: '',
    })
    expect(JSON.parse((await run('--check', '--json')).stdout)).toEqual({
      language,
      thread: thread.id,
    })
  })

  it('reads words that an editor saved as Unicode', async () => {
    const text = `\ufeff${wordsOf(thread.secret, 'ko').join(' ')}\r\n`
    const run = await withWords(Buffer.from(text, 'utf16le'))
    expect(await run('--check')).toMatchObject({ status: 0, stderr: '' })
  })

  it('says that words in another encoding are not UTF-8', async () => {
    const run = await withWords(Buffer.from([0xb0, 0xa1, 0xb0, 0xa2]))
    expect(await run('--check')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('words.txt is not text in UTF-8 (--words-file)'),
    })
  })

  it.each([
    ['too few', 'abandon abandon', 'exactly 12 words'],
    ['nothing', '', 'exactly 12 words'],
    ['an unknown word', `${'abandon '.repeat(5)}xyzzy ${'abandon '.repeat(6)}`, 'word 6 is not on'],
    ['a wrong order', 'abandon '.repeat(12), 'one word is wrong, or the order is'],
    ['a book', 'a'.repeat(10_000), 'too long'],
  ])('refuses %s', async (_, text, said) => {
    const { status, stdout, stderr } = await (await withWords(text))('--check')
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
    expect(stderr).toContain(said)
    expect(stderr).not.toContain('xyzzy')
  })

  it.each([[[]], [['--check', '--identity']]])('requires exactly one action: %j', async (args) => {
    expect((await (await withWords('x'))(...args)).status).toBe(2)
  })
})
