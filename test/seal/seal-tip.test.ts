import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openFile, unwrapWith } from '../../src/age/file.ts'
import { generateIdentity, revealIdentity } from '../../src/age/keys.ts'
import type { ChunkEngine } from '../../src/age/stream.ts'
import { chunkBytes, inlineEngine } from '../../src/age/stream.ts'
import type { FileToAttach } from '../../src/seal/seal-tip.ts'
import { sealTip } from '../../src/seal/seal-tip.ts'
import { padmeLength } from '../../src/tip/padme.ts'
import type { DetentionTip } from '../../src/tip/schema.ts'
import { serializeTip } from '../../src/tip/tip-json.ts'
import { gather, pieces } from '../age/pieces.ts'
import { providers } from '../age/providers.ts'
import { fileOf, plainTip, sha256 } from '../support/sealed.ts'
import { makeTempDir } from '../support/temp-dir.ts'
import { readAll } from '../tip/streams.ts'

const kibibyte = 1024
const photo = Buffer.alloc(100_000, 'photo')

describe.each(providers)('sealTip with the $provider provider', ({ primitives }) => {
  const engine = inlineEngine(primitives)
  const identity = generateIdentity(primitives, 'hybrid')
  const other = generateIdentity(primitives, 'hybrid')

  const seal = (tip: DetentionTip, files: FileToAttach[] = [], recipients = [other, identity]) =>
    sealTip({ primitives, engine, serialize: serializeTip, recipients, tip, files })
  const openWith = (sealed: Uint8Array, reader = identity) =>
    gather(
      openFile({ primitives, engine }, unwrapWith(primitives, [reader]), pieces(sealed, 100_000)),
    )

  it('packs tip.json first, then the attachments it lists', async () => {
    const sealed = await gather(
      (await seal(plainTip, [fileOf('photo.jpg', photo), fileOf('empty', new Uint8Array(0))]))
        .content,
    )
    const unpacked = await readAll(pieces(await openWith(sealed), 50_000))
    expect([...unpacked.keys()]).toEqual(['tip.json', 'attachments/photo.jpg', 'attachments/empty'])
    expect(Buffer.from(unpacked.get('attachments/photo.jpg') ?? []).equals(photo)).toBe(true)
    expect(JSON.parse(Buffer.from(unpacked.get('tip.json') ?? []).toString())).toEqual({
      ...plainTip,
      attachments: [
        { name: 'photo.jpg', media_type: null, bytes: photo.length, sha256: sha256(photo) },
        { name: 'empty', media_type: null, bytes: 0, sha256: sha256(new Uint8Array(0)) },
      ],
    })
  })

  it('records what happened to hidden place and time, if the file was examined', async () => {
    const looked = { ...fileOf('photo.jpg', photo), metadata: 'removed' as const }
    const sealed = await gather((await seal(plainTip, [looked, fileOf('clip.mp4', photo)])).content)
    const unpacked = await readAll(pieces(await openWith(sealed), 50_000))
    const { attachments } = JSON.parse(Buffer.from(unpacked.get('tip.json') ?? []).toString()) as {
      attachments: object[]
    }
    expect(attachments).toEqual([
      expect.objectContaining({ metadata: 'removed' }),
      expect.not.objectContaining({ metadata: expect.anything() }),
    ])
  })

  it('can be opened by every recipient', async () => {
    const sealed = await gather((await seal(plainTip)).content)
    expect((await openWith(sealed, other)).equals(await openWith(sealed, identity))).toBe(true)
  })

  it.each([0, 1, 60 * kibibyte, 64 * kibibyte, 200_000, 1_500_000])(
    'foretells its length with a file of %i bytes, on the grid',
    async (bytes) => {
      const envelope = await seal(plainTip, [fileOf('file', new Uint8Array(bytes))])
      const sealed = await gather(envelope.content)
      expect(sealed.length).toBe(envelope.bytes)
      const plaintext = await openWith(sealed)
      expect(plaintext.length).toBe(padmeLength(plaintext.length))
      expect(plaintext.length).toBeGreaterThan(bytes)
      expect(plaintext.length).toBeLessThan(Math.max(64 * kibibyte + 1, (bytes + 4096) * 1.12))
    },
  )

  it('gives all tips without files the same length', async () => {
    const lengths = ['짧다', '길다 '.repeat(5000)].map(
      async (narrative) => (await seal({ ...plainTip, narrative })).bytes,
    )
    expect(new Set(await Promise.all(lengths)).size).toBe(1)
    const longer = await seal({ ...plainTip, narrative: 'x'.repeat(70_000) })
    expect(longer.bytes).toBeGreaterThan(await lengths[0]!)
  })

  it('makes names safe and unique, and records the original names', async () => {
    const names = ['../../etc/passwd', 'photo.jpg', 'PHOTO.jpg', '\u202egpj.exe', '사진.jpg']
    const sealed = await gather(
      (
        await seal(
          plainTip,
          names.map((name) => fileOf(name, photo)),
        )
      ).content,
    )
    const unpacked = await readAll(pieces(await openWith(sealed), 65_536))
    const { attachments } = JSON.parse(Buffer.from(unpacked.get('tip.json') ?? []).toString()) as {
      attachments: { name: string; original_name?: string }[]
    }
    expect(attachments.map(({ name }) => `attachments/${name}`)).toEqual(
      [...unpacked.keys()].slice(1),
    )
    expect(attachments.map(({ name, original_name }) => [name, original_name])).toEqual([
      ['_.._etc_passwd', '../../etc/passwd'],
      ['photo.jpg', undefined],
      ['PHOTO (2).jpg', 'PHOTO.jpg'],
      ['gpj.exe', '\u202egpj.exe'],
      ['사진.jpg', undefined],
    ])
  })

  describe('when a file changes while it is read', () => {
    it.each([
      ['grows', photo.length + 1],
      ['shrinks', photo.length - 1],
      ['vanishes', 0],
    ])('and %s, throws CONTENT_LENGTH before the envelope is whole', async (_how, secondBytes) => {
      const file: FileToAttach = {
        ...fileOf('photo.jpg', photo),
        async *content() {
          yield Buffer.alloc(secondBytes)
        },
      }
      const envelope = await seal(plainTip, [file])
      await expect(gather(envelope.content)).rejects.toMatchObject({
        name: 'TipError',
        code: 'CONTENT_LENGTH',
      })
    })
  })

  it('computes no digest when the tip is refused', async () => {
    let asked = 0
    const file = {
      ...fileOf('x', photo),
      sha256: () => {
        asked += 1
        return sha256(photo)
      },
    }
    await expect(seal({ ...plainTip, narrative: '' }, [file])).rejects.toMatchObject({
      name: 'TipError',
      code: 'TIP_INVALID',
    })
    expect(asked).toBe(0)
  })

  it.each([
    ['nobody', [], 'NO_STANZAS'],
    ['both kinds', [identity, generateIdentity(primitives, 'x25519')], 'RECIPIENTS_MIXED'],
  ])('refuses to seal to %s', async (_who, recipients, code) => {
    await expect(seal(plainTip, [], recipients)).rejects.toMatchObject({ name: 'AgeError', code })
  })

  it.each([
    ['it is done', fileOf('photo.jpg', photo), false],
    ['a file has changed', { ...fileOf('photo.jpg', photo), bytes: 1 }, true],
  ])('wipes the payload key when %s', async (_when, file, isRefused) => {
    const keys: Uint8Array[] = []
    const spying: ChunkEngine = {
      ...engine,
      seal(slot, batch) {
        keys.push(batch.key)
        return engine.seal(slot, batch)
      },
    }
    // The first file is larger than one batch, so it is sealed before the second one fails.
    const files = [fileOf('clip.mp4', new Uint8Array(64 * chunkBytes)), file]
    const { content } = await sealTip({
      primitives,
      engine: spying,
      serialize: serializeTip,
      recipients: [identity],
      tip: plainTip,
      files,
    })
    expect(
      await gather(content).then(
        () => false,
        () => true,
      ),
    ).toBe(isRefused)
    expect(keys.length).toBeGreaterThan(0)
    expect(keys.every((key) => key.every((byte) => byte === 0))).toBe(true)
  })

  it("opens with Debian's age, piped into GNU tar", async () => {
    const dir = await makeTempDir()
    const classic = generateIdentity(primitives, 'x25519')
    mkdirSync(join(dir, 'out'))
    writeFileSync(join(dir, 'identity'), revealIdentity(classic))
    const files = [fileOf('사진.jpg', photo), fileOf('clip.mp4', Buffer.alloc(3_000_000, 'clip'))]
    writeFileSync(
      join(dir, 'tip.age'),
      await gather((await seal(plainTip, files, [classic])).content),
    )
    // -i: tar reads the padding to its end instead of closing the pipe from age.
    const pipe = 'set -o pipefail; age -d -i identity tip.age | tar -x -i -C out'
    const { status, stderr } = spawnSync('bash', ['-c', pipe], { cwd: dir, encoding: 'utf8' })
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(readdirSync(join(dir, 'out', 'attachments')).sort()).toEqual(['clip.mp4', '사진.jpg'])
    expect(readFileSync(join(dir, 'out', 'attachments', '사진.jpg')).equals(photo)).toBe(true)
  })
})
