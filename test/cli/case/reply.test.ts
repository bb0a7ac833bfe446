import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { verifyCasebook } from '../../../src/desk/custody/verify-casebook.ts'
import { sourceWith, TalkingDesk } from '../../desk/replies/talking-desk.ts'
import type { Machine } from '../../support/machine.ts'
import { copyMachine, makeMachine } from '../../support/machine.ts'
import { commandDay } from '../support/run-here.ts'

let original: Machine
let desk: TalkingDesk
const source = sourceWith(1)
beforeAll(async () => {
  original = await makeMachine(commandDay, await mkdtemp(join(tmpdir(), 'tumen-reply-')))
})
afterAll(() => rm(original.dir, { recursive: true }))
beforeEach(async () => {
  desk = new TalkingDesk(await copyMachine(original))
})

const text = '안녕하세요. 더 쓰실 것이 있으면 여기에 써 주세요.'
async function reply(id: string, ...more: string[]) {
  desk.write('answer.txt', text)
  return JSON.parse(await desk.desk('reply', id, '--text-file', 'answer.txt', '--json', ...more))
}
const messagesOf = async (id: string) => (await desk.caseJson(id)).conversation.messages

describe('tumen case reply', () => {
  it('takes an answer that an editor saved as Unicode', async () => {
    const tip = await desk.send(source)
    await desk.open()
    const unicode = Buffer.from(`\ufeff${text}`, 'utf16le')
    desk.write('answer.txt', unicode)
    await desk.desk('reply', tip, '--text-file', 'answer.txt')
    expect((await desk.caseJson(tip)).conversation.messages).toMatchObject([{ text }])
  })

  it('brings the answer to the source, and follows it until the source answers', async () => {
    const tip = await desk.send(source)
    const first = await desk.open()
    await desk.desk('set', tip, 'status', 'read')
    const { message } = await reply(tip, '--ask', 'un,icrc')
    expect(await messagesOf(tip)).toMatchObject([{ id: message, state: 'written', drops: [] }])

    expect(await desk.acknowledge(first)).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('1 answer on the stick; 1 source learns'),
    })
    const [drop] = desk.drops(first)
    expect(await messagesOf(tip)).toMatchObject([{ state: 'on_the_stick', drops: [{ id: drop }] }])
    expect(await desk.find(source, first)).toMatchObject({
      opened: true,
      messages: [{ id: message, text, asks: ['un', 'icrc'], language: 'ko', parts: 1 }],
    })
    expect((await desk.find(sourceWith(2), first)).messages).toEqual([])

    const followUp = await desk.send(source, { answers: message, narrative: '네' })
    const second = await desk.open(first)
    expect(await messagesOf(tip)).toMatchObject([{ state: 'answered', answeredBy: followUp }])
    await desk.acknowledge(second)
    expect(desk.drops(second)).toHaveLength(1)
    expect((await desk.find(source, second)).messages).toEqual([])
    expect(desk.index(second).drops.map(({ id }) => id)).toEqual([...desk.drops(second), drop])
    expect((await verifyCasebook(desk.machine.at('casebook'), () => undefined)).problems).toEqual(
      [],
    )
  })

  it('shows what is published, and repeats it while nothing else waits', async () => {
    const tip = await desk.send(source)
    const first = await desk.open()
    const { message } = await reply(tip)
    await desk.acknowledge(first)
    const second = await desk.open(first)
    expect(await messagesOf(tip)).toMatchObject([
      { state: 'published', drops: [{ published: commandDay }] },
    ])
    await desk.acknowledge(second)
    expect(await desk.find(source, second)).toMatchObject({ messages: [{ id: message }] })
  })

  it('does not count its own index on the stick as published', async () => {
    const tip = await desk.send(source)
    const stick = await desk.open()
    await reply(tip)
    await desk.acknowledge(stick)
    await desk.run('open', stick, '-i', desk.machine.identityPath, '--casebook', 'casebook')
    expect(await messagesOf(tip)).toMatchObject([{ state: 'on_the_stick' }])
  })

  it('sends an answer again by itself when its stick was lost', async () => {
    const tip = await desk.send(source)
    await desk.open()
    const lost = await desk.open()
    const { message } = await reply(tip)
    await desk.acknowledge(lost)
    const second = await desk.open()
    await desk.acknowledge(second)
    expect(desk.drops(second)).toContain(desk.drops(lost)[0])
    expect(await messagesOf(tip)).toMatchObject([{ state: 'on_the_stick', isLost: true }])
    const third = await desk.open()
    const done = JSON.parse((await desk.acknowledge(third, '--json')).stdout)
    expect(done.replies).toMatchObject({ sent: [message], repeated: [] })
    expect(desk.index(third).drops.map(({ id }) => id)).not.toContain(desk.drops(lost)[0])
    expect(await desk.find(source, third)).toMatchObject({ messages: expect.anything() })
  })

  it('gives every index a number higher than any that came with an export', async () => {
    const tip = await desk.send(source)
    const first = await desk.open()
    await desk.acknowledge(first)
    expect(desk.index(first).seq).toBe(2)
    await desk.acknowledge(first)
    expect(desk.index(first).seq).toBe(3)
    await rm(desk.machine.at('casebook', 'replies'), { recursive: true })
    const second = await desk.open(first)
    await reply(tip)
    await desk.acknowledge(second)
    expect(desk.index(second).seq).toBe(4)
  })

  it('writes nothing that names a person of the case, unless it is confirmed', async () => {
    const persons = [{ names: [{ text: '리영희' }] }]
    const tip = await desk.send(source, { persons, event: { where_taken: { text: '선양' } } })
    await desk.open()
    for (const [kind, risky] of [
      ['name', '영희 씨는 잘 있습니까?'],
      ['name', 'Is Lee Young-hee well?'],
      ['place', '심양에서 무슨 일이 있었습니까?'],
      ['place', 'What happened in Shenyang?'],
      ['number', 'Call 010 1234 5678.'],
      ['address', 'Write to desk@example.org.'],
      ['link', 'See example.org/answer'],
      ['words', '저희는 사람들이 잡혀갔습니다 라는 글을 읽었습니다.'],
    ] as const) {
      desk.write('risky.txt', risky)
      const args = ['case', 'reply', tip, '--text-file', 'risky.txt', '--casebook', 'casebook']
      const refused = await desk.run(...args, '--json')
      expect(refused.status, risky).toBe(1)
      expect(JSON.parse(refused.stdout), risky).toMatchObject({
        written: false,
        warnings: expect.arrayContaining([expect.objectContaining({ kind })]),
      })
    }
    expect(await messagesOf(tip)).toEqual([])
    expect(
      await desk.run(
        'case',
        'reply',
        tip,
        '--text-file',
        'risky.txt',
        '--yes',
        '--casebook',
        'casebook',
      ),
    ).toMatchObject({ status: 0 })
    expect(await messagesOf(tip)).toHaveLength(1)
  })

  it('sends standard answers in the language of the source, none of which needs a warning', async () => {
    const tip = await desk.send(source)
    await desk.open()
    const list = JSON.parse(await desk.desk('reply', '--list-standard', '--json'))
    const languages = ['bo', 'en', 'ko', 'ru', 'ug', 'zh']
    expect(list.length).toBeGreaterThan(2)
    for (const { name, languages: known } of list) {
      expect(known, name).toEqual(languages)
      await desk.desk('reply', tip, '--standard', name)
    }
    await desk.write('casebook/answers/own.ko.txt', '저희가 고친 답장입니다.\n')
    await desk.desk('reply', tip, '--standard', 'own')
    expect((await messagesOf(tip)).at(-1)).toMatchObject({ text: '저희가 고친 답장입니다.' })
    expect(
      await desk.run('case', 'reply', tip, '--standard', '../opened', '--casebook', 'casebook'),
    ).toMatchObject({ status: 2 })
  })

  it('refuses a text that does not fit into four parts, and a source without words', async () => {
    const tip = await desk.send(source)
    const silent = await desk.send(source, { reply: null, narrative: '다른 글' })
    await desk.open()
    desk.write('long.txt', '가 나 '.repeat(9_000))
    const args = (id: string) => ['case', 'reply', id, '--casebook', 'casebook', '--text-file']
    expect(await desk.run(...args(tip), 'long.txt')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('does not fit into 4 parts'),
    })
    desk.write('short.txt', '네')
    expect(await desk.run(...args(silent), 'short.txt')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('has no way back'),
    })
  })

  it('takes an answer back before it leaves', async () => {
    const tip = await desk.send(source)
    const stick = await desk.open()
    const { message } = await reply(tip)
    await desk.desk('reply', tip, '--take-back', message)
    await desk.acknowledge(stick)
    expect(await messagesOf(tip)).toMatchObject([{ state: 'withdrawn', drops: [] }])
    expect((await desk.find(source, stick)).messages).toEqual([])
  })
})

