import { readdir, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { beforeEach, describe, expect, it } from 'vitest'
import { layoutOf } from '../../../src/desk/files/layout.ts'
import { buildIndex } from '../../../src/desk/view/build-index.ts'
import { loadViews } from '../../../src/desk/view/load-views.ts'
import { openIndex } from '../../../src/desk/view/open-index.ts'
import type { DetentionTip } from '../../../src/tip/schema.ts'
import { makeTempDir } from '../../support/temp-dir.ts'
import { makeCasebook } from '../support/make-casebook.ts'
import { sampleView, seedTip } from '../support/sample-view.ts'

const now = new Date('2017-11-05T10:00:00Z')
const stamp = { at: '2017-11-05T09:30:00Z', by: 'kim' } as const
const uyghur: DetentionTip = {
  narrative: 'ئۇ ئۈرۈمچىدە تۇتۇلدى',
  lang: 'ug',
  persons: [{ names: [{ text: 'پاتىگۈل غۇلام' }] }],
}
const chinese: DetentionTip = {
  narrative: '一个朝鲜家庭在延吉被警察带走',
  lang: 'zh',
  event: { where_taken: { text: '延吉市', country: 'CN' } },
}
const hostile: DetentionTip = {
  narrative: `Robert'); DROP TABLE cases;-- "100%_\\ \u0000 ＡＢＣ é`,
}

let casebook = ''
let receipts: readonly string[] = []
beforeEach(async () => {
  casebook = join(await makeTempDir(), 'casebook')
  ;({ receipts } = await makeCasebook(casebook, [seedTip, uyghur, chinese, hostile, null], {
    attachments: (index): Record<string, string> => (index === 0 ? { '사진.jpg': 'photo' } : {}),
    changes: (index) =>
      index === 0
        ? [
            { kind: 'note', ...stamp, text: '영사관에 전화함' },
            { kind: 'link', ...stamp, to: 'e'.repeat(64), as: 'related' },
            { kind: 'set', ...stamp, field: 'persons.0.person_id', value: 'ri-1' },
          ]
        : [],
  }))
  await buildIndex(casebook, (await loadViews(casebook, now)).views)
})

const all = async (sql: string) => {
  using index = await openIndex(casebook)
  return index
    .prepare(sql)
    .all()
    .map((row) => Object.values(row))
}

describe('buildIndex', () => {
  it('holds what the folders hold', async () => {
    expect(await all('SELECT count(*) FROM cases')).toEqual([[5]])
    expect(
      await all(
        `SELECT tier, people_min, detained_earliest, status FROM cases WHERE receipt = '${receipts[0]}'`,
      ),
    ).toEqual([[0, 10, '2017-11-04', 'new']])
    expect(
      await all(
        `SELECT position, person_id, minor FROM persons WHERE receipt = '${receipts[0]}' ORDER BY position`,
      ),
    ).toEqual([
      [0, 'ri-1', 'unknown'],
      [1, null, 'yes'],
    ])
    expect(
      await all(
        `SELECT n.text, n.script FROM names n JOIN persons p ON p.key = n.person_key WHERE p.receipt = '${receipts[0]}' ORDER BY p.position`,
      ),
    ).toEqual([
      ['리영희', 'Hang'],
      ['이민준', 'Hang'],
    ])
    expect(await all('SELECT what, text, country FROM places ORDER BY text')).toEqual([
      ['where_taken', '延吉市', 'CN'],
      ['where_taken', '선양', 'CN'],
    ])
    expect(await all('SELECT code FROM authorities')).toEqual([['cn_public_security']])
    expect(await all('SELECT what, edtf, earliest, latest FROM dates')).toEqual([
      ['detained_when', '2017-11-04', '2017-11-04', '2017-11-04'],
    ])
    expect(await all('SELECT other, kind FROM links')).toEqual([['e'.repeat(64), 'related']])
    expect(
      await all(
        `SELECT recipient, level FROM consent WHERE receipt = '${receipts[0]}' AND level <> 'ask_first' ORDER BY recipient`,
      ),
    ).toEqual([
      ['embassy', 'named_photo'],
      ['media', 'no'],
      ['un', 'named'],
    ])
    expect(await all('SELECT path, bytes FROM attachments')).toEqual([['attachments/사진.jpg', 5]])
    expect(await all(`SELECT code FROM problems WHERE receipt = '${receipts[4]}'`)).toEqual([
      ['TIP_MISSING'],
    ])
    expect(await all('SELECT nationalities.country FROM nationalities')).toEqual([['KP'], ['KP']])
  })

  it('is for the owner alone, and leaves nothing beside it', async () => {
    await buildIndex(casebook, [])
    expect((await stat(layoutOf(casebook).index)).mode & 0o777).toBe(0o600)
    expect((await readdir(casebook)).filter((name) => name.includes('index'))).toEqual([
      'index.sqlite',
    ])
  })

  it('removes what a killed run left', async () => {
    await writeFile(join(casebook, '.index-0123456789ab.tmp'), 'half')
    await writeFile(join(casebook, '.index-notes'), 'mine')
    await buildIndex(casebook, [])
    expect((await readdir(casebook)).filter((name) => name.startsWith('.index'))).toEqual([
      '.index-notes',
    ])
  })

  it('leaves the old index unchanged when the new one fails', async () => {
    const twice = [sampleView(), sampleView()]
    await expect(buildIndex(casebook, twice)).rejects.toThrow('UNIQUE')
    expect(await all('SELECT count(*) FROM cases')).toEqual([[5]])
    expect((await readdir(casebook)).filter((name) => name.endsWith('.tmp'))).toEqual([])
  })

  it('makes a valid index of the most hostile tip: 500 persons, every text at its bound', async () => {
    const text = `\u202e'"\u0000${'𠀀'.repeat(490)}`
    const persons = Array.from({ length: 500 }, () => ({
      names: [{ text }, { text }],
      origin_place: text,
    }))
    const {
      receipts: [receipt],
    } = await makeCasebook(casebook, [{ narrative: '가'.repeat(200_000), persons }])
    const { views } = await loadViews(casebook, now)
    await buildIndex(casebook, views)
    expect(await all(`SELECT count(*) FROM persons WHERE receipt = '${receipt}'`)).toEqual([[500]])
  })
})

describe('openIndex', () => {
  it('opens the index read-only', async () => {
    using index = await openIndex(casebook)
    expect(() => index.exec('DELETE FROM cases')).toThrow('readonly')
  })

  it.each<[what: string, change: (path: string) => Promise<unknown> | void]>([
    ['missing', (path) => rm(path)],
    ['no database', (path) => writeFile(path, 'x'.repeat(4_000))],
    [
      'of another version',
      (path) => {
        using db = new DatabaseSync(path)
        db.exec('PRAGMA user_version = 99')
      },
    ],
  ])('says how to make one that is %s', async (_what, change) => {
    await change(layoutOf(casebook).index)
    await expect(openIndex(casebook)).rejects.toMatchObject({
      code: 'INDEX_INVALID',
      message: expect.stringContaining('tumen case refresh'),
    })
  })
})
