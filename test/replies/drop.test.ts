import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { noblePrimitives } from '../../src/age/noble.ts'
import { dropBytes, dropName, readDrop, writeDrop } from '../../src/replies/drop.ts'
import { ReplyError } from '../../src/replies/errors.ts'
import { makeDrop } from '../../src/replies/make-drop.ts'
import { openDrop } from '../../src/replies/open-drop.ts'
import { providers } from '../age/providers.ts'
import { makeTempDir } from '../support/temp-dir.ts'
import { answerTo, hex32, newId, newThread } from './samples.ts'

const primitives = providers[0]?.primitives ?? noblePrimitives
const day = '2027-03-02'

function isRefused(bytes: Uint8Array): boolean {
  try {
    readDrop(bytes)
  } catch (error) {
    if (error instanceof ReplyError && error.code === 'DROP_INVALID') return true
    throw error
  }
  return false
}

const empty = () => makeDrop(primitives, { id: newId(primitives), day, messages: [], opened: [] })

describe('makeDrop', () => {
  it('makes 140,288 bytes, whatever there is to say', async () => {
    const thread = newThread(primitives)
    const full = await makeDrop(primitives, {
      id: newId(primitives),
      day,
      messages: [answerTo(primitives, thread, { parts: ['가'.repeat(2000), 'b', 'c', 'd'] })],
      opened: [thread.tagKey],
    })
    expect(full.bytes).toHaveLength(140_288)
    expect((await empty()).bytes).toHaveLength(dropBytes)
  })

  it('puts new answers first, oldest first, at most four slots a thread while others wait', async () => {
    const [busy, quiet] = [newThread(primitives), newThread(primitives)]
    const many = Array.from({ length: 10 }, () => answerTo(primitives, busy, { parts: ['a', 'b'] }))
    const late = Array.from({ length: 5 }, () => answerTo(primitives, quiet, { parts: ['a', 'b'] }))
    const repeat = answerTo(primitives, quiet, { isRepeat: true })
    const made = await makeDrop(primitives, {
      id: newId(primitives),
      day,
      messages: [repeat, ...many, ...late],
      opened: [],
    })
    const ids = (messages: { id: string }[]) => messages.map(({ id }) => id)
    // Two answers of each thread come first, then the three oldest of the rest, with two slots
    // each. One slot is left.
    expect(made.sent).toEqual([...ids(many.slice(0, 5)), ...ids(late.slice(0, 2))])
    expect(made.waiting).toEqual([...ids(many.slice(5)), ...ids(late.slice(2))])
    expect(made.repeated).toEqual([repeat.id])
  })

  it('lets a tag key that two recipients share harm nobody', async () => {
    const [one, other] = [newThread(primitives), newThread(primitives)]
    const id = newId(primitives)
    const mixed = { recipient: other.recipient, tagKey: one.tagKey }
    const made = await makeDrop(primitives, {
      id,
      day,
      messages: [
        answerTo(primitives, one),
        answerTo(primitives, mixed),
        answerTo(primitives, other),
      ],
      opened: [one.tagKey, one.tagKey],
    })
    const opened = await openDrop(primitives, one, id, made.bytes)
    expect(opened.messages.map((message) => message.text)).toEqual(['읽었습니다.'])
    expect(opened.problems.map(({ code }) => code)).toEqual(['SLOT_DAMAGED'])
    expect((await openDrop(primitives, other, id, made.bytes)).messages).toHaveLength(1)
  })

  it('lets tags beyond 512 wait', async () => {
    const keys = Array.from({ length: 10_000 }, () => primitives.randomBytes(32))
    const thread = newThread(primitives)
    const options = { id: newId(primitives), day, messages: [] }
    const made = await makeDrop(primitives, { ...options, opened: [...keys, thread.tagKey] })
    expect(made.openedCount).toBe(512)
    expect(made.bytes).toHaveLength(dropBytes)
    expect((await openDrop(primitives, thread, options.id, made.bytes)).isOpened).toBe(false)
    const first = { ...options, opened: [...keys.slice(0, 511), thread.tagKey, ...keys] }
    const next = await makeDrop(primitives, first)
    expect((await openDrop(primitives, thread, options.id, next.bytes)).isOpened).toBe(true)
  })
})

