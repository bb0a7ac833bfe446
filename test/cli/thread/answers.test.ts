import { describe, expect, it } from 'vitest'
import { dropBytes, dropsPerBundle } from '../../../src/replies/bounds.ts'
import { wordsOf } from '../../../src/thread/words.ts'
import { newThread } from '../../replies/samples.ts'
import { primitives } from '../../support/ceremony.ts'
import { runHere } from '../support/run-here.ts'
import { bundleOf, indexOf, serveHonestly, sourceMachine } from './answer-site.ts'
import {
  ask,
  clock,
  deskOne,
  first,
  honest,
  keyring,
  long,
  root,
  second,
  short,
  textsOf,
  thread,
} from './asked-site.ts'

describe('tumen answers', () => {
  it('shows the answers in order, with their days, and what was opened', async () => {
    const { shown, plain } = await ask(honest())
    expect(shown).toEqual({
      keys: { state: 'confirmed', day: '2027-03-11', issued: '2027-02-01' },
      last_index: '2027-03-11',
      since: '2027-03-05',
      opened: ['2027-03-05'],
      answers: [
        {
          id: long.id,
          day: '2027-03-04',
          language: 'ko',
          text: '첫째 줄\n둘째 줄 마지막',
          asks: ['un', 'ngo'],
          whole: true,
        },
        {
          id: short.id,
          day: '2027-03-08',
          language: 'ko',
          text: '다시 와 주세요.',
          asks: [],
          whole: true,
        },
      ],
      problems: [],
    })
    expect(plain.stdout.split('\n')).toEqual([
      'staff opened your message on 2027-03-05',
      `answer of 2027-03-04 (${long.id})`,
      '  첫째 줄',
      '  둘째 줄 마지막',
      '  asks whether this may be told to: un, ngo',
      `answer of 2027-03-08 (${short.id})`,
      '  다시 와 주세요.',
      '',
    ])
    expect(plain.stderr).toContain('staff confirmed these keys on 2027-03-11\n')
    expect(plain.stderr).toContain('staff last brought answers on 2027-03-11\n')
    expect(plain.stderr).toContain('We never ask who or where you are')
  })

  it('asks for the same, in the same order, whatever the words', async () => {
    const mine = await ask(honest())
    const other = await ask(honest(), newThread(primitives))
    expect(other.requests).toEqual(mine.requests)
    expect(other.shown?.answers).toEqual([])
    expect(other.plain.stdout).toBe(
      'nothing for these words in the drops of the last 7 days: look at each word again\n',
    )
  })

  it('fetches older bundles and single drops when the newest does not hold all', async () => {
    const served = honest()
    served.set('/replies/newest.tar', bundleOf([[`${second.id}.tar`, second.bytes]]))
    expect((await ask(served)).shown?.answers).toHaveLength(2)
    served.delete('/replies/newest.tar')
    const { shown } = await ask(served)
    expect(shown?.answers).toHaveLength(2)
    expect(shown?.problems).toEqual([])
  })

  it('finds an answer in more drops than the first bundle holds, and asks the same for other words', async () => {
    // Their contents do not matter: a drop counts by its digest.
    const others = Array.from({ length: 2 * dropsPerBundle }, (_, place) => ({
      id: place.toString(16).padStart(32, '0'),
      day: '2027-03-10',
      bytes: new Uint8Array(dropBytes),
    }))
    const drops = [...others, first]
    const serve = () =>
      serveHonestly(keyring, [{ key: deskOne, index: indexOf(keyring, drops), drops }])
    const mine = await ask(serve())
    expect(textsOf(mine.shown)).toEqual(['첫째 줄\n둘째 줄 마지막'])
    const tars = mine.requests.filter((path) => path.endsWith('.tar'))
    expect(tars.slice(0, 3)).toEqual([
      '/replies/newest.tar',
      '/replies/older-1.tar',
      '/replies/older-2.tar',
    ])
    expect((await ask(serve(), newThread(primitives))).requests).toEqual(mine.requests)
  })

  it('says that nobody was answered yet when there are no drops', async () => {
    const index = indexOf(keyring, [])
    const { plain } = await ask(serveHonestly(keyring, [{ key: deskOne, index, drops: [] }]))
    expect(plain.stdout).toBe('there are no answers for anybody on this server yet\n')
  })

  it.each([
    ['no words file', ['--to', 'http://127.0.0.1:1'], 2],
    ['an onion without Tor', ['--words-file', 'words.txt', '--to', 'http://abc.onion'], 2],
    ['a missing words file', ['--words-file', 'none.txt', '--to', 'http://127.0.0.1:1'], 1],
    ['nobody there', ['--words-file', 'words.txt', '--to', 'http://127.0.0.1:1'], 1],
  ])('ends with a sentence when there is %s', async (_, args, status) => {
    const machine = await sourceMachine(root, wordsOf(thread.secret, 'en'))
    const done = await runHere(machine, ['answers', ...args], { clock })
    expect(done.status).toBe(status)
    expect(done.stderr).toMatch(/^tumen: [^\n]+\n$/)
    expect(done.stderr).not.toContain('internal error')
    expect(done.stdout).toBe('')
  })
})
