import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readExport } from '../../src/carry/read-export.ts'
import { parseSums } from '../../src/carry/sums.ts'
import type { ExportOptions } from '../../src/carry/write-export.ts'
import { createExportFolder } from '../../src/carry/write-export.ts'
import { StoreError } from '../../src/store/errors.ts'
import { day, holdCeremony } from '../support/ceremony.ts'
import { sha256 } from '../support/sealed.ts'
import { makeTempDir } from '../support/temp-dir.ts'
import { filesBelow } from '../support/tree.ts'

const ceremony = holdCeremony()
const envelopes = ['a', 'b', 'c'].map((text) => Buffer.alloc(300_000, text))
const [first = '', second = '', third = ''] = envelopes.map(sha256)

/**
 * A vault that returns `envelopes` in pieces. With `change`, the disk returns other bytes than
 * those written.
 */
function vault(
  change: (receipt: string, bytes: Buffer) => Buffer = (_receipt, bytes) => bytes,
): ExportOptions['store'] {
  return {
    async *read(_prefix, receipt) {
      const bytes = envelopes.find((envelope) => sha256(envelope) === receipt)
      if (!bytes) throw new StoreError('NOT_FOUND', 'no such blob')
      const given = change(receipt, bytes)
      for (let at = 0; at < given.length; at += 100_000) yield given.subarray(at, at + 100_000)
    },
  }
}

function optionsFor(folder: string, change: Partial<ExportOptions> = {}): ExportOptions {
  const listed = [first, second, third].map((receipt) => ({ prefix: 'sealed' as const, receipt }))
  return {
    store: vault(),
    envelopes: listed,
    folder,
    signingKey: ceremony.server,
    keyringFingerprint: 'f'.repeat(64),
    day,
    ...change,
  }
}

async function makeExport(change: Partial<ExportOptions> = {}) {
  const folder = join(await makeTempDir(), 'stick')
  const outcome = await (await createExportFolder(folder)).write(optionsFor(folder, change))
  return { folder, outcome }
}

describe('writeExport', () => {
  it('writes the envelopes, their sums and the signature', async () => {
    let seen = 0
    const { folder, outcome } = await makeExport({ onBytes: (bytes) => (seen += bytes) })
    expect(outcome).toEqual({ exported: [first, second, third], damaged: [], gone: [] })
    expect(await filesBelow(folder)).toEqual(
      [
        ...[first, second, third].map((receipt) => `${receipt}.age`),
        'SHA256SUMS',
        'SHA256SUMS.minisig',
      ].sort(),
    )
    for (const [index, receipt] of [first, second, third].entries())
      expect(readFileSync(join(folder, `${receipt}.age`)).equals(envelopes[index]!)).toBe(true)
    expect(statSync(join(folder, `${first}.age`)).mode & 0o777).toBe(0o600)
    expect(seen).toBe(900_000)
    const read = await readExport(folder, ceremony.keyring, day)
    expect(read).toEqual({
      folder,
      signer: 'server',
      receipts: [first, second, third].sort(),
      layout: 'flat',
      trustedComment: `tumen export of 3 envelopes, ${day}, keyring ${'f'.repeat(64)}`,
    })
  })

  it('also signs an empty export', async () => {
    const { folder } = await makeExport({ envelopes: [] })
    expect((await readExport(folder, ceremony.keyring, day)).receipts).toEqual([])
  })

  it('names what is damaged in the vault, and exports the rest', async () => {
    const flipped = (receipt: string, bytes: Buffer) =>
      receipt === second ? Buffer.concat([bytes.subarray(1), Buffer.from('x')]) : bytes
    const { folder, outcome } = await makeExport({ store: vault(flipped) })
    expect(outcome).toEqual({ exported: [first, third], damaged: [second], gone: [] })
    expect(await filesBelow(folder)).not.toContain(`${second}.age`)
    expect(parseSums(readFileSync(join(folder, 'SHA256SUMS')))).toEqual([first, third].sort())
  })

  it('names what the vault can no longer read, and exports the rest', async () => {
    const failing = (receipt: string, bytes: Buffer) => {
      if (receipt === first) throw new StoreError('IO_FAILED', 'the disk failed')
      return bytes
    }
    const { folder, outcome } = await makeExport({ store: vault(failing) })
    expect(outcome).toEqual({ exported: [second, third], damaged: [first], gone: [] })
    expect((await filesBelow(folder)).filter((path) => path.includes(first))).toEqual([])
  })

  it('skips envelopes that were deleted meanwhile', async () => {
    const gone = sha256(Buffer.from('gone'))
    const listed = [gone, first].map((receipt) => ({ prefix: 'sealed' as const, receipt }))
    const { outcome } = await makeExport({ envelopes: listed })
    expect(outcome).toEqual({ exported: [first], damaged: [], gone: [gone] })
  })
})

describe('createExportFolder', () => {
  it.each(['file', '.hidden'])(
    'refuses a folder that contains %s, and does not change it',
    async (name) => {
      const folder = await makeTempDir()
      writeFileSync(join(folder, name), 'x')
      await expect(createExportFolder(folder)).rejects.toMatchObject({
        name: 'CarryError',
        code: 'FOLDER_NOT_EMPTY',
      })
      expect(readdirSync(folder)).toEqual([name])
    },
  )

  describe('discard', () => {
    const breakAt = (bytes: number): Partial<ExportOptions> => {
      let seen = 0
      return {
        onBytes(more) {
          seen += more
          if (seen >= bytes) throw new Error('the stick was pulled')
        },
      }
    }

    it.each([100_000, 300_000, 500_000, 900_000])(
      'leaves nothing of an export that broke at byte %i',
      async (bytes) => {
        const dir = await makeTempDir()
        const folder = await createExportFolder(join(dir, 'on', 'the', 'stick'))
        await expect(
          folder.write(optionsFor(join(dir, 'on', 'the', 'stick'), breakAt(bytes))),
        ).rejects.toThrow('pulled')
        folder.discard()
        expect(readdirSync(dir)).toEqual([])
        folder.discard()
      },
    )

    it('keeps a folder that existed before, and files that are not its own', async () => {
      const dir = await makeTempDir()
      mkdirSync(join(dir, 'stick'))
      const there = await createExportFolder(join(dir, 'stick'))
      await there.write(optionsFor(join(dir, 'stick')))
      writeFileSync(join(dir, 'stick', 'letter'), 'x')
      there.discard()
      expect(readdirSync(join(dir, 'stick'))).toEqual(['letter'])
      const made = await createExportFolder(join(dir, 'new', 'stick'))
      writeFileSync(join(dir, 'new', 'letter'), 'x')
      made.discard()
      expect(readdirSync(join(dir, 'new'))).toEqual(['letter'])
    })
  })
})
