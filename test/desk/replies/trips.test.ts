import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { verifyCasebook } from '../../../src/desk/custody/verify-casebook.ts'
import { collectOutgoing } from '../../../src/desk/replies/collect.ts'
import { withConversations } from '../../../src/desk/replies/conversations.ts'
import { noTrips } from '../../../src/desk/files/trip.ts'
import { makeDrop } from '../../../src/replies/make-drop.ts'
import { dropBytes } from '../../../src/replies/bounds.ts'
import { replyGroupOf } from '../../../src/thread/thread.ts'
import { commandDay } from '../../cli/support/run-here.ts'
import { primitives } from '../../support/ceremony.ts'
import type { Machine } from '../../support/machine.ts'
import { copyMachine, makeMachine } from '../../support/machine.ts'
import { sampleView } from '../support/sample-view.ts'
import { sourceWith, TalkingDesk } from './talking-desk.ts'

let original: Machine
let desk: TalkingDesk
const source = sourceWith(1)
beforeAll(async () => {
  original = await makeMachine(commandDay, await mkdtemp(join(tmpdir(), 'tumen-trips-')))
})
afterAll(() => rm(original.dir, { recursive: true }))
beforeEach(async () => {
  desk = new TalkingDesk(await copyMachine(original))
})

const problemsOf = async () =>
  (await verifyCasebook(desk.machine.at('casebook'), () => undefined)).problems
const states = async (id: string) =>
  (await desk.caseJson(id)).conversation.messages.map(({ state }: { state: string }) => state)