describe.each(providers)('openDrop with $provider', ({ primitives: reader }) => {
  it('finds every part of the answers of a thread, and nothing for another', async () => {
    const [thread, stranger] = [newThread(primitives), newThread(primitives)]
    const id = newId(primitives)
    const answer = answerTo(primitives, thread, { parts: ['하나 ', '둘'], asks: ['un', 'ngo'] })
    const made = await makeDrop(primitives, {
      id,
      day,
      messages: [answer, answerTo(primitives, newThread(primitives))],
      opened: [thread.tagKey],
    })
    const opened = await openDrop(reader, thread, id, made.bytes)
    expect(opened.isOpened).toBe(true)
    expect(opened.problems).toEqual([])
    expect(opened.messages).toEqual(
      ['하나 ', '둘'].map((text, index) => ({
        schema: 'urn:tumen:detention_reply:1',
        id: answer.id,
        thread: thread.id,
        drop: id,
        day: answer.day,
        language: 'ko',
        part: index + 1,
        parts: 2,
        text,
        asks: ['un', 'ngo'],
      })),
    )
    expect(await openDrop(reader, stranger, id, made.bytes)).toEqual({
      messages: [],
      isOpened: false,
      problems: [],
    })
  })

  it('shows no answer of a drop under another name', async () => {
    const thread = newThread(primitives)
    const messages = [answerTo(primitives, thread)]
    const made = await makeDrop(primitives, { id: hex32('a'), day, messages, opened: [] })
    const opened = await openDrop(reader, thread, hex32('b'), made.bytes)
    expect(opened).toEqual({ messages: [], isOpened: false, problems: [] })
  })
})

describe('readDrop', () => {
  it('reads what writeDrop wrote', () => {
    const slots = Array.from({ length: 15 }, (_, at) => ({
      tag: hex32((14 - at).toString(16)),
      file: new Uint8Array(8192).fill(at),
    }))
    const openedTags = new Uint8Array(8192).fill(77)
    const drop = readDrop(writeDrop({ id: hex32('0'), slots, openedTags }))
    expect(drop.slots.get(hex32('e'))?.[0]).toBe(0)
    expect(drop.slots.size).toBe(15)
    expect(drop.opened).toEqual(openedTags)
  })

  it('refuses a change of any byte that is not a tag or content', async () => {
    const { bytes } = await empty()
    // All headers are checked by the same code: the first, one in the middle, and the last ones.
    for (const entry of [0, 7, 14, 15])
      for (let at = entry === 15 ? 0 : 32; at < 512; at += 1) {
        const before = bytes[entry * 8704 + at] ?? 0
        bytes[entry * 8704 + at] = before ^ 1
        expect(isRefused(bytes)).toBe(true)
        bytes[entry * 8704 + at] = before
      }
    expect(isRefused(bytes)).toBe(false)
    bytes[dropBytes - 1] = 1
    expect(isRefused(bytes)).toBe(true)
  })

  it('refuses entries in another order, and a tag twice', async () => {
    const { bytes } = await empty()
    const entry = (number: number) => bytes.slice(number * 8704, (number + 1) * 8704)
    const swapped = bytes.slice()
    swapped.set(entry(1), 0)
    swapped.set(entry(0), 8704)
    expect(isRefused(swapped)).toBe(true)
    const twice = bytes.slice()
    twice.set(entry(0), 8704)
    expect(isRefused(twice)).toBe(true)
  })

  it('throws nothing but ReplyError', async () => {
    const { bytes } = await empty()
    fc.assert(
      fc.property(fc.nat(bytes.length), fc.uint8Array({ maxLength: 600 }), (at, patch) => {
        const changed = bytes.slice()
        changed.set(patch.subarray(0, bytes.length - at), at)
        isRefused(changed)
        isRefused(bytes.subarray(0, at))
      }),
    )
    expect(isRefused(new Uint8Array(dropBytes))).toBe(true)
  })
})

describe('GNU tar', () => {
  it('unpacks a drop', async () => {
    const folder = await makeTempDir()
    const id = newId(primitives)
    const made = await makeDrop(primitives, { id, day, messages: [], opened: [] })
    writeFileSync(join(folder, dropName(id)), made.bytes)
    const said = execFileSync('tar', ['-xvf', dropName(id)], { cwd: folder, encoding: 'utf8' })
    const names = said.trim().split('\n')
    expect(names).toHaveLength(16)
    expect(names).toEqual(names.toSorted())
    expect(names.at(-1)).toBe('opened.tags')
    for (const [tag, file] of readDrop(made.bytes).slots)
      expect(new Uint8Array(readFileSync(join(folder, `${tag}.age`)))).toEqual(new Uint8Array(file))
    expect(readdirSync(folder)).toHaveLength(17)
  })
})
