import { execFileSync } from 'node:child_process'
import { dropsPerBundle } from '../../../src/replies/bounds.ts'
import { describe, expect, it } from 'vitest'
import {
  type ReplyFiles,
  ReplyShelf,
  type ShelvedFile,
  type SignedReplyFile,
} from '../../../src/server/replies/shelf.ts'

const stepMinutes = 15
const minuteMs = 60_000

function signedFile(name: string, text = name): SignedReplyFile {
  return { name, bytes: Buffer.from(text), signature: Buffer.from(`signature of ${text}`) }
}

const idOf = (number: number): string => number.toString(16).padStart(32, '0')
const dropsOf = (...numbers: number[]): SignedReplyFile[] =>
  numbers.map((number) => signedFile(`${idOf(number)}.tar`, `drop ${number}`))

/** A shelf over files that a test exchanges, with a clock that it moves. */
function makeShelf(first: ReplyFiles) {
  const state = { files: first, nowMs: Date.parse('2026-11-23T10:00:00Z'), loads: 0, fails: false }
  const shelf = new ReplyShelf({
    load: (day) => {
      state.loads += 1
      if (state.fails) return Promise.reject(new Error('EIO'))
      expect(day).toBe('2026-11-23')
      return Promise.resolve(state.files)
    },
    clock: { now: () => new Date(state.nowMs) },
    stepMinutes,
  })
  return { shelf, state }
}

const contentOf = (file: ShelvedFile | null): Buffer =>
  Buffer.concat(file === null ? [] : file.content.parts)

/** The names in an archive, as tar lists them. */
function namesIn(file: ShelvedFile | null): string[] {
  return execFileSync('tar', ['-tf', '-'], { input: contentOf(file) })
    .toString()
    .trim()
    .split('\n')
}

const index = signedFile('index.json')

describe('ReplyShelf', () => {
  it('has nothing while there is no index, not even drops', async () => {
    const { shelf } = makeShelf({ indexes: [], drops: dropsOf(1) })
    await shelf.look()
    for (const name of ['index.json', 'newest.tar', `${idOf(1)}.tar`])
      expect(shelf.find(name)).toBeNull()
  })

  it('has an index without drops', async () => {
    const { shelf } = makeShelf({ indexes: [index], drops: [] })
    await shelf.look()
    expect(contentOf(shelf.find('index.json')).toString()).toBe('index.json')
    expect(shelf.find('index.json.minisig')?.type).toBe('text/plain; charset=utf-8')
    expect(namesIn(shelf.find('newest.tar'))).toEqual(['index.json', 'index.json.minisig'])
    expect(shelf.find('older-1.tar')).toBeNull()
  })

  it('bundles the newest drops with the indexes, and the older ones by themselves', async () => {
    const numbers = Array.from({ length: 2 * dropsPerBundle + 1 }, (_, number) => number)
    const second = signedFile('index-0123456789ABCDEF.json')
    const { shelf } = makeShelf({ indexes: [index, second], drops: dropsOf(...numbers) })
    await shelf.look()
    const names = numbers.map((number) => `${idOf(number)}.tar`)
    expect(namesIn(shelf.find('newest.tar'))).toEqual([
      'index.json',
      'index.json.minisig',
      'index-0123456789ABCDEF.json',
      'index-0123456789ABCDEF.json.minisig',
      ...names.slice(0, dropsPerBundle),
    ])
    expect(namesIn(shelf.find('older-1.tar'))).toEqual(
      names.slice(dropsPerBundle, 2 * dropsPerBundle),
    )
    expect(namesIn(shelf.find('older-2.tar'))).toEqual(names.slice(2 * dropsPerBundle))
    expect(shelf.find('older-3.tar')).toBeNull()
    expect(shelf.find('older-0.tar')).toBeNull()
  })

  it('makes the same bytes of the same files', async () => {
    const [one, other] = [0, 1].map(() => makeShelf({ indexes: [index], drops: dropsOf(1, 2) }))
    await Promise.all([one?.shelf.look(), other?.shelf.look()])
    const [first, second] = [one, other].map((made) =>
      contentOf(made?.shelf.find('newest.tar') ?? null),
    )
    expect(first).toEqual(second)
  })

  it('shows new answers at the next step, and not before', async () => {
    const { shelf, state } = makeShelf({ indexes: [index], drops: [] })
    await shelf.look()
    state.files = { indexes: [signedFile('index.json', 'newer')], drops: dropsOf(1) }
    state.nowMs += stepMinutes * minuteMs - 1
    await shelf.look()
    expect(contentOf(shelf.find('index.json')).toString()).toBe('index.json')
    expect(shelf.find(`${idOf(1)}.tar`)).toBeNull()
    state.nowMs += 1
    await shelf.look()
    expect(contentOf(shelf.find('index.json')).toString()).toBe('newer')
    expect(contentOf(shelf.find(`${idOf(1)}.tar`)).toString()).toBe('drop 1')
    expect(state.loads).toBe(2)
  })

  it('keeps a drop for an hour after no index names it any more', async () => {
    const { shelf, state } = makeShelf({ indexes: [index], drops: dropsOf(1) })
    await shelf.look()
    state.files = { indexes: [index], drops: dropsOf(2) }
    state.nowMs += stepMinutes * minuteMs
    await shelf.look()
    expect(contentOf(shelf.find(`${idOf(1)}.tar`)).toString()).toBe('drop 1')
    expect(namesIn(shelf.find('newest.tar'))).not.toContain(`${idOf(1)}.tar`)
    state.nowMs += 60 * minuteMs
    await shelf.look()
    expect(shelf.find(`${idOf(1)}.tar`)).toBeNull()
  })

  it('drops the index of a desk that is no longer in force at once', async () => {
    const { shelf, state } = makeShelf({ indexes: [index], drops: [] })
    await shelf.look()
    state.files = { indexes: [], drops: [] }
    state.nowMs += stepMinutes * minuteMs
    await shelf.look()
    expect(shelf.find('index.json')).toBeNull()
    expect(shelf.find('newest.tar')).toBeNull()
  })

  it('keeps what it has while the disk fails, and looks again at the next step', async () => {
    const { shelf, state } = makeShelf({ indexes: [index], drops: [] })
    await shelf.look()
    state.fails = true
    state.nowMs += stepMinutes * minuteMs
    await shelf.look()
    expect(shelf.find('index.json')).not.toBeNull()
    state.fails = false
    state.files = { indexes: [signedFile('index.json', 'newer')], drops: [] }
    state.nowMs += stepMinutes * minuteMs
    await shelf.look()
    expect(contentOf(shelf.find('index.json')).toString()).toBe('newer')
  })
})
