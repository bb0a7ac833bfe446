import { createCipheriv } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { generateIdentity } from '../../../src/age/keys.ts'
import { inlineEngine } from '../../../src/age/stream.ts'
import type { ImportResult, ImportTools } from '../../../src/desk/opening/import-envelope.ts'
import { appendChanges } from '../../../src/desk/casebook/append-changes.ts'
import { loadView } from '../../../src/desk/view/load-views.ts'
import { importEnvelope } from '../../../src/desk/opening/import-envelope.ts'
import { removeLeftovers } from '../../../src/desk/opening/leftovers.ts'
import { tipLayoutOf } from '../../../src/desk/files/layout.ts'
import { primitives } from '../../support/ceremony.ts'
import { fileOf, plainTip, sealByHand, sealWhole, sha256 } from '../../support/sealed.ts'
import { makeTempDir } from '../../support/temp-dir.ts'
import { filesBelow } from '../../support/tree.ts'
import { archive, entry } from '../../tip/tar-blocks.ts'

const identity = generateIdentity(primitives, 'hybrid')
const photo = Buffer.alloc(200_000, 'photo')
const from = { signer: 'server', comment: 'tumen export' }
const tools: ImportTools = {
  primitives,
  engine: inlineEngine(primitives),
  identities: [{ identity, name: 'kim', retired: null }],
  tool: 'tumen 0',
  openedAt: '2026-11-23T12:00:00Z',
}
const envelope = await sealWhole(primitives, [identity], plainTip, [fileOf('사진.jpg', photo)])
const receipt = sha256(envelope)

let dir = ''
let casebook = ''
beforeEach(async () => {
  dir = await makeTempDir()
  casebook = join(dir, 'casebook')
})

/** Writes `bytes` to an envelope file named by its receipt, and imports it. */
async function importBytes(
  bytes: Uint8Array,
  name = sha256(bytes),
  change: Partial<ImportTools> = {},
): Promise<ImportResult> {
  const path = join(dir, `${name}.age`)
  writeFileSync(path, bytes)
  return await importEnvelope(
    { ...tools, ...change },
    { path, receipt: name, export: from },
    casebook,
  )
}

const inCasebook = () => readdirSync(join(casebook, 'tips'))

