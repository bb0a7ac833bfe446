import { existsSync, readFileSync } from 'node:fs'
import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { digestOfLine } from '../../../src/desk/custody/chain.ts'
import { checkChain } from '../../../src/desk/custody/check-chain.ts'
import { type LoggedFile, publishLogged } from '../../../src/desk/custody/publish-logged.ts'
import type { Actor } from '../../../src/desk/custody/record.ts'
import { makeTempDir } from '../../support/temp-dir.ts'

let actor: Actor
const at = (...parts: string[]): string => join(actor.casebook, ...parts)

beforeEach(async () => {
  const casebook = join(await makeTempDir(), 'casebook')
  actor = { casebook, role: 'analyst', tool: 'tumen', now: () => new Date('2026-11-23T12:00:00Z') }
  await mkdir(casebook)
})

/** A file of the given folder that waits to be published. */
async function prepare(folder: string, content: string): Promise<LoggedFile> {
  await mkdir(at(folder), { recursive: true })
  const temporary = at(folder, '.new.tmp')
  await writeFile(temporary, content)
  const sha256 = digestOfLine(content)
  return {
    temporary,
    target: at(folder, 'case.json'),
    entry: { action: 'case_changed', item: folder, sha256, reason: null },
  }
}

describe('publishLogged', () => {
  it('gives the files their names, and the log their digests', async () => {
    await publishLogged(actor, [await prepare('a', 'one'), await prepare('b', 'two')])
    expect([readFileSync(at('a', 'case.json'), 'utf8'), existsSync(at('a', '.new.tmp'))]).toEqual([
      'one',
      false,
    ])
    const { lines, problems } = await checkChain(actor.casebook)
    expect(problems).toEqual([])
    expect(lines.slice(1).map(({ item, sha256 }) => [item, sha256])).toEqual([
      ['a', digestOfLine('one')],
      ['b', digestOfLine('two')],
    ])
  })

  it('deletes the files when the log cannot be written', async () => {
    await mkdir(at('custody.jsonl'))
    await expect(publishLogged(actor, [await prepare('a', 'one')])).rejects.toMatchObject({
      code: 'EISDIR',
    })
    expect(await readdir(at('a'))).toEqual([])
  })

  it('keeps a file that is in the log and cannot get its name, for the next program', async () => {
    const [good, bad] = [await prepare('a', 'one'), await prepare('b', 'two')]
    await mkdir(bad.target)
    await expect(publishLogged(actor, [good, bad])).rejects.toMatchObject({ code: 'EISDIR' })
    expect(readFileSync(good.target, 'utf8')).toBe('one')
    expect(readFileSync(bad.temporary, 'utf8')).toBe('two')
  })
})