describe('a trip', () => {
  it('brings one drop and an index that stock tools check', async () => {
    const tip = await desk.send(source)
    const stick = await desk.open()
    await desk.desk('reply', tip, '--standard', 'received')
    await desk.acknowledge(stick)
    const [drop = ''] = desk.drops(stick)
    const signer = desk.machine.keyring.signers.find(({ purpose }) => purpose === 'acknowledgement')
    for (const [file, comment] of [
      ['index.json', `tumen replies index seq 2, ${commandDay}`],
      [`${drop}.tar`, `tumen replies drop ${drop}`],
    ] as const) {
      const minisign = spawnSync('minisign', ['-Vm', file, '-P', signer?.public_key ?? ''], {
        cwd: desk.machine.at(stick, 'replies'),
        encoding: 'utf8',
      })
      expect(minisign.stdout).toContain(`Trusted comment: ${comment}`)
      expect(minisign.status).toBe(0)
    }
    const tar = spawnSync('tar', ['-tf', desk.machine.at(stick, 'replies', `${drop}.tar`)], {
      encoding: 'utf8',
    })
    expect(tar.stdout.trim().split('\n')).toHaveLength(16)
    expect(desk.index(stick)).toMatchObject({
      seq: 2,
      reads: 2,
      day: commandDay,
      keyring: { issued: desk.machine.keyring.issued, older: [] },
      drops: [{ id: drop, bytes: dropBytes, day: commandDay }],
    })
  })

  it('says nothing about opened tips when a setting forbids it', async () => {
    const tip = await desk.send(source)
    const stick = await desk.open()
    await desk.desk('set', tip, 'status', 'read')
    desk.write('casebook/reply-settings.json', '{ "tell_opened": false }')
    await desk.acknowledge(stick)
    expect(await desk.find(source, stick)).toMatchObject({ opened: false })
    desk.write('casebook/reply-settings.json', '{ "tell_opened": "perhaps" }')
    expect(await desk.acknowledge(stick)).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('no answers are on the stick: reply-settings.json'),
    })
    rmSync(desk.machine.at('casebook', 'reply-settings.json'))
    await desk.acknowledge(stick)
    expect(await desk.find(source, stick)).toMatchObject({ opened: true })
    expect(await problemsOf()).toEqual([])
  })

  it('tells a source once, and again about a follow-up', async () => {
    const tip = await desk.send(source)
    await desk.open()
    await desk.desk('set', tip, 'status', 'read')
    const told: boolean[] = []
    let last: string | null = null
    for (let trip = 0; trip < 3; trip += 1) {
      if (trip === 2) {
        const more = await desk.send(source, { narrative: '더 있습니다' })
        await desk.open(last)
        await desk.desk('set', more, 'status', 'read')
      }
      const stick = await desk.open(last)
      await desk.acknowledge(stick)
      told.push((await desk.find(source, stick)).opened)
      last = stick
    }
    expect(told).toEqual([true, false, true])
  })

  it('removes its own index under a name that it no longer has', async () => {
    const stick = await desk.open()
    await desk.acknowledge(stick)
    const replies = (name: string) => `${stick}/replies/${name}`
    for (const name of ['index.json', 'index.json.minisig'])
      desk.write(
        replies(name.replace('index', 'index-0123456789ABCDEF')),
        readFileSync(desk.machine.at(replies(name)), 'utf8'),
      )
    await desk.acknowledge(stick)
    expect(
      readdirSync(desk.machine.at(stick, 'replies')).filter((name) => name.startsWith('index')),
    ).toEqual(['index.json', 'index.json.minisig'])
    expect(desk.index(stick).seq).toBe(3)
  })

  it('uses no number twice when the stick cannot be written', async () => {
    const tip = await desk.send(source)
    const stick = await desk.open()
    await desk.desk('reply', tip, '--standard', 'received')
    writeFileSync(desk.machine.at(stick, 'replies'), 'not a folder')
    expect(await desk.acknowledge(stick)).toMatchObject({ status: 1 })
    expect(await states(tip)).toEqual(['written'])
    rmSync(desk.machine.at(stick, 'replies'))
    mkdirSync(desk.machine.at(stick, 'replies'))
    expect(await desk.acknowledge(stick)).toMatchObject({ status: 0 })
    expect(desk.index(stick).seq).toBe(3)
    expect(await states(tip)).toEqual(['on_the_stick'])
    expect(await problemsOf()).toEqual([])
  })

  it('uses no number twice that only the custody log of a killed run has', async () => {
    const stick = await desk.open()
    await desk.acknowledge(stick)
    const book = desk.machine.at('casebook', 'replies', 'book.json')
    const before = readFileSync(book)
    rmSync(desk.machine.at(stick, 'replies'), { recursive: true })
    await desk.acknowledge(stick)
    expect(desk.index(stick).seq).toBe(3)
    // The run was killed when its line was in the log and the book still had its temporary name.
    renameSync(book, book.replace('book.json', `.book.json.${'0'.repeat(12)}.tmp`))
    writeFileSync(book, before)
    rmSync(desk.machine.at(stick, 'replies'), { recursive: true })
    await desk.acknowledge(stick)
    expect(desk.index(stick).seq).toBe(4)
  })

  it('refuses to confirm a keyring that the desk had replaced', async () => {
    const stick = await desk.open()
    await desk.acknowledge(stick)
    const { keyring } = desk.index(stick)
    const book = desk.machine.at('casebook', 'replies', 'book.json')
    const parsed = JSON.parse(readFileSync(book, 'utf8'))
    parsed.keyrings.unshift({ sha256: 'ab'.repeat(32), issued: '2030-01-01' })
    writeFileSync(book, JSON.stringify(parsed))
    expect(await desk.acknowledge(stick)).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('older than the one of 2030-01-01'),
    })
    expect(await problemsOf()).toContainEqual({ item: 'replies/book.json', why: 'it was changed' })
    parsed.keyrings = [{ sha256: 'cd'.repeat(32), issued: '2020-01-01' }]
    writeFileSync(book, JSON.stringify(parsed))
    await desk.acknowledge(stick)
    expect(desk.index(stick).keyring).toEqual({ ...keyring, older: ['cd'.repeat(32)] })
  })

  it('does not believe an index that no desk of the keyring signed', async () => {
    const tip = await desk.send(source)
    const first = await desk.open()
    await desk.desk('reply', tip, '--standard', 'received')
    await desk.acknowledge(first)
    const forged = { ...desk.index(first), seq: 999 }
    desk.write(`${first}/replies/index.json`, JSON.stringify(forged))
    const second = await desk.open(first)
    expect(await states(tip)).toEqual(['on_the_stick'])
    await desk.acknowledge(second)
    expect(desk.index(second).seq).toBe(3)
  })

  it('reports a drop or a record that was changed', async () => {
    const stick = await desk.open()
    await desk.acknowledge(stick)
    const [drop = ''] = desk.drops(stick)
    const replies = (name: string) => desk.machine.at('casebook', 'replies', name)
    writeFileSync(replies(`${drop}.tar`), 'other bytes')
    writeFileSync(replies('stranger.json'), '{}')
    const trip = JSON.parse(readFileSync(replies(`${drop}.json`), 'utf8'))
    expect(await problemsOf()).toEqual([
      { item: `replies/${drop}.tar`, why: 'it was changed' },
      { item: 'replies/stranger.json', why: 'nobody wrote it down' },
    ])
    writeFileSync(replies(`${drop}.json`), JSON.stringify({ ...trip, messages: [] }))
    expect(await problemsOf()).toContainEqual({
      item: `replies/${drop}.json`,
      why: 'it was changed',
    })
  })
})

describe('ten thousand tips read on one day', () => {
  it('are reported in drops of one size, those that waited longest first', async () => {
    const count = 10_000
    const group = replyGroupOf(source, 'ko')
    const state = { ...sampleView().state, status: 'read' as const }
    const views = Array.from({ length: count }, (_, index) =>
      sampleView(
        {
          narrative: `글 ${index}`,
          reply: { ...group, tag_key: index.toString(16).padStart(64, '0') },
        },
        {
          state: { ...state, readAt: new Date(index * 1_000).toISOString() },
        },
      ),
    )
    const outgoing = collectOutgoing({
      primitives,
      views: withConversations(views, noTrips),
      trips: noTrips,
      next: 1,
      tellsOpened: true,
    })
    expect(outgoing.opened).toHaveLength(512)
    const { bytes, openedCount } = await makeDrop(primitives, {
      id: 'ab'.repeat(16),
      day: commandDay,
      messages: outgoing.messages,
      opened: outgoing.opened.map(({ tagKey }) => tagKey),
    })
    expect(bytes).toHaveLength(dropBytes)
    expect(openedCount).toBe(512)
    expect(outgoing.opened[0]?.receipts).toEqual([views[0]?.receipt])
  })
})
