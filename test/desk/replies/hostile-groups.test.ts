import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  formatRecipient,
  generateIdentity,
  parseRecipient,
  recipientOf,
} from '../../../src/age/keys.ts'
import { replyGroupOf } from '../../../src/thread/thread.ts'
import { commandDay } from '../../cli/support/run-here.ts'
import { primitives } from '../../support/ceremony.ts'
import type { Machine } from '../../support/machine.ts'
import { copyMachine, makeMachine } from '../../support/machine.ts'
import { sourceWith, TalkingDesk } from './talking-desk.ts'

let original: Machine
let desk: TalkingDesk
beforeAll(async () => {
  original = await makeMachine(commandDay, await mkdtemp(join(tmpdir(), 'tumen-hostile-')))
})
afterAll(() => rm(original.dir, { recursive: true }))
beforeEach(async () => {
  desk = new TalkingDesk(await copyMachine(original))
})

const honest = sourceWith(1)
const good = replyGroupOf(honest, 'ko')

function withKey(change: (publicKey: Uint8Array) => void): typeof good {
  const publicKey = parseRecipient(good.recipient).publicKey.slice()
  change(publicKey)
  return { ...good, recipient: formatRecipient({ kind: 'hybrid', publicKey }) }
}

const hostile = {
  'with a point of low order': withKey((key) => key.fill(0, 1184)),
  'with a coefficient over the modulus': withKey((key) => key.fill(0xff, 0, 3)),
  'with an X25519 recipient': {
    ...good,
    recipient: recipientOf(generateIdentity(primitives, 'x25519')),
  },
  'with a huge recipient': { ...good, recipient: good.recipient + 'q'.repeat(100_000) },
  'with a short tag key': { ...good, tag_key: 'ab' },
  'without a language': { recipient: good.recipient, tag_key: good.tag_key },
  'with a field more': { ...good, more: true },
}

describe('reply groups that cannot be answered', () => {
  it('are reported, get nothing, and harm nobody else', async () => {
    const tips: string[] = []
    for (const [what, reply] of Object.entries(hostile))
      tips.push(await desk.sendRaw({ reply, narrative: `나쁜 묶음 ${what}` }))
    const other = sourceWith(2)
    const unharmed = await desk.send(other, { narrative: '좋은 묶음' })
    const stick = await desk.open()
    for (const tip of tips) {
      const { original, conversation, opened } = await desk.caseJson(tip)
      expect(conversation, original.narrative).toBeNull()
      const reported = { detail: expect.stringContaining('reply') }
      expect(opened.problems, original.narrative).toContainEqual(expect.objectContaining(reported))
      await desk.desk('set', tip, 'status', 'read', '--no-refresh')
      const args = ['reply', tip, '--standard', 'received', '--casebook', 'casebook']
      const refused = { status: 1, stderr: expect.stringContaining('no way back') }
      expect(await desk.run('case', ...args), original.narrative).toMatchObject(refused)
    }
    await desk.desk('set', unharmed, 'status', 'read')
    await desk.desk('reply', unharmed, '--standard', 'received')
    expect(await desk.acknowledge(stick)).toMatchObject({ status: 0, stderr: '' })
    expect(await desk.find(honest, stick)).toEqual({ messages: [], opened: false })
    expect(await desk.find(other, stick)).toMatchObject({ opened: true, messages: [{ parts: 1 }] })
  })
})

describe("a reply group with another thread's recipient and a tag key of its own", () => {
  it('is another conversation, and is reported', async () => {
    const first = await desk.send(honest)
    await desk.open()
    const thief = { ...good, tag_key: 'ab'.repeat(32) }
    const tip = await desk.send(honest, {
      reply: thief,
      narrative: '다른 열쇠',
      consent: [{ recipient: 'un', level: 'named' }],
    })
    const stick = await desk.open()
    const [victim, borrowed] = [await desk.caseJson(first), await desk.caseJson(tip)]
    const codes = (view: { opened: { problems: { code: string }[] } }) =>
      view.opened.problems.map(({ code }) => code)
    expect(codes(victim)).toEqual([])
    expect(codes(borrowed)).toContain('REPLY_BORROWED')
    expect(victim.conversation.tips).toHaveLength(1)
    expect(victim.conversation.proposals).toEqual([])
    await desk.desk('reply', first, '--standard', 'received')
    await desk.desk('reply', tip, '--standard', 'more')
    await desk.acknowledge(stick)
    expect((await desk.find(honest, stick)).messages).toHaveLength(1)
  })
})
