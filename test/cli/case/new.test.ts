import { spawnSync } from 'node:child_process'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { beforeEach, describe, expect, it } from 'vitest'
import { makeTempDir } from '../../support/temp-dir.ts'
import { runHere } from '../support/run-here.ts'

let dir = ''
beforeEach(async () => {
  dir = await makeTempDir()
  await mkdir(join(dir, 'casebook', 'tips'), { recursive: true })
})

const tumen = async (...args: string[]) => await runHere({ dir, env: {} }, args)
const told = '언니가 심양에서 잡혀갔대요'
const writeDown = async (text = told) => {
  const { status, stdout, stderr } = await tumen('case', 'new', text, '--how', 'phone', '--json')
  expect(status, stderr).toBe(0)
  return (JSON.parse(stdout) as { receipt: string }).receipt
}
const at = (...parts: string[]) => join(dir, 'casebook', ...parts)

describe('tumen case new', () => {
  it("makes a case in the caller's words, which can be changed like any other", async () => {
    const receipt = await writeDown()
    expect(JSON.parse(await readFile(at('tips', receipt, 'tip.json'), 'utf8'))).toEqual({
      schema: 'urn:tumen:detention_tip:1',
      narrative: told,
    })
    const id = receipt.slice(0, 8)
    const set = await tumen('case', 'set', id, 'event.detained_when', '2026-11-20')
    expect(set.status, set.stderr).toBe(0)
    const shown = await tumen('case', 'show', id)
    expect(shown.stdout).toContain('WRITTEN_AT_DESK')
    expect(shown.stdout).toContain('2026-11-20')
    expect((await tumen('verify', 'casebook')).stdout).toContain('all as it was')
  })

  it('is in the custody log even if the program was killed before it could say so', async () => {
    const made = await tumen('case', 'new', told, '--how', 'visit', '--no-refresh')
    expect(made.status, made.stderr).toBe(0)
    const log = await readFile(at('custody.jsonl'), 'utf8')
    const lines = log.split('\n')
    expect(lines.at(-2)).toContain('"case_written"')
    await writeFile(at('custody.jsonl'), `${lines.slice(0, -2).join('\n')}\n`)
    for (let time = 0; time < 2; time += 1) await tumen('case', 'refresh')
    expect((await tumen('verify', 'casebook')).stdout).toContain('all as it was')
    const again = (await readFile(at('custody.jsonl'), 'utf8')).split('"case_written"')
    expect(again).toHaveLength(2)
    expect(again[1]).toContain('by a run that was stopped')
  })

  it('makes two cases of the same words', async () => {
    expect(await writeDown()).not.toBe(await writeDown())
    expect(await readdir(at('tips'))).toHaveLength(2)
  })

  it('accepts a tip.json, and refuses one that does not fit the schema', async () => {
    await writeFile(join(dir, 'tip.json'), JSON.stringify({ narrative: told, topic: 'released' }))
    const done = await tumen('case', 'new', '--tip', 'tip.json', '--how', 'letter')
    expect(done).toMatchObject({ status: 0, stdout: expect.stringContaining('written down') })
    await writeFile(join(dir, 'tip.json'), JSON.stringify({ narrative: told, topic: 'x' }))
    const refused = await tumen('case', 'new', '--tip', 'tip.json', '--how', 'letter')
    expect(refused).toMatchObject({ status: 1, stderr: expect.stringContaining('topic must be') })
    expect(await readdir(at('tips'))).toHaveLength(1)
  })

  it.each([[[]], [['x']], [['x', '--how', 'radio']], [['', '--how', 'phone']]])(
    'asks for what is missing in %j',
    async (args) => {
      expect((await tumen('case', 'new', ...args)).status).toBe(2)
      expect(await readdir(at('tips'))).toEqual([])
    },
  )
})

