import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readMark, writeMark } from '../../src/store/marks.ts'
import { makeTempDir } from '../support/temp-dir.ts'

const clock = { now: () => new Date('2026-11-23T10:14:59.999Z') }

describe('writeMark', () => {
  it('writes the step and no finer time, neither in the file nor about it', async () => {
    const dataDir = await makeTempDir()
    expect(await readMark('exported', dataDir)).toBeNull()
    await writeMark('exported', { dataDir, clock, stepMinutes: 15 })
    expect(await readMark('exported', dataDir)).toEqual(new Date('2026-11-23T10:00:00Z'))
    expect(readFileSync(join(dataDir, 'marks', 'exported'), 'utf8')).toBe(
      '2026-11-23T10:00:00.000Z\n',
    )
    expect(statSync(join(dataDir, 'marks', 'exported')).mtime).toEqual(
      new Date('2026-11-23T00:00:00Z'),
    )
    expect(await readMark('acknowledged', dataDir)).toBeNull()
  })

  it.each(['', 'yesterday\n', '2026-13-99T10:00:00.000Z\n'])(
    'is read as none when the file says %j',
    async (text) => {
      const dataDir = await makeTempDir()
      await writeMark('exported', { dataDir, clock, stepMinutes: 15 })
      writeFileSync(join(dataDir, 'marks', 'exported'), text)
      expect(await readMark('exported', dataDir)).toBeNull()
    },
  )
})
