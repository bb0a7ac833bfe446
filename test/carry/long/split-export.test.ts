import { execFileSync, spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { mkdir, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { envelopePath, readExport } from '../../../src/carry/read-export.ts'
import { maxFlatEnvelopes } from '../../../src/carry/sums.ts'
import { createExportFolder } from '../../../src/carry/write-export.ts'
import { day, holdCeremony } from '../../support/ceremony.ts'
import { sha256 } from '../../support/sealed.ts'
import { makeTempDir } from '../../support/temp-dir.ts'

const ceremony = holdCeremony()

/**
 * Writes an export of `count` small files. @returns what the writer reports and what a reader finds
 */
async function exportTo(folder: string, count: number) {
  const contents = new Map(
    Array.from({ length: count }, (_, n) => {
      const bytes = Buffer.from(`envelope ${n}`)
      return [sha256(bytes), bytes] as const
    }),
  )
  const created = await createExportFolder(folder)
  await created.write({
    store: {
      async *read(_prefix, receipt) {
        yield contents.get(receipt) ?? Buffer.alloc(0)
      },
    },
    envelopes: [...contents.keys()].map((receipt) => ({ prefix: 'sealed' as const, receipt })),
    folder,
    signingKey: ceremony.server,
    keyringFingerprint: 'f'.repeat(64),
    day,
  })
  return { created, read: await readExport(folder, ceremony.keyring, day) }
}

const hasVfat = (): boolean =>
  spawnSync('modprobe', ['vfat']).status === 0 ||
  /\bvfat\b/.test(readFileSync('/proc/filesystems', 'utf8'))

const checkSums = (folder: string): number | null =>
  spawnSync('sha256sum', ['--check', '--quiet', '--strict', 'SHA256SUMS'], { cwd: folder }).status

describe('an export of many envelopes', () => {
  it('is flat up to the bound, and split into folders above it', async () => {
    for (const [count, layout] of [
      [maxFlatEnvelopes, 'flat'],
      [maxFlatEnvelopes + 1, 'split'],
    ] as const) {
      const folder = join(await makeTempDir(), 'stick')
      const { read } = await exportTo(folder, count)
      expect(read).toMatchObject({ layout })
      expect(read.receipts).toHaveLength(count)
      expect(readdirSync(folder).length).toBe(layout === 'flat' ? count + 2 : 258)
      expect(checkSums(folder)).toBe(0)
      const [receipt = ''] = read.receipts
      expect(envelopePath(read, receipt)).toBe(
        join(folder, layout === 'flat' ? '' : receipt.slice(0, 2), `${receipt}.age`),
      )
    }
  })

  // Without vfat support in the kernel, no FAT stick can be mounted.
  it.skipIf(!hasVfat())('fits on a real FAT stick', async () => {
    const dir = await makeTempDir()
    const image = join(dir, 'stick.img')
    const mount = join(dir, 'mount')
    await mkdir(mount)
    await writeFile(image, '')
    await truncate(image, 256 * 1024 * 1024)
    execFileSync('mkfs.vfat', ['-F', '32', image])
    execFileSync('mount', ['-o', 'loop', image, mount])
    try {
      const folder = join(mount, 'export')
      const { created } = await exportTo(folder, 10_000)
      expect(checkSums(folder)).toBe(0)
      created.discard()
      expect(readdirSync(mount)).toEqual([])
    } finally {
      execFileSync('umount', [mount])
    }
  })
})
