import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { RepliesState } from '../../../src/page/sealing/replies.ts'
import { secretOfIndexes } from '../../../src/thread/word-indexes.ts'
import { deriveThread, replyGroupOf } from '../../../src/thread/thread.ts'
import type { ReplyGroup } from '../../../src/thread/thread.ts'
import { addDays } from '../../../src/time/day.ts'
import { day, primitives } from '../../support/ceremony.ts'
import { ceremony, keyringFiles, keyringJson, openSealed, serveFiles, startSite } from './site.ts'
import { dropBytes, dropsPerBundle } from '../../../src/replies/bounds.ts'
import { restMs } from '../../../src/page/sealing/cover-fetch.ts'
import {
  bundleOf,
  dropFiles,
  dropWith,
  indexFiles,
  indexOf,
  servedReplies,
} from './served-replies.ts'
import type { TusStub } from './tus-stub.ts'
import { startTusStub } from './tus-stub.ts'

const keyring = {
  sha256: createHash('sha256').update(keyringJson).digest('hex'),
  issued: ceremony.keyring.issued,
  older: [],
}
const other = { ...keyring, sha256: 'f'.repeat(64) }

type Files = Record<string, string | Uint8Array>

/** The sealer with a server that has these files, after the keyring was loaded. */
async function open(
  files: Files,
  requests: string[] = [],
  changes: Parameters<typeof startSite>[1] = {},
) {
  const stub = await startTusStub()
  const serve = serveFiles({ ...keyringFiles, ...files })
  const site = startSite(
    stub.url,
    {
      fetch: (url, init) => (requests.push(new URL(String(url)).pathname), serve(url, init)),
      ...changes,
    },
    { hasKeyring: false },
  )
  let state: RepliesState | null = null
  site.sealer.watchReplies((next) => void (state = next))
  await site.sealer.loadKeyring()
  await expect.poll(() => state?.isJudged).toBe(true)
  return { ...site, stub, state: () => state as unknown as RepliesState }
}

/** The tip of this receipt, opened as the desk opens it. */
async function tipOf({ uploads }: TusStub, receipt: string) {
  const envelopes = [...uploads.values()].map(({ bytes }) => bytes)
  const envelope = envelopes.find(
    (bytes) => createHash('sha256').update(bytes).digest('hex') === receipt,
  )
  return (await openSealed(envelope ?? new Uint8Array(0))).tip
}

describe('words', () => {
  it('are drawn for a tip, which carries the keys that they give', async () => {
    const files = servedReplies(indexFiles(indexOf({ day, keyring }), ceremony.desk))
    const { sealer, stub } = await open(files)
    const sent = await sealer.send({ narrative: 'x' }, [], () => undefined, {
      words: 'new',
      language: 'ko',
    }).done
    expect(sent.words).toBe('new')
    expect(sent.indexes).toHaveLength(12)
    const thread = deriveThread(primitives, secretOfIndexes(sent.indexes) ?? new Uint8Array(16))
    const tip = await tipOf(stub, sent.receipt)
    expect(tip.reply).toEqual(replyGroupOf(thread, 'ko'))
  })

  it.each([
    ['there is no index', {}],
    [
      'a desk reads an older edition',
      servedReplies(indexFiles(indexOf({ day, keyring, reads: 1 }), ceremony.desk)),
    ],
    [
      'the index is older than 30 days',
      servedReplies(indexFiles(indexOf({ day: '2026-10-01', keyring }), ceremony.desk)),
    ],
    [
      'the index was signed by another key',
      servedReplies(indexFiles(indexOf({ day, keyring }), ceremony.server)),
    ],
  ])('are not made when %s', async (_, files) => {
    const { sealer, stub } = await open(files)
    const sent = await sealer.send({ narrative: 'x' }, [], () => undefined).done
    expect(sent).toMatchObject({ words: 'none', indexes: [] })
    const tip = await tipOf(stub, sent.receipt)
    expect(tip).not.toHaveProperty('reply')
    expect(tip.schema).toBe('urn:tumen:detention_tip:1')
  })

  it('of a follow-up are the same, or name the new ones that replace them', async () => {
    const files = servedReplies(indexFiles(indexOf({ day, keyring }), ceremony.desk))
    const { sealer, stub } = await open(files)
    const send = async (words: 'new' | 'same' | 'renewed') => {
      const sent = await sealer.send({ narrative: words }, [], () => undefined, {
        words,
        language: 'zh',
      }).done
      return { ...sent, tip: await tipOf(stub, sent.receipt) }
    }
    const [first, second, third, fourth] = [
      await send('new'),
      await send('same'),
      await send('renewed'),
      await send('same'),
    ]
    expect(second.tip.reply).toEqual(first.tip.reply)
    expect([second.words, second.indexes]).toEqual(['same', []])
    expect(third.tip.reply).toEqual(first.tip.reply)
    expect(third.words).toBe('renewed')
    expect(fourth.tip.reply).toEqual(third.tip.reply_next)
    expect(fourth.tip.reply).not.toEqual(first.tip.reply)
  })
})

