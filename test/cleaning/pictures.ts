import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { Cleaned } from '../../src/cleaning/clean.ts'
import { cleanFile } from '../../src/cleaning/clean.ts'
import { root } from '../support/bundle.ts'

const folder = join(root, 'test', 'vectors', 'pictures')

/** The pictures that `make.sh` in the same folder makes. */
export const pictureNames = readdirSync(folder)
  .filter((name) => !name.startsWith('make'))
  .sort()

export function readPicture(name: string): Buffer<ArrayBuffer> {
  return Buffer.from(readFileSync(join(folder, name)))
}

/**
 * Part of every text hidden in the pictures. The hidden dates do not occur in anything that the
 * pictures show.
 */
export const secret = 'TUMEN-SECRET'
const planted = [secret, Buffer.from(secret, 'utf16le'), '2017:11:04', '2017-11-04', 'GPSLatitude']

export function hasSecret(bytes: Buffer): boolean {
  return planted.some((text) => bytes.includes(text))
}

export async function clean(
  bytes: Uint8Array,
): Promise<{ outcome: Cleaned['outcome']; bytes: Buffer }> {
  const { outcome, content } = await cleanFile(new Blob([Uint8Array.from(bytes)]), 'picture.bin')
  return { outcome, bytes: Buffer.from(await content.arrayBuffer()) }
}

/** Expects a picture that is damaged, or has unknown content, to be left unchanged. */
export async function expectLeftAlone(bytes: Uint8Array): Promise<void> {
  const cleaned = await clean(bytes)
  expect(cleaned.outcome).toBe('cannot_be_removed')
  expect(cleaned.bytes.equals(bytes)).toBe(true)
}

export async function expectCleaned(bytes: Uint8Array, expected: Uint8Array): Promise<void> {
  const cleaned = await clean(bytes)
  expect(cleaned.bytes.toString('hex')).toBe(Buffer.from(expected).toString('hex'))
  expect(cleaned.outcome).toBe('removed')
  await expectNothingFound(expected)
}

export async function expectNothingFound(bytes: Uint8Array): Promise<void> {
  const blob = new Blob([Uint8Array.from(bytes)])
  expect(await cleanFile(blob)).toEqual({ outcome: 'none_found', content: blob })
}
