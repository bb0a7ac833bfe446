import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { replyInboxOf } from '../../src/reply-store/hand-over.ts'
import { addDays } from '../../src/time/day.ts'
import { createReplyIntake } from '../../workers/replies.ts'
import { ReplyInbox } from '../../workers/reply-inbox.ts'
import { makeTestDrop, writeReplies } from '../reply-store/answering-desk.ts'
import { day, holdCeremony } from '../support/ceremony.ts'
import { makeTempDir } from '../support/temp-dir.ts'

const { keyring, desk } = holdCeremony()
const arrival = 'a'.repeat(64)

let dir = ''
let today = day
beforeEach(async () => {
  dir = await makeTempDir()
  today = day
})

async function openIntake(): Promise<() => Promise<string[]>> {
  const clock = { now: () => new Date(`${today}T12:00:00Z`) }
  const refused = join(dir, 'acknowledgements', 'refused')
  const replyInbox = new ReplyInbox({ dir: replyInboxOf(dir), refused, clock })
  await replyInbox.create()
  return createReplyIntake({
    dataDir: dir,
    keysDir: join(dir, 'keys'),
    replyInbox,
    loadKeyring: async () => keyring,
    clock,
    isStopping: () => false,
  })
}

const served = (): string[] =>
  readdirSync(join(dir, 'replies')).filter((name) => name === 'index.json')

describe('answers that the worker finds while its clock is behind', () => {
  it('stay in the inbox until the day comes', async () => {
    const takeIn = await openIntake()
    const drop = makeTestDrop(day)
    writeReplies(join(replyInboxOf(dir), arrival), desk, { seq: 1, day, drops: [drop] })
    today = addDays(day, -1)
    expect(await takeIn()).toEqual([])
    expect(readdirSync(replyInboxOf(dir))).toEqual([arrival])
    today = day
    expect(await takeIn()).toEqual([])
    expect(readdirSync(replyInboxOf(dir))).toEqual([])
    expect(served()).toEqual(['index.json'])
  })

  it('come with the ceremony, and are taken in when the day comes', async () => {
    const takeIn = await openIntake()
    writeReplies(join(dir, 'keys', 'replies'), desk, { seq: 1, day })
    today = addDays(day, -1)
    await takeIn()
    today = day
    await takeIn()
    expect(served()).toEqual(['index.json'])
  })
})