describe('importEnvelope', () => {
  it('puts tip.json and the attachments into the casebook, readable by the owner only', async () => {
    let seen = 0
    const result = await importBytes(envelope, receipt, { onBytes: (bytes) => (seen += bytes) })
    const { folder } = tipLayoutOf(casebook, receipt)
    expect(result).toMatchObject({
      receipt,
      outcome: 'opened',
      hasTip: true,
      record: { problems: [], identity: { kind: 'hybrid', name: 'kim' } },
    })
    expect(seen).toBe(envelope.length)
    expect(await filesBelow(casebook)).toEqual([
      join('originals', `${receipt}.age`),
      ...['attachments/사진.jpg', 'opened.json', 'tip.json'].map((path) =>
        join('tips', receipt, path),
      ),
    ])
    expect(readFileSync(join(casebook, 'originals', `${receipt}.age`)).equals(envelope)).toBe(true)
    expect(JSON.parse(readFileSync(join(folder, 'opened.json'), 'utf8'))).toMatchObject({
      receipt,
      attachments: [{ path: 'attachments/사진.jpg', bytes: photo.length, sha256: sha256(photo) }],
      export: from,
    })
    expect(readFileSync(join(folder, 'attachments', '사진.jpg')).equals(photo)).toBe(true)
    const modes = ['', 'attachments', 'tip.json', 'attachments/사진.jpg'].map(
      (path) => statSync(join(folder, path)).mode & 0o777,
    )
    expect(modes).toEqual([0o700, 0o700, 0o600, 0o600])
  })

  it('does not change a tip that is already there', async () => {
    await importBytes(envelope)
    const { folder } = tipLayoutOf(casebook, receipt)
    writeFileSync(join(folder, 'notes.txt'), '분석')
    expect(await importBytes(envelope)).toEqual({ receipt, outcome: 'already-there' })
    expect(readFileSync(join(folder, 'notes.txt'), 'utf8')).toBe('분석')
  })

  it('starts again where an earlier run was stopped in the middle', async () => {
    const leftover = join(casebook, 'tips', `.partial-${receipt}`)
    mkdirSync(join(leftover, 'attachments'), { recursive: true })
    writeFileSync(join(leftover, 'attachments', 'old'), 'x')
    writeFileSync(join(leftover, 'tip.json'), '{"half')
    expect(await importBytes(envelope)).toMatchObject({ outcome: 'opened' })
    expect(inCasebook()).toEqual([receipt])
    expect(await filesBelow(join(casebook, 'tips', receipt))).toEqual([
      'attachments/사진.jpg',
      'opened.json',
      'tip.json',
    ])
  })

  describe('when the envelope is no good', () => {
    const flipped = (at: number) => {
      const changed = Buffer.from(envelope)
      changed[at] = (changed[at] ?? 0) ^ 4
      return changed
    }
    // The header remains valid base64: only the encapsulated key changes, not the header's form.
    const withOtherLetter = (at: number) => {
      const changed = Buffer.from(envelope)
      changed.write(changed.toString('latin1', at, at + 1) === 'A' ? 'B' : 'A', at)
      return changed
    }
    const otherWhole = sealWhole(primitives, [identity])

    it.each([
      [
        'sealed to others',
        async () => await sealWhole(primitives, [generateIdentity(primitives, 'hybrid')]),
        undefined,
        'NO_MATCH',
      ],
      ['cut in its header', async () => envelope.subarray(0, 100), receipt, 'HEADER_INVALID'],
      ['cut in its payload', async () => envelope.subarray(0, -1), receipt, 'OPEN_FAILED'],
      [
        'cut at a chunk',
        async () => envelope.subarray(0, envelope.length - ((envelope.length - 2000) % 65_552)),
        receipt,
        'OPEN_FAILED',
      ],
      [
        'longer than it was',
        async () => Buffer.concat([envelope, Buffer.from('x')]),
        receipt,
        'OPEN_FAILED',
      ],
      ['empty', async () => Buffer.alloc(0), receipt, 'HEADER_INVALID'],
      ['another good one', async () => await otherWhole, receipt, 'ENVELOPE_CHANGED'],
      ['a photo', async () => photo, undefined, 'NOT_AGE'],
      ['changed in its first byte', async () => flipped(0), receipt, 'NOT_AGE'],
      ['changed in a stanza', async () => withOtherLetter(500), receipt, 'NO_MATCH'],
      [
        'changed in the middle',
        async () => flipped(Math.floor(envelope.length / 2)),
        receipt,
        'OPEN_FAILED',
      ],
      [
        'changed in its last byte',
        async () => flipped(envelope.length - 1),
        receipt,
        'OPEN_FAILED',
      ],
    ])(
      'because it is %s, nothing of it is in the casebook',
      async (_what, makeBytes, name, code) => {
        const bytes = await makeBytes()
        const isKept = name === undefined
        expect(await importBytes(bytes, name)).toMatchObject({ outcome: 'refused', code, isKept })
        expect(inCasebook()).toEqual([])
        expect(await filesBelow(casebook)).toEqual(
          isKept ? [join('originals', `${sha256(bytes)}.age`)] : [],
        )
      },
    )

    it('because its archive breaks off, keeps the earlier files and the whole plaintext', async () => {
      const plaintext = archive(
        entry({ path: '../../../x', content: photo }),
        entry({ path: 'attachments/a.jpg', content: photo }),
        entry({ path: 'attachments/late.jpg', content: photo }),
      ).subarray(0, 500_000)
      const bytes = await sealByHand(primitives, [identity], plaintext)
      const opened = await importBytes(bytes)
      expect(opened).toMatchObject({ outcome: 'opened', hasTip: false })
      const folder = join('tips', sha256(bytes))
      expect(await filesBelow(casebook)).toEqual([
        join('originals', `${sha256(bytes)}.age`),
        join(folder, 'attachments/a.jpg'),
        join(folder, 'attachments/unpacked.tar'),
        join(folder, 'opened.json'),
      ])
      const kept = readFileSync(join(casebook, folder, 'attachments/unpacked.tar'))
      expect(kept.equals(plaintext)).toBe(true)
    })

    it('because it is a plain text, can be read, corrected and reported', async () => {
      const bytes = await sealByHand(primitives, [identity], Buffer.from('심양에서 잡혔습니다\r\n'))
      await importBytes(bytes)
      const now = new Date('2026-11-24T12:00:00Z')
      const view = await loadView(casebook, sha256(bytes), now)
      expect(view.original).toEqual({ narrative: '심양에서 잡혔습니다\r\n' })
      expect(view.title).toContain('심양에서')
      const actor = { casebook, role: 'kim', tool: 'tumen 0', now: () => now }
      await appendChanges(actor, view.receipt, [
        { kind: 'set', field: 'event.detained_when', value: '2026-11-20' },
      ])
      const corrected = await loadView(casebook, sha256(bytes), now)
      expect(corrected.tip?.event?.detained_when).toBe('2026-11-20')
    })

    it('because it is a photo, becomes a case once an analyst writes the narrative', async () => {
      const bytes = await sealByHand(primitives, [identity], Buffer.from([0xff, 0xd8, 0xff, 0]))
      await importBytes(bytes)
      const now = new Date('2026-11-24T12:00:00Z')
      const actor = { casebook, role: 'kim', tool: 'tumen 0', now: () => now }
      const set = (field: string, value: string) =>
        appendChanges(actor, sha256(bytes), [{ kind: 'set', field, value }])
      await expect(set('topic', 'detention')).rejects.toMatchObject({ code: 'CORRECTION_REFUSED' })
      await set('narrative', 'a photo of a detention order')
      await set('topic', 'detention')
      const { tip, original } = await loadView(casebook, sha256(bytes), now)
      expect(original).toBeNull()
      expect(tip).toEqual({ narrative: 'a photo of a detention order', topic: 'detention' })
    })

    it('because it is missing, says so', async () => {
      const result = await importEnvelope(
        tools,
        { path: join(dir, 'none.age'), receipt, export: from },
        casebook,
      )
      expect(result).toMatchObject({ outcome: 'refused', code: 'ENVELOPE_MISSING' })
    })

    it('because it is a folder, says so', async () => {
      mkdirSync(join(dir, `${receipt}.age`))
      const result = await importEnvelope(
        tools,
        { path: join(dir, `${receipt}.age`), receipt, export: from },
        casebook,
      )
      expect(result).toMatchObject({
        outcome: 'refused',
        code: 'ENVELOPE_NOT_A_FILE',
        isKept: false,
      })
      expect(inCasebook()).toEqual([])
    })
  })

  it('throws when the casebook cannot be written', async () => {
    writeFileSync(casebook, 'a file')
    await expect(importBytes(envelope)).rejects.toMatchObject({ code: 'ENOTDIR' })
  })

  it('does not recreate what is removed while it runs, as when the command is stopped', async () => {
    const random = createCipheriv('aes-256-ctr', Buffer.alloc(32), Buffer.alloc(16)).update(
      Buffer.alloc(4_000_000),
    )
    const big = await sealWhole(primitives, [identity], plainTip, [
      fileOf('video', random),
      fileOf('사진.jpg', photo),
    ])
    let hasBegun = false
    const onBytes = () => {
      if (hasBegun || inCasebook().length === 0) return
      hasBegun = true
      removeLeftovers(casebook)
    }
    await expect(importBytes(big, sha256(big), { onBytes })).rejects.toMatchObject({
      code: 'ENOENT',
    })
    expect(hasBegun).toBe(true)
    expect(await filesBelow(casebook)).toEqual([])
  })
})
