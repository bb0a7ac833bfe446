import { describe, expect, it } from 'vitest'
import { generateSigningKey, signMinisign } from '../../../src/keyring/minisign.ts'
import { maxOfflineBytes } from '../../../src/page/offline/sealed-file.ts'
import {
  OfflineSealer,
  type OfflineDependencies,
} from '../../../src/page/offline/offline-sealer.ts'
import type { SendingProgress } from '../../../src/page/sealing/sealer.ts'
import { day } from '../../support/ceremony.ts'
import { sha256 } from '../../support/sealed.ts'
import { keyringJson, keyringSignature, openSealed, rootKey } from '../sealing/site.ts'

const tip = { narrative: '사람들이 잡혀갔습니다', lang: 'ko' } as const

function makeSealer(changes: Partial<OfflineDependencies> = {}) {
  const saved: Blob[] = []
  let turns = 0
  const sealer = new OfflineSealer({
    keyring: keyringJson,
    signature: Buffer.from(keyringSignature),
    rootKey,
    clean: async (content) => ({ outcome: 'removed', content }),
    today: () => day,
    now: () => 0,
    yieldToPage: async () => void turns++,
    save: (content) => void saved.push(content),
    ...changes,
  })
  return { sealer, saved, turns: () => turns }
}

async function sealOnce(site: ReturnType<typeof makeSealer>, files: readonly File[] = []) {
  const seen: SendingProgress[] = []
  const ids = files.map((file) => site.sealer.addFile(file, { metadata: 'remove' }).id)
  const { receipt } = await site.sealer.send(tip, ids, (progress) => void seen.push(progress)).done
  return { receipt, seen }
}

describe('OfflineSealer', () => {
  it('shows to whom it seals', async () => {
    const { recipients, isDemo } = await makeSealer().sealer.loadKeyring()
    expect(recipients).toEqual([{ name: '김 분석가', role: 'analyst' }])
    expect(isDemo).toBe(false)
  })

  it('saves an envelope that the desk can open, and shows its future receipt', async () => {
    const site = makeSealer()
    const photo = new Uint8Array(9_000_000).map((_, at) => at % 251)
    const { receipt, seen } = await sealOnce(site, [
      new File([photo], '사진.jpg', { type: 'image/jpeg' }),
    ])
    expect(site.saved).toHaveLength(1)
    const envelope = new Uint8Array(await site.saved[0]!.arrayBuffer())
    expect(receipt).toBe(sha256(envelope))
    const opened = await openSealed(envelope)
    expect(opened.tip).toMatchObject({
      ...tip,
      attachments: [
        { name: '사진.jpg', bytes: 9_000_000, sha256: sha256(photo), metadata: 'removed' },
      ],
    })
    expect(Buffer.from(opened.files.get('attachments/사진.jpg') ?? []).equals(photo)).toBe(true)
    expect(seen.map(({ phase }) => phase)).toEqual(
      expect.arrayContaining(['preparing', 'sending', 'finishing']),
    )
    // the sealer yields so that the page can render
    expect(site.turns()).toBeGreaterThan(10)
  })

  it('never seals twice under the same keys', async () => {
    const site = makeSealer()
    expect((await sealOnce(site)).receipt).not.toBe((await sealOnce(site)).receipt)
  })

  it.each<[string, Partial<OfflineDependencies>, string]>([
    [
      'another root signed',
      {
        signature: Buffer.from(
          signMinisign({
            secretKey: generateSigningKey(),
            message: keyringJson,
            trustedComment: 'x',
          }),
        ),
      },
      'KEYRING_UNTRUSTED',
    ],
    [
      'was changed',
      { keyring: keyringJson.map((byte, at) => (at === 700 ? byte ^ 1 : byte)) },
      'KEYRING_UNTRUSTED',
    ],
    ['ran out', { today: () => '2030-01-01' }, 'KEYRING_EXPIRED'],
  ])('seals nothing to a keyring that %s', async (_what, change, code) => {
    const site = makeSealer(change)
    await expect(site.sealer.loadKeyring()).rejects.toMatchObject({ code })
    await expect(sealOnce(site)).rejects.toMatchObject({ name: 'SealingError', code })
    expect(site.saved).toEqual([])
  })

  it("refuses, before it seals, files too large for a browser's memory", async () => {
    const site = makeSealer()
    // The first size still fits, with its padding.
    const sizes = [Math.floor(maxOfflineBytes * 0.9), maxOfflineBytes, maxOfflineBytes + 1]
    const codes = await Promise.all(
      sizes.map((size) =>
        sealOnce(site, [sizedFile(size)]).then(
          () => 'sealed',
          ({ code }) => String(code),
        ),
      ),
    )
    // The file that fits is sealed, and found to be shorter than its stated size.
    expect(codes).toEqual(['FILE_UNREADABLE', 'TOO_LARGE', 'TOO_LARGE'])
    expect(site.saved).toEqual([])
  })

  it('stops when it is cancelled, and saves nothing', async () => {
    const site = makeSealer({ yieldToPage: async () => sending?.cancel() })
    const { id } = site.sealer.addFile(new File([new Uint8Array(5_000_000)], 'a.bin'), {
      metadata: 'keep',
    })
    const sending = site.sealer.send(tip, [id], () => undefined) as
      | ReturnType<OfflineSealer['send']>
      | undefined
    await expect(sending?.done).rejects.toMatchObject({ code: 'CANCELLED' })
    expect(site.saved).toEqual([])
  })

  it('says when a file is gone', async () => {
    const site = makeSealer({
      clean: async () => {
        throw new Error('gone')
      },
    })
    const { prepared } = site.sealer.addFile(new File(['x'], 'a.txt'), { metadata: 'remove' })
    await expect(prepared).rejects.toMatchObject({ code: 'FILE_UNREADABLE' })
  })
})

/** A file whose stated size is larger than its content. */
function sizedFile(bytes: number): File {
  return Object.defineProperty(new File(['x'], 'video.mp4'), 'size', { value: bytes })
}
