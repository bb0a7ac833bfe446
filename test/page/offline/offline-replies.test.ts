import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { OfflineSealer } from '../../../src/page/offline/offline-sealer.ts'
import { noReplies, type RepliesState } from '../../../src/page/sealing/replies.ts'
import { deriveThread, replyGroupOf, type ReplyGroup } from '../../../src/thread/thread.ts'
import { secretOfIndexes } from '../../../src/thread/word-indexes.ts'
import { day, primitives } from '../../support/ceremony.ts'
import { bundleOf, dropFiles, dropWith, indexFiles, indexOf } from '../sealing/served-replies.ts'
import { ceremony, keyringJson, keyringSignature, openSealed, rootKey } from '../sealing/site.ts'

const keyring = {
  sha256: createHash('sha256').update(keyringJson).digest('hex'),
  issued: ceremony.keyring.issued,
  older: [],
}

function openPage() {
  const saved: Blob[] = []
  const sealer = new OfflineSealer({
    keyring: keyringJson,
    signature: Buffer.from(keyringSignature),
    rootKey,
    clean: async (content) => ({ outcome: 'none_found', content }),
    today: () => day,
    now: () => performance.now(),
    yieldToPage: async () => undefined,
    save: (content) => void saved.push(content),
  })
  let state = noReplies
  sealer.watchReplies((next: RepliesState) => void (state = next))
  const lastTip = async () =>
    (await openSealed(new Uint8Array((await saved.at(-1)?.arrayBuffer()) ?? []))).tip
  return { sealer, lastTip, state: () => state }
}

describe('the offline page', () => {
  it('makes words and opens answers once it was given newest.tar, and not before', async () => {
    const { sealer, lastTip, state } = openPage()
    const send = () => sealer.send({ narrative: 'x' }, [], () => undefined).done
    expect(await send()).toMatchObject({ words: 'none' })
    expect(await lastTip()).not.toHaveProperty('reply')
    const index = indexFiles(indexOf({ day, keyring }), ceremony.desk)
    await sealer.takeReplies(new Blob([new Uint8Array(bundleOf(index))]))
    expect(state()).toMatchObject({ keys: { state: 'confirmed' }, canAnswer: true })
    const sent = await send()
    expect(sent.indexes).toHaveLength(12)
    const reply = (await lastTip()).reply as ReplyGroup
    const drop = await dropWith(day, [{ to: reply, text: '답장', day }], [reply])
    const files = { ...indexFiles(indexOf({ day, keyring, seq: 2 }, [drop]), ceremony.desk) }
    const later = openPage()
    await later.sealer.takeReplies(
      new Blob([new Uint8Array(bundleOf({ ...files, ...dropFiles([drop]) }))]),
    )
    const opened = await later.sealer.openAnswers(secretOfIndexes(sent.indexes))
    expect(opened.answers).toMatchObject([{ text: '답장', isWhole: true }])
    expect(opened.openedOn).toBe(day)
  })

  it('adds older drops from files of their own', async () => {
    const { sealer, lastTip } = openPage()
    const secret = new Uint8Array(16).fill(7)
    const group = replyGroupOf(deriveThread(primitives, secret.slice()), 'ko')
    const [newer, older] = [
      await dropWith(day, []),
      await dropWith('2026-10-01', [{ to: group, text: '오래된 답장', day: '2026-10-01' }]),
    ]
    const index = indexFiles(indexOf({ day, keyring }, [newer, older]), ceremony.desk)
    const files = [{ ...index, ...dropFiles([newer]) }, dropFiles([older])]
    for (const file of files) await sealer.takeReplies(new Blob([new Uint8Array(bundleOf(file))]))
    const opened = await sealer.openAnswers(secret.slice())
    expect(opened.answers).toMatchObject([{ text: '오래된 답장' }])
    // The file with the indexes still counts for what is sealed.
    await sealer.send({ narrative: 'x' }, [], () => undefined, { words: 'same', language: 'ko' })
      .done
    expect((await lastTip()).reply).toEqual(group)
  })

  it('shows nothing of a damaged file, and still seals', async () => {
    const { sealer, state } = openPage()
    await sealer.takeReplies(new Blob(['this is no archive'.repeat(100)]))
    expect(state()).toMatchObject({ keys: { state: 'unknown' }, drops: { come: 0 } })
    expect(await sealer.send({ narrative: 'x' }, [], () => undefined).done).toMatchObject({
      words: 'none',
    })
  })
})
