import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { wordsOf } from '../../../src/thread/words.ts'
import { answerTo } from '../../replies/samples.ts'
import { primitives } from '../../support/ceremony.ts'
import { runHere } from '../support/run-here.ts'
import type { Served } from './answer-site.ts'
import {
  bundleOf,
  dropFor,
  indexOf,
  serveHonestly,
  serveKeyring,
  signIndex,
  sourceMachine,
  TestRoot,
} from './answer-site.ts'
import {
  ask,
  clock,
  deskOne,
  deskTwo,
  first,
  honest,
  keyring,
  ofTwo,
  root,
  second,
  short,
  stranger,
  textsOf,
  thread,
} from './asked-site.ts'

const older = root.issue([deskOne, stranger], '2027-01-01')
const newer = root.issue([deskOne, deskTwo], '2027-03-01')
const forged = await dropFor(
  [answerTo(primitives, thread, { parts: ['come to the bridge'] })],
  '2027-03-09',
)

describe('a server that cheats', () => {
  const replace = (path: string, bytes: Uint8Array) => (served: Served) => {
    served.set(path, bytes)
    // The bundle would still hold the honest file.
    served.delete('/replies/newest.tar')
  }
  const replaceIndex =
    (signed: { bytes: Uint8Array; signature: Uint8Array }, name = 'index.json') =>
    (served: Served) => {
      replace(`/replies/${name}`, signed.bytes)(served)
      served.set(`/replies/${name}.minisig`, signed.signature)
    }
  const withoutDesk = (served: Served, suffix: string) => {
    for (const path of served.keys()) if (path.includes(suffix)) served.delete(path)
    served.delete('/replies/newest.tar')
  }
  const all = ['첫째 줄\n둘째 줄 마지막', '다시 와 주세요.']

  it.each<[string, (served: Served) => void, string, string[], string[]]>([
    [
      'swaps two drops',
      (served) => {
        replace(`/replies/${first.id}.tar`, second.bytes)(served)
        served.set(`/replies/${second.id}.tar`, first.bytes)
      },
      'confirmed',
      [],
      ['DROP_CHANGED', 'DROP_CHANGED'],
    ],
    [
      'puts a drop of its own in the place of one',
      replace(`/replies/${second.id}.tar`, forged.bytes),
      'confirmed',
      all.slice(0, 1),
      ['DROP_CHANGED'],
    ],
    [
      'puts the drop of another desk in the place of one',
      replace(`/replies/${second.id}.tar`, ofTwo.bytes),
      'confirmed',
      all.slice(0, 1),
      ['DROP_CHANGED'],
    ],
    [
      'cuts a drop short',
      replace(`/replies/${first.id}.tar`, first.bytes.subarray(0, 100_000)),
      'confirmed',
      all,
      ['DROP_CHANGED'],
    ],
    [
      'makes a drop endless',
      replace(`/replies/${first.id}.tar`, new Uint8Array(3_000_000)),
      'confirmed',
      all,
      ['DROP_MISSING'],
    ],
    [
      'withholds a drop',
      (served) => {
        served.delete(`/replies/${second.id}.tar`)
        served.delete('/replies/newest.tar')
      },
      'confirmed',
      all.slice(0, 1),
      ['DROP_MISSING'],
    ],
    [
      'changes one byte of a drop',
      (served) => {
        const bytes = Buffer.from(second.bytes)
        bytes.writeUInt8(bytes.readUInt8(70_000) ^ 1, 70_000)
        replace(`/replies/${second.id}.tar`, bytes)(served)
      },
      'confirmed',
      all.slice(0, 1),
      ['DROP_CHANGED'],
    ],
    [
      'puts the entries of a drop into another order',
      (served) => {
        const bytes = Buffer.from(second.bytes)
        second.bytes.slice(0, 8704).forEach((byte, at) => bytes.writeUInt8(byte, 8704 + at))
        replace(`/replies/${second.id}.tar`, bytes)(served)
      },
      'confirmed',
      all.slice(0, 1),
      ['DROP_CHANGED'],
    ],
    ['withholds every index', (served) => withoutDesk(served, 'index'), 'unknown', [], []],
    [
      'withholds the index of the first desk',
      (served) => withoutDesk(served, 'index.json'),
      'confirmed',
      [],
      [],
    ],
    [
      'serves an index of a stranger with a drop of their own',
      (served) => {
        replaceIndex(signIndex(indexOf(keyring, [forged]), stranger))(served)
        served.set(`/replies/${forged.id}.tar`, forged.bytes)
      },
      'confirmed',
      [],
      [],
    ],
    [
      'serves the index of the second desk as that of the first',
      replaceIndex(signIndex(indexOf(keyring, [ofTwo]), deskTwo)),
      'confirmed',
      [],
      [],
    ],
    [
      'serves an old index of the first desk, with fewer drops',
      replaceIndex(signIndex(indexOf(keyring, [first], { day: '2027-03-06', seq: 4 }), deskOne)),
      'confirmed',
      all.slice(0, 1),
      [],
    ],
    [
      'changes an index under its signature',
      (served) => {
        const text = Buffer.from(served.get('/replies/index.json') ?? []).toString()
        replace('/replies/index.json', Buffer.from(text.replace('"seq": 5', '"seq": 6')))(served)
      },
      'confirmed',
      [],
      [],
    ],
    [
      'serves a drop as an index',
      replace('/replies/index.json', first.bytes.subarray(0, 9000)),
      'confirmed',
      [],
      [],
    ],
    [
      'serves an endless index',
      replace('/replies/index.json', new Uint8Array(10_000_000)),
      'confirmed',
      [],
      [],
    ],
    [
      'serves an endless bundle',
      (served) => void served.set('/replies/newest.tar', new Uint8Array(20_000_000)),
      'confirmed',
      all,
      [],
    ],
    [
      'serves noise as the bundle',
      (served) => void served.set('/replies/newest.tar', primitives.randomBytes(50_000)),
      'confirmed',
      all,
      [],
    ],
    [
      'names a forged drop like a real one in the bundle',
      (served) =>
        void served.set('/replies/newest.tar', bundleOf([[`${second.id}.tar`, forged.bytes]])),
      'confirmed',
      all.slice(0, 1),
      ['DROP_CHANGED'],
    ],
  ])('%s: no wrong answer is shown', async (_, cheat, state, texts, problems) => {
    const served = honest()
    cheat(served)
    const { shown, plain } = await ask(served)
    expect(shown?.keys.state).toBe(state)
    expect(textsOf(shown)).toEqual(texts)
    expect(shown?.problems.map(({ code }) => code)).toEqual(problems)
    expect(plain.status).toBe(0)
    expect(plain.stdout).not.toContain('bridge')
  })

  it('replays an old keyring: nothing is shown, and it is said', async () => {
    const indexes = [
      indexOf(keyring, [second, first], {
        keyring: { sha256: 'f'.repeat(64), issued: '2027-02-01', older: [] },
      }),
      indexOf(newer, [second, first]),
    ]
    for (const index of indexes) {
      const served = serveHonestly(older, [{ key: deskOne, index, drops: [second, first] }])
      const { status, stdout, stderr } = await ask(served)
      expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
      expect(stderr).toContain('an old keyring is being replayed')
    }
  })

  it('replays the keyring of the same day that was replaced', async () => {
    const replaced = root.issue([deskOne], '2027-02-01')
    const index = indexOf(keyring, [first])
    index.keyring.older = [indexOf(replaced, []).keyring.sha256]
    const served = serveHonestly(replaced, [{ key: deskOne, index, drops: [first] }])
    expect(await ask(served)).toMatchObject({ status: 1, stdout: '' })
  })

  it('serves a new keyring that no desk confirmed yet: the answers are shown', async () => {
    const served = honest()
    serveKeyring(served, newer)
    const { shown, plain } = await ask(served)
    expect(shown?.keys).toMatchObject({ state: 'not_confirmed_yet', issued: '2027-03-01' })
    expect(textsOf(shown)).toEqual(all)
    expect(plain.stderr).toContain('new keys of 2027-03-01, not confirmed yet\n')
  })

  it('serves a keyring in which the desk is retired: its answers vanish', async () => {
    const served = honest()
    serveKeyring(served, root.issue([deskTwo], '2027-03-11'))
    const { shown } = await ask(served)
    expect(textsOf(shown)).toEqual([])
    expect(shown?.opened).toEqual([])
  })

  it('serves indexes that are older than 30 days: nobody confirms the keys', async () => {
    const day = '2027-02-08'
    const old = await dropFor([short], day)
    const index = indexOf(keyring, [old], { day })
    const served = serveHonestly(keyring, [{ key: deskOne, index, drops: [old] }])
    const { shown, plain } = await ask(served)
    expect(shown?.keys).toMatchObject({ state: 'unknown', day: null })
    expect(plain.stderr).toContain('staff have not confirmed these keys in the last 30 days\n')
    expect(textsOf(shown)).toEqual(['다시 와 주세요.'])
  })

  it('serves the keyring of another root, or an expired one: nothing is shown', async () => {
    const other = new TestRoot().issue([deskOne], '2027-02-01')
    const expired = root.issue([deskOne], '2027-02-01', '2027-03-11')
    for (const [files, said] of [
      [other, 'not signed by the root'],
      [expired, 'expired on 2027-03-11'],
    ] as const) {
      const served = honest()
      serveKeyring(served, files)
      const { status, stdout, stderr } = await ask(served)
      expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
      expect(stderr).toContain(said)
    }
  })

  it.each([
    [500, 'the server answered 500. Nothing is lost; try again later'],
    [302, 'the server answered 302. Nothing is lost; try again later'],
  ])('answers %i: one calm line', async (status, said) => {
    const machine = await sourceMachine(root, wordsOf(thread.secret, 'zh'))
    const server = createServer((_, response) => response.writeHead(status).end())
    await once(server.listen(0, '127.0.0.1'), 'listening')
    onTestFinished(() => void server.close())
    const { port } = server.address() as AddressInfo
    const args = ['answers', '--words-file', 'words.txt', '--to', `http://127.0.0.1:${port}`]
    expect(await runHere(machine, args, { clock })).toEqual({
      status: 1,
      stdout: '',
      stderr: `tumen: the answers did not arrive: ${said}\n`,
    })
  })
})
