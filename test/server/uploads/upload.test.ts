import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { EnvelopeWalker } from '../../../src/age/walk.ts'
import { IntakeError } from '../../../src/server/errors.ts'
import { Upload } from '../../../src/server/uploads/upload.ts'
import { openFsStore } from '../../../src/store/fs-store.ts'
import { openUploadFolder, type UploadFolder } from '../../../src/store/upload-folder.ts'
import { makeTempDir } from '../../support/temp-dir.ts'
import { makeEnvelope, type TestEnvelope } from '../../workers/envelopes.ts'

const ID = '0123456789abcdef0123456789abcdef'
const clock = { now: () => new Date('2026-11-23T17:45:12.345Z') }

let dir: string
let folder: UploadFolder
let envelope: TestEnvelope

beforeEach(async () => {
  dir = await makeTempDir()
  const store = await openFsStore({ dir, instance: 'test', reserveBytes: 0, clock })
  folder = await openUploadFolder({ dir, store, clock })
  envelope = makeEnvelope(1_700_000)
})

const parts = {
  createWalker: () => new EnvelopeWalker(),
  nowMs: () => clock.now().getTime(),
  entry: 'calm' as const,
}

async function begin(): Promise<Upload> {
  const upload = new Upload(
    ID,
    folder.announce(ID, { bytes: envelope.bytes.length, isOldKeyring: false }),
    parts,
  )
  await upload.create()
  return upload
}

/** Loads the upload from its folder, as after a restart. */
async function reload(): Promise<Upload> {
  const stored = await folder.load(ID)
  if (stored === null) throw new Error('the upload is gone')
  return new Upload(ID, stored, parts)
}

async function* send(from: number, until: number, failure?: Error): AsyncGenerator<Uint8Array> {
  for (let at = from; at < until; at += 64 * 1024)
    yield envelope.bytes.subarray(at, Math.min(until, at + 64 * 1024))
  if (failure !== undefined) throw failure
}

const broken = new IntakeError('ABORTED', 'the body ended early')

describe('Upload', () => {
  it.each([0, 1, 65_536, 524_288, 1_000_003])(
    'keeps exactly the %i bytes that came before the source broke',
    async (length) => {
      const upload = await begin()
      await expect(upload.receive(send(0, length, broken))).rejects.toBe(broken)
      expect(upload.offset).toBe(length)
      expect((await reload()).offset).toBe(length)
    },
  )

  it.each([[[20, 21, 150, 70_000, 1_200_000]], [[1]], [[]]])(
    'has the receipt of the whole when it came in parts that end at %j, known or read again',
    async (cuts) => {
      for (const isForgotten of [false, true]) {
        let upload = await begin()
        let from = 0
        for (const cut of cuts) {
          await expect(upload.receive(send(from, cut, broken))).rejects.toBe(broken)
          from = cut
          if (isForgotten) upload = await reload()
        }
        await upload.receive(send(from, envelope.bytes.length))
        expect(await upload.finish()).toBe(envelope.receipt)
        await upload.remove()
      }
    },
  )

  it('accepts no byte more than was announced', async () => {
    const upload = await begin()
    await upload.receive(send(0, envelope.bytes.length))
    async function* oneMore(): AsyncGenerator<Uint8Array> {
      yield new Uint8Array(1)
    }
    await expect(upload.receive(oneMore())).rejects.toMatchObject({ code: 'TOO_LARGE' })
    expect(await upload.finish()).toBe(envelope.receipt)
  })

  it('writes nothing if the first bytes are not those of an age file', async () => {
    const upload = await begin()
    async function* wrong(): AsyncGenerator<Uint8Array> {
      yield Buffer.alloc(2_000_000 - 500_000, 'x')
    }
    await expect(upload.receive(wrong())).rejects.toMatchObject({ code: 'NOT_AGE' })
    expect(existsSync(join(dir, 'uploads', `${ID}.part`))).toBe(false)
    await upload.remove()
  })
})
