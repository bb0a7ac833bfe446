import { mkdir, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { makeTempDir } from '../../support/temp-dir.ts'
import { runHere } from '../support/run-here.ts'
import { runProgram, tumenPath } from '../support/run-tumen.ts'

it('says what to do when SQLite cannot write the index, and keeps the old one', async () => {
  const dir = await makeTempDir()
  const at = (...parts: string[]): string => join(dir, 'casebook', ...parts)
  await mkdir(at('tips'), { recursive: true })
  await runHere({ dir, env: {} }, ['case', 'new', '언니가 심양에서 잡혀갔대요', '--how', 'phone'])
  const before = await readFile(at('index.sqlite'))
  // Smaller than the index, larger than every page: SQLite's own write fails.
  const limited = [`--fsize=${before.length / 2}`, process.execPath, tumenPath]
  const refresh = ['case', 'refresh', '--casebook', 'casebook']
  const { status, stderr } = await runProgram('prlimit', dir, [...limited, ...refresh])
  expect({ status, stderr }).toEqual({
    status: 1,
    stderr:
      'tumen: index.sqlite cannot be written (disk I/O error): look at the disk and its free space, and run the same command again\n',
  })
  expect((await readFile(at('index.sqlite'))).equals(before)).toBe(true)
  expect((await readdir(at())).filter((name) => name.startsWith('.index'))).toEqual([])
  expect(await runHere({ dir, env: {} }, refresh)).toMatchObject({ status: 0 })
  expect(await runHere({ dir, env: {} }, ['verify', 'casebook'])).toMatchObject({ status: 0 })
})