describe('a conversation', () => {
  it('moves to new words, and the old ones get nothing more', async () => {
    const newer = sourceWith(3)
    const tip = await desk.send(source)
    await desk.open()
    const moved = await desk.send(source, {
      narrative: '새 낱말',
      reply_next: { recipient: newer.recipient, tag_key: tagOf(newer), language: 'ko' },
    })
    const stick = await desk.open()
    await desk.desk('set', moved, 'status', 'read')
    await reply(tip)
    await desk.acknowledge(stick)
    expect((await desk.find(source, stick)).messages).toEqual([])
    expect(await desk.find(newer, stick)).toMatchObject({ opened: true, messages: [{ text }] })
    const stale = await desk.send(source, {
      narrative: '옛 낱말',
      consent: [{ recipient: 'un', level: 'named' }],
    })
    const fresh = await desk.send(newer, { narrative: '새 낱말로' })
    await desk.open()
    const { conversation } = await desk.caseJson(tip)
    expect(conversation.tips.map((each: { receipt: string }) => each.receipt)).toEqual(
      expect.arrayContaining([tip, moved, stale, fresh]),
    )
    expect(
      conversation.tips.find((each: { receipt: string }) => each.receipt === stale),
    ).toMatchObject({ hasOldWords: true })
    expect(conversation.proposals).toEqual([])
  })

  it.each(['desk', 'source'] as const)('that the %s ends gets nothing more', async (who) => {
    const tip = await desk.send(source)
    await desk.open()
    await reply(tip)
    if (who === 'desk') await desk.desk('close-thread', tip)
    else await desk.send(source, { narrative: '그만', close: true })
    const stick = await desk.open()
    await desk.acknowledge(stick)
    expect((await desk.find(source, stick)).messages).toEqual([])
    expect(await messagesOf(tip)).toMatchObject([{ state: 'closed' }])
    expect(
      await desk.run('case', 'reply', tip, '--standard', 'received', '--casebook', 'casebook'),
    ).toMatchObject({ status: 1 })
    if (who === 'desk') {
      await desk.desk('close-thread', tip, '--take-back')
      expect(await messagesOf(tip)).toMatchObject([{ state: 'written' }])
    }
  })

  it('counts wider consent of a follow-up only after it is taken over, and narrower at once', async () => {
    const levels = async (id: string) =>
      Object.fromEntries(
        (await desk.caseJson(id)).consent.map((each: { recipient: string; level: string }) => [
          each.recipient,
          each.level,
        ]),
      )
    const tip = await desk.send(source, {
      consent: [
        { recipient: 'un', level: 'ask_first' },
        { recipient: 'icrc', level: 'named' },
      ],
    })
    await desk.open()
    const followUp = await desk.send(source, {
      narrative: '네',
      consent: [
        { recipient: 'un', level: 'named' },
        { recipient: 'icrc', level: 'no' },
      ],
    })
    await desk.open()
    for (const id of [tip, followUp])
      expect(await levels(id)).toMatchObject({ un: 'ask_first', icrc: 'no' })
    expect((await desk.caseJson(tip)).conversation.proposals).toMatchObject([
      { recipient: 'un', level: 'named', now: 'ask_first', receipt: followUp },
    ])
    expect(await desk.run('case', 'accept-consent', tip, '--casebook', 'casebook')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('--control TEXT'),
    })
    expect(await levels(tip)).toMatchObject({ un: 'ask_first' })
    await desk.desk('accept-consent', tip, '--control', 'asked for the first message: right')
    for (const id of [tip, followUp]) expect(await levels(id)).toMatchObject({ un: 'named' })
    await desk.send(source, { narrative: '아니요', consent_meta: { withdrawn: 'yes' } })
    await desk.open()
    expect(await levels(tip)).toMatchObject({ un: 'no', icrc: 'no', media: 'no' })
  })
})

function tagOf(thread: { tagKey: Uint8Array }): string {
  return Buffer.from(thread.tagKey).toString('hex')
}
