import { randomBytes } from 'node:crypto'
import { closeSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { generateIdentity } from '../../../src/age/keys.ts'
import { nodeChunkCipher } from '../../../src/age/node-cipher.ts'
import { inlineEngine } from '../../../src/age/stream.ts'
import { tipLayoutOf } from '../../../src/desk/files/layout.ts'
import { startDigestThread } from '../../../src/desk/opening/digest-thread.ts'
import { importEnvelope, largeBytes } from '../../../src/desk/opening/import-envelope.ts'
import { openHere } from '../../../src/desk/opening/open-here.ts'
import { primitives } from '../../support/ceremony.ts'
import { fileOf, plainTip, sealWhole, sha256 } from '../../support/sealed.ts'
import { makeTempDir } from '../../support/temp-dir.ts'
import { filesBelow } from '../../support/tree.ts'

const identity = generateIdentity(primitives, 'hybrid')
const video = randomBytes(largeBytes)
const photo = randomBytes(70_001)
const envelope = await sealWhole(primitives, [identity], plainTip, [
  fileOf('a.mp4', video),
  fileOf('b.jpg', photo),
])
const receipt = sha256(envelope)
const from = { signer: 'server', comment: 'tumen export' }
const digests = startDigestThread()
afterAll(() => digests.close())

let casebook = ''
let path = ''
beforeEach(async () => {
  const dir = await makeTempDir()
  casebook = join(dir, 'casebook')
  path = join(dir, `${receipt}.age`)
  writeFileSync(path, envelope)
})

const importIt = (onBytes: (bytes: number) => void = () => undefined) =>
  importEnvelope(
    {
      primitives,
      engine: inlineEngine(nodeChunkCipher),
      identities: [{ identity, name: 'kim', retired: null }],
      tool: 'tumen 0',
      openedAt: '2026-11-23T12:00:00Z',
      onBytes,
      startLargeDigest: digests.start,
    },
    { path, receipt, export: from },
    casebook,
  )

/** Calls `change` once, when the first piece has been read from the stick. */
const once = (change: () => void) => {
  let isDone = false
  return () => {
    if (!isDone) change()
    isDone = true
  }
}

const overwrite = (position: number) => {
  const stick = openSync(path, 'r+')
  writeSync(stick, Buffer.alloc(1024), 0, 1024, position)
  closeSync(stick)
}

describe('a large envelope, with digests in a thread of their own', () => {
  it('is opened and kept like any other', async () => {
    expect(await importIt()).toMatchObject({
      outcome: 'opened',
      record: {
        problems: [],
        attachments: [
          { path: 'attachments/a.mp4', bytes: video.length, sha256: sha256(video) },
          { path: 'attachments/b.jpg', bytes: photo.length, sha256: sha256(photo) },
        ],
      },
    })
    const { folder } = tipLayoutOf(casebook, receipt)
    expect(readFileSync(join(folder, 'attachments/a.mp4')).equals(video)).toBe(true)
    const kept = readFileSync(join(casebook, 'originals', `${receipt}.age`))
    expect(kept.equals(envelope)).toBe(true)
  })

  it('is opened from the first bytes even if the stick gives others on a second reading', async () => {
    expect(await importIt(once(() => overwrite(0)))).toMatchObject({ outcome: 'opened' })
    const kept = readFileSync(join(casebook, 'originals', `${receipt}.age`))
    expect(kept.equals(envelope)).toBe(true)
  })

  it('is refused if it changes before it is read, and nothing of it is kept', async () => {
    const result = await importIt(once(() => overwrite(envelope.length - 2048)))
    expect(result).toMatchObject({ outcome: 'refused', code: 'OPEN_FAILED', isKept: false })
    expect(await filesBelow(casebook)).toEqual([])
  })

  it('ends the run if the thread of the digests dies', async () => {
    const dying = startDigestThread()
    const digest = dying.start(-1)
    digest.update(new Uint8Array(2 ** 20))
    await expect(digest.finish()).rejects.toThrow('cannot be read back')
    await dying.close()
  })
})

describe('openHere', () => {
  it('begins no further envelope after an error of the disk', async () => {
    writeFileSync(casebook, 'a file in its place')
    const begun: string[] = []
    const envelopes = Array.from({ length: 5 }, (_, number) => ({
      receipt,
      export: from,
      get path() {
        begun.push(String(number))
        return path
      },
    }))
    const beginning = {
      casebook,
      tool: 'tumen 0',
      openedAt: '',
      hasSpareCore: false,
      identities: [{ ...identity, name: 'kim', retired: null }],
    }
    const work = { envelopes, onBytes: () => undefined, onResult: () => undefined }
    await expect(openHere(beginning, 2, work)).rejects.toMatchObject({ code: 'ENOTDIR' })
    expect(begun).toEqual(['0', '1'])
  })
})