describe('tumen verify of a casebook', () => {
  const problems = async (...args: string[]) => (await tumen('verify', 'casebook', ...args)).stderr

  it('finds unknown files in aside/ and in site/', async () => {
    await writeDown()
    await writeFile(at('aside', `${'a'.repeat(64)}.json`), '{}')
    await writeFile(at('aside', 'note\u001b[2Jall as it was.txt'), '')
    await writeFile(at('site', 'new.html'), '')
    const found = await problems()
    expect(found).toContain(`aside/${'a'.repeat(64)}.json: nobody wrote it down`)
    expect(found).toContain('aside/noteall as it was.txt: nobody wrote it down')
    expect(found).toContain('site/new.html: nobody wrote it down')
  })

  it('finds files without a record, wherever they are', async () => {
    const receipt = await writeDown()
    // A killed program may leave this; the next one takes it away.
    await writeFile(at('.lock.1-1.0123456789ab'), '')
    expect(await problems()).toBe('')
    const strangers = {
      'note.txt': 'nobody wrote it down',
      '.hidden': 'nobody wrote it down',
      'originals/note.txt': 'it is no envelope: nobody wrote it down',
      [`originals/${'a'.repeat(64)}.age`]: 'it is not the envelope it is named by',
      'tips/note.txt': 'it is no tip: nobody wrote it down',
      [`tips/${receipt}/note.txt`]: 'nobody wrote it down',
      [`tips/${receipt}/attachments/photo.jpg`]: 'nobody wrote it down',
      [`tips/${receipt}/attachments/.hidden/photo.jpg`]: 'nobody wrote it down',
      [`working/${receipt}/photo.pdf`]: 'nobody wrote it down',
      'replies/note.json': 'nobody wrote it down',
      'site/cases/note.html': 'nobody wrote it down',
      '.site-new/index.html': 'a stopped refresh left it',
      'site-old/index.html': 'a stopped refresh left it',
      'answers/note.html': 'nobody wrote it down',
    }
    for (const path of Object.keys(strangers)) {
      await mkdir(dirname(at(path)), { recursive: true })
      await writeFile(at(path), '')
    }
    const found = await problems()
    for (const [path, why] of Object.entries(strangers)) expect(found).toContain(`${path}: ${why}`)
  })

  it.each(['index.html', 'index.sqlite', 'site/problems.html'])(
    'finds that %s was changed',
    async (page) => {
      await writeDown()
      await writeFile(at(page), 'all is well')
      expect(await problems()).toContain(`${page}: it was changed`)
      await tumen('case', 'refresh')
      expect(await problems()).toBe('')
    },
  )

  it('finds a row of the index that somebody changed', async () => {
    await writeDown()
    using db = new DatabaseSync(at('index.sqlite'))
    db.exec("UPDATE cases SET tier = 3, narrative = 'all is well'")
    db.close()
    expect(await problems()).toMatch(/^index\.sqlite: it was changed/m)
    await rm(at('index.sqlite'))
    expect(await problems()).toContain('index.sqlite: it was changed')
    await tumen('case', 'refresh')
    expect(await problems()).toBe('')
  })

  it('finds an index or a page that the sums do not name', async () => {
    await writeDown()
    const sums = await readFile(at('site', 'SHA256SUMS'), 'utf8')
    await writeFile(at('site', 'SHA256SUMS'), sums.replace(/^.*index\.sqlite\n/m, ''))
    expect(await problems()).toContain('index.sqlite: it has no digest in site/SHA256SUMS')
  })

  it('writes sums that sha256sum reads', async () => {
    await writeDown()
    const check = spawnSync('sha256sum', ['--check', '--strict', 'SHA256SUMS'], { cwd: at('site') })
    expect(check.stdout.toString()).toMatch(/^\.\.\/index\.sqlite: OK$/m)
    expect(check.status).toBe(0)
  })

  it('finds that the sums of the pages are missing', async () => {
    await writeDown()
    await rm(at('site', 'SHA256SUMS'))
    expect(await problems()).toContain('site/SHA256SUMS: it is missing')
  })

  it('finds a missing case, and a case without a record', async () => {
    const receipt = await writeDown()
    await rename(at('tips', receipt), at('tips', 'b'.repeat(64)))
    const found = await problems()
    expect(found).toContain(`tips/${receipt}: it is missing`)
    expect(found).toContain('the custody log does not say that it was opened')
  })

  it('finds, with an earlier head, that another casebook was copied over it', async () => {
    await writeDown()
    const lines = (await readFile(at('custody.jsonl'), 'utf8')).trimEnd().split('\n')
    const { head } = JSON.parse((await tumen('verify', 'casebook', '--json')).stdout) as {
      head: { sha256: string }
    }
    await writeDown('another call')
    expect(await problems('--head', head.sha256)).toBe('')
    await rm(at(), { recursive: true })
    await mkdir(at('tips'), { recursive: true })
    for (const _line of lines) await writeDown('another casebook')
    expect(await problems('--head', head.sha256)).toContain('this is another casebook')
  })
})