describe('the keyring that is served', () => {
  it.each([
    ['confirmed', { day, keyring }],
    ['not_confirmed_yet', { day, keyring: other }],
    ['replayed', { day, keyring: { ...other, older: [keyring.sha256] } }],
    ['replayed', { day, keyring: { ...other, issued: '2026-11-24' } }],
    ['unknown', { day: '2026-10-01', keyring }],
  ] as const)('is %s', async (standing, index) => {
    const drops = { ...index, keyring: { ...index.keyring, older: [...index.keyring.older] } }
    const { state } = await open(servedReplies(indexFiles(indexOf(drops), ceremony.desk)))
    expect(state().keys.state).toBe(standing)
  })

  it('gets no tip when staff have replaced it', async () => {
    const index = indexOf({ day, keyring: { ...other, older: [keyring.sha256] } })
    const { sealer, stub } = await open(servedReplies(indexFiles(index, ceremony.desk)))
    await expect(sealer.send({ narrative: 'x' }, [], () => undefined).done).rejects.toMatchObject({
      code: 'KEYRING_REPLAYED',
    })
    expect(stub.requests).toEqual([])
  })
})

describe('answers', () => {
  const secret = new Uint8Array(16).fill(7)
  const group: ReplyGroup = replyGroupOf(deriveThread(primitives, secret), 'ko')

  async function openWith(
    drops: Awaited<ReturnType<typeof dropWith>>[],
    listed = drops,
    requests: string[] = [],
  ) {
    const index = indexFiles(indexOf({ day, keyring }, listed), ceremony.desk)
    const site = await open(servedReplies(index, drops), requests)
    site.sealer.fetchReplies()
    await expect.poll(() => site.state().fetching).toBe('done')
    return site
  }

  it('are put together from their parts, oldest first, with the day on which staff opened it', async () => {
    const long = '긴 답장입니다. '.repeat(400).trim()
    const older = await dropWith(
      '2026-11-20',
      [{ to: group, text: '첫 답장', day: '2026-11-19' }],
      [group],
    )
    const newer = await dropWith(
      '2026-11-22',
      [{ to: group, text: long, asks: ['un'], day: '2026-11-22' }],
      [group],
    )
    const { sealer, state } = await openWith([newer, older])
    expect(state()).toMatchObject({ drops: { come: 2, total: 2 }, days: 3, lastDay: day })
    const opened = await sealer.openAnswers(secret.slice())
    expect(opened).toEqual({
      answers: [
        expect.objectContaining({ day: '2026-11-19', text: '첫 답장', asks: [], isWhole: true }),
        expect.objectContaining({ day: '2026-11-22', text: long, asks: ['un'], isWhole: true }),
      ],
      openedOn: '2026-11-20',
      isSomeUnreadable: false,
    })
    expect(await sealer.openAnswers(null)).toEqual(opened)
  })

  it('are nothing for other words', async () => {
    const drop = await dropWith('2026-11-22', [{ to: group, text: 'x', day: '2026-11-22' }])
    const { sealer } = await openWith([drop])
    expect(await sealer.openAnswers(new Uint8Array(16).fill(8))).toEqual({
      answers: [],
      openedOn: null,
      isSomeUnreadable: false,
    })
  })

  it('are not shown under a keyring that staff have replaced', async () => {
    const drop = await dropWith('2026-11-22', [{ to: group, text: 'x', day: '2026-11-22' }])
    const replaced = { ...other, older: [keyring.sha256] }
    const index = indexFiles(indexOf({ day, keyring: replaced }, [drop]), ceremony.desk)
    const site = await open(servedReplies(index, [drop]))
    site.sealer.fetchReplies()
    await expect.poll(() => site.state().fetching).toBe('done')
    expect(site.state().keys.state).toBe('replayed')
    expect(await site.sealer.openAnswers(secret.slice())).toEqual({
      answers: [],
      openedOn: null,
      isSomeUnreadable: false,
    })
  })

  it('in a drop that no index names are not shown', async () => {
    const [listed, swapped] = [
      await dropWith('2026-11-22', []),
      await dropWith('2026-11-22', [{ to: group, text: 'swapped', day: '2026-11-22' }]),
    ]
    const { sealer, state } = await openWith([swapped, { ...swapped, id: listed.id }], [listed])
    expect(state().drops).toEqual({ come: 0, total: 1, isNewestCome: false })
    expect((await sealer.openAnswers(secret.slice())).answers).toEqual([])
  })

  describe('in more drops than the first bundle holds', () => {
    async function openWithOlder() {
      // Their contents do not matter: a drop counts by its digest.
      const drops = Array.from({ length: 2 * dropsPerBundle + 1 }, (_, place) => ({
        id: place.toString(16).padStart(32, '0'),
        day: addDays('2026-11-22', -place),
        bytes: new Uint8Array(dropBytes),
      }))
      const oldest = await dropWith('2026-10-01', [
        { to: group, text: 'oldest', day: '2026-10-01' },
      ])
      const listed = [...drops, oldest]
      const bundle = (number: number) =>
        listed.slice(number * dropsPerBundle, (number + 1) * dropsPerBundle)
      const index = indexFiles(indexOf({ day, keyring }, listed), ceremony.desk)
      const [requests, sleeps]: [string[], number[]] = [[], []]
      const site = await open(
        {
          ...servedReplies(index, bundle(0)),
          '/replies/older-1.tar': bundleOf(dropFiles(bundle(1))),
          '/replies/older-2.tar': bundleOf(dropFiles(bundle(2))),
        },
        requests,
        { sleep: async (ms) => void sleeps.push(ms) },
      )
      return { ...site, requests, sleeps, total: listed.length }
    }

    it('are fetched too, one bundle after the other, with a rest before each', async () => {
      const { sealer, state, requests, sleeps, total } = await openWithOlder()
      sealer.fetchReplies()
      await expect.poll(() => state().fetching).toBe('done')
      expect(requests.filter((path) => path.endsWith('.tar'))).toEqual([
        '/replies/newest.tar',
        '/replies/older-1.tar',
        '/replies/older-2.tar',
      ])
      expect(sleeps.filter((ms) => ms === restMs)).toHaveLength(2)
      expect(state().drops).toEqual({ come: total, total, isNewestCome: true })
      expect((await sealer.openAnswers(secret.slice())).answers).toMatchObject([{ text: 'oldest' }])
    })

    it('are fetched in the same way without words and with any', async () => {
      const logs: string[][] = []
      for (const words of [null, secret, new Uint8Array(16).fill(9)]) {
        const { sealer, state, requests } = await openWithOlder()
        if (words !== null) await sealer.openAnswers(words.slice())
        sealer.fetchReplies()
        await expect.poll(() => state().fetching).toBe('done')
        if (words !== null) await sealer.openAnswers(words.slice())
        logs.push(requests)
      }
      expect(logs[1]).toEqual(logs[0])
      expect(logs[2]).toEqual(logs[0])
    })
  })

  it('cause no request, whatever the words are', async () => {
    const requests: string[] = []
    const drop = await dropWith('2026-11-22', [{ to: group, text: 'x', day: '2026-11-22' }])
    const { sealer } = await openWith([drop], [drop], requests)
    const before = [...requests]
    await sealer.openAnswers(secret.slice())
    await sealer.openAnswers(new Uint8Array(16).fill(9))
    expect(requests).toEqual(before)
    expect(requests.toSorted()).toEqual([
      '/keyring.json',
      '/keyring.json.minisig',
      '/replies/index.json',
      '/replies/index.json.minisig',
      '/replies/newest.tar',
    ])
  })
})
