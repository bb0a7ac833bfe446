import { mkdir, stat, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { midnightOf } from '../../src/time/day.ts'
import { listUnfinished } from '../../src/store/unfinished.ts'
import { makeTempDir } from '../support/temp-dir.ts'

it('lists what has no receipt yet, and leaves no time of the listing', async () => {
  const dir = await makeTempDir()
  const at = (...parts: string[]) => join(dir, ...parts)
  await mkdir(at('tmp', 'intake-1'), { recursive: true })
  await mkdir(at('uploads'))
  for (const path of [
    at('tmp', 'intake-1', 'owner'),
    at('tmp', 'intake-1', 'a'),
    at('uploads', 'b.part'),
    at('uploads', 'b.upload'),
  ])
    await writeFile(path, '12345')
  const folders = [at('tmp'), at('tmp', 'intake-1'), at('uploads')]
  const yesterday = new Date(Date.now() - 24 * 60 * 60 * 1000)
  for (const folder of folders) await utimes(folder, yesterday, yesterday)
  const before = midnightOf(new Date())
  const found = await Array.fromAsync(listUnfinished(dir))
  expect(found).toEqual([
    { name: at('tmp', 'intake-1', 'a'), bytes: 5 },
    { name: at('uploads', 'b.part'), bytes: 5 },
  ])
  // Two days are possible, because midnight may pass during the test.
  const today = expect.toBeOneOf([before, midnightOf(new Date())]) as Date
  for (const folder of folders)
    expect(await stat(folder)).toMatchObject({ mtime: today, atime: today })
})
