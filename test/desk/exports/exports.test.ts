import { mkdirSync, writeFileSync } from 'node:fs'
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { unzipSync } from 'fflate'
import papaparse from 'papaparse'
import { describe, expect, it } from 'vitest'
import { tipLayoutOf } from '../../../src/desk/files/layout.ts'
import { disclose, isWithheld } from '../../../src/desk/disclose/disclose.ts'
import type { Disclosed } from '../../../src/desk/disclose/disclosed.ts'
import { archiveOf } from '../../../src/desk/exports/archive.ts'
import { bayanatColumns, bayanatCsv } from '../../../src/desk/exports/bayanat.ts'
import { filesToSend } from '../../../src/desk/exports/case-files.ts'
import { textCell } from '../../../src/desk/exports/cells.ts'
import {
  uwaziColumns,
  uwaziCsv,
  uwaziTemplate,
  uwaziVocabulary,
} from '../../../src/desk/exports/uwazi.ts'
import { maxZipBytes, uwaziZips } from '../../../src/desk/exports/uwazi-zip.ts'
import type { CaseView } from '../../../src/desk/files/case-view.ts'
import type { DetentionTip } from '../../../src/tip/schema.ts'
import { makeTempDir } from '../../support/temp-dir.ts'
import { generateTips } from '../corpus/generate-tips.ts'
import { fullTip, fullView, markersIn } from '../disclose/full-tip.ts'
import { confirmed } from '../support/confirmed.ts'
import { sampleView, seedTip } from '../support/sample-view.ts'
import { importBayanatRow, isDay, isNumberForPandas } from './bayanat-rules.ts'
import {
  checkUwaziColumns,
  checkUwaziRows,
  droppedColumns,
  propertyNameOf,
  readUwaziCsv as rowsOf,
} from './uwazi-rules.ts'

function told(view: CaseView): Disclosed {
  const allowed = {
    ...view,
    consent: [{ recipient: 'un' as const, level: 'named_photo' as const }],
  }
  const result = disclose(confirmed(allowed), 'un')
  if (isWithheld(result)) throw new Error('withheld')
  return result
}

const vocabulary = new Map(
  Object.entries(
    Object.groupBy(
      uwaziVocabulary()
        .trim()
        .split('\n')
        .slice(1)
        .map((line) => line.split(',')),
      ([property]) => property ?? '',
    ),
  ).map(
    ([property, rows]) =>
      [property, new Set((rows ?? []).map(([, value]) => value ?? ''))] as const,
  ),
)
const uwazi = (tip: DetentionTip, files: string[] = []) =>
  uwaziCsv([{ disclosed: told(sampleView(tip)), files }])

describe('uwaziCsv', () => {
  it('has one row for each person, in the documented columns', async () => {
    const rows = await rowsOf(uwazi(seedTip))
    expect(Object.keys(rows[0] ?? {})).toEqual([...uwaziColumns])
    expect(rows).toMatchObject([
      {
        title: '리영희',
        name_native: '리영희',
        name_latin: '',
        sex: 'Female',
        status: 'Held',
        act: 'Detention',
        detained_range: '2017-11-04:2017-11-04',
        detained_edtf: '2017-11-04',
        detained_place: '선양, China',
        authority: 'China: public security',
        return_risk: 'North Korea',
        nationality: 'North Korea',
      },
      { title: '이민준', age_at_detention: '4', minor: 'Minor' },
    ])
  })

  it.each([
    ['2017-11', '2017-11-01:2017-11-30'],
    ['2017~', '2017-01-01:2017-12-31'],
    ['2017-11-04/..', '2017-11-04:'],
    ['2017-11/', '2017-11-01:'],
    ['../2017-11-04', ':2017-11-04'],
    ['unknown', ''],
  ])(
    'writes %s as whole days or not at all, and the words beside it',
    async (detained_when, range) => {
      const [row] = await rowsOf(uwazi({ narrative: '.', persons: [{}], event: { detained_when } }))
      expect(row).toMatchObject({ detained_range: range, detained_edtf: detained_when })
    },
  )

  it('keeps the rules of an import over 300 made tips', async () => {
    const csv = uwaziCsv(
      generateTips(300).map((tip) => ({ disclosed: told(sampleView(tip)), files: [] })),
    )
    const rows = await rowsOf(csv)
    expect(rows.length).toBeGreaterThan(300)
    expect(checkUwaziRows(rows, vocabulary, new Set())).toEqual([])
  })

  it('writes no formula, no bar and no second line, whatever a name says', async () => {
    const hostile = [
      '=cmd|calc',
      '+1',
      '-2+3',
      '@SUM(A1)',
      '\t=1',
      'a|b',
      'x\ny',
      '"quoted",',
      '\u202e=1',
      '＝1',
      '<img src=//x>',
      'a<script>',
    ]
    const csv = uwazi({
      narrative: '.',
      persons: hostile.map((text) => ({ names: [{ text }] })),
      event: { where_taken: { text: '=1|2', lat: -33.5, lon: -70.25 } },
    })
    const rows = await rowsOf(csv)
    expect(rows).toHaveLength(hostile.length)
    expect(checkUwaziRows(rows, vocabulary, new Set())).toEqual([])
    expect(rows[0]).toMatchObject({ place_geolocation: '-33.5|-70.25', name_latin: `'=cmd calc` })
  })

  it('puts the summary into the column of its language, if the site has languages', async () => {
    const site = { languages: ['en', 'ko', 'zh'], defaultLanguage: 'en' }
    const summaries = ['Our summary.', '우리의 요약입니다 (UN)', '我们的摘要', 'ئۇيغۇرچە']
    const cases = summaries.map((narrative) => ({
      disclosed: { ...told(sampleView(seedTip)), narrative, persons: [] },
      files: [],
    }))
    const rows = await rowsOf(uwaziCsv(cases, site))
    expect(checkUwaziColumns(Object.keys(rows[0] ?? {}), site)).toEqual([])
    expect(
      rows.map(({ summary__en: en, summary__ko: ko, summary__zh: zh }) => [en, ko, zh]),
    ).toEqual([
      ['Our summary.', '', ''],
      ['', '우리의 요약입니다 (UN)', ''],
      ['', '', '我们的摘要'],
      ['ئۇيغۇرچە', '', ''],
    ])
    const plain = Object.keys((await rowsOf(uwaziCsv(cases)))[0] ?? {})
    expect(plain).toEqual([...uwaziColumns])
    expect(checkUwaziColumns(plain, site)).toEqual([])
    // The columns of an earlier version, which was written without reading Uwazi's code.
    expect(checkUwaziColumns([...plain, 'summary__ko'], site)).toEqual([
      'summary: mixes language and non-language columns',
      'summary: no default language column',
    ])
  })

  it('gives reliability in the words of the vocabulary', async () => {
    const rows = await rowsOf(
      uwaziCsv(
        ['likely_reliable', 'made up', null].map((reliability) => ({
          disclosed: { ...told(sampleView(seedTip)), reliability, persons: [] },
          files: [],
        })),
      ),
    )
    expect(rows.map(({ reliability }) => reliability)).toEqual(['Likely reliable', 'Unknown', ''])
    expect(checkUwaziRows(rows, vocabulary, new Set())).toEqual([])
  })

  it('breaks the rules if it makes a mistake', () => {
    const wrong = [
      {
        id: '1',
        title: '',
        detained_range: '2017:2018',
        status: 'Kept',
        place_geolocation: '1|2|3',
        attachments: 'x.jpg',
        summary: '=1',
      },
    ]
    expect(checkUwaziRows(wrong, vocabulary, new Set()).map(({ column }) => column)).toEqual([
      'id',
      'title',
      'detained_range',
      'status',
      'place_geolocation',
      'attachments',
      'summary',
    ])
  })
})

describe('uwaziTemplate', () => {
  const rows = papaparse.parse<{ label: string; type: string; column: string; values: string }>(
    uwaziTemplate(),
    { header: true, skipEmptyLines: true },
  ).data

  it('has a property for every column, so that Uwazi drops none', () => {
    const properties = rows.map(propertyNameOf)
    expect(properties).toEqual(rows.map(({ column }) => column))
    expect(droppedColumns(uwaziColumns, properties)).toEqual([])
    expect(droppedColumns(uwaziColumns, properties.slice(1))).toEqual(['tip_ref'])
  })

  it('lists the thesauri of the vocabulary', () => {
    for (const [property, values] of vocabulary)
      expect(rows.find(({ column }) => column === property)?.values.split('|')).toEqual([...values])
  })
})

describe('a tip that updates another', () => {
  it('reports no act', async () => {
    const [row] = await rowsOf(uwazi({ narrative: '.', topic: 'update', persons: [{}] }))
    expect(row).toMatchObject({ act: '' })
  })
})

describe('uwaziZips', () => {
  async function withFiles(sizes: readonly number[]) {
    const casebook = await makeTempDir()
    return sizes.map((size, index) => {
      const content = Buffer.alloc(size, index)
      const sha256 = createHash('sha256').update(content).digest('hex')
      const view = sampleView({
        narrative: `${index}`,
        persons: [{}],
        attachments: [{ name: '사진.jpg', bytes: size, sha256, metadata: 'removed' }],
      })
      const opened = {
        ...view.opened,
        attachments: [{ path: 'attachments/사진.jpg', bytes: size, sha256 }],
      }
      mkdirSync(tipLayoutOf(casebook, view.receipt).attachments, { recursive: true })
      writeFileSync(join(tipLayoutOf(casebook, view.receipt).attachments, '사진.jpg'), content)
      const disclosed = told({ ...view, opened })
      return { disclosed, files: filesToSend(casebook, { ...view, opened }, disclosed) }
    })
  }

  it('has import.csv and neutrally named files at the root, with the same bytes each time', async () => {
    const cases = await withFiles([1000, 2000])
    const [part] = await Array.fromAsync(uwaziZips(cases, () => undefined))
    const entries = unzipSync(part?.bytes ?? new Uint8Array())
    const names = Object.keys(entries).filter((name) => name !== 'import.csv')
    expect(names).toHaveLength(2)
    for (const name of names) expect(name).toMatch(/^case-[a-z2-7]{13}-1\.jpg$/)
    const rows = await rowsOf(Buffer.from(entries['import.csv'] ?? []).toString('utf8'))
    expect(checkUwaziRows(rows, vocabulary, new Set(names))).toEqual([])
    expect(
      rows
        .map(({ attachments }) => attachments)
        .filter(Boolean)
        .sort(),
    ).toEqual(names.sort())
    const [again] = await Array.fromAsync(uwaziZips(cases, () => undefined))
    expect(Buffer.from(again?.bytes ?? []).equals(Buffer.from(part?.bytes ?? []))).toBe(true)
  })

  it('splits what is too much for one archive, and leaves out a file too large for any', async () => {
    const left: string[] = []
    const parts = await Array.fromAsync(
      uwaziZips(await withFiles([30_000_000, 30_000_000, maxZipBytes]), (_file, why) =>
        left.push(why),
      ),
    )
    expect(parts).toHaveLength(2)
    for (const { bytes } of parts) expect(bytes.length).toBeLessThanOrEqual(maxZipBytes)
    expect(left).toEqual(['it is larger than Uwazi takes'])
  })

  it('leaves out a file that has changed since it was opened', async () => {
    const cases = await withFiles([1000])
    writeFileSync(cases[0]?.files[0]?.path ?? '', 'other')
    const left: string[] = []
    const [part] = await Array.fromAsync(uwaziZips(cases, (_file, why) => left.push(why)))
    expect(Object.keys(unzipSync(part?.bytes ?? new Uint8Array()))).toEqual(['import.csv'])
    expect(left).toHaveLength(1)
  })
})

const bayanat = (tips: readonly DetentionTip[]) =>
  papaparse.parse<Record<string, string>>(
    bayanatCsv(
      tips.map((tip) => told(sampleView(tip))),
      '2017-11-06',
    ),
    { header: true, skipEmptyLines: true },
  )

describe('bayanatCsv', () => {
  it('has the columns of an actors sheet, and only values that an import knows', () => {
    const { data, errors, meta } = bayanat(generateTips(300))
    expect(errors).toEqual([])
    expect(meta.fields).toEqual([...bayanatColumns])
    const actors = data.map(importBayanatRow)
    expect(actors.flatMap(({ mismatches }) => mismatches)).toEqual([])
    expect(new Set(data.map(({ sex }) => sex))).toEqual(new Set(['', 'Male', 'Female']))
    expect(new Set(actors.map(({ values }) => values['age']))).toEqual(
      new Set(['Minor', 'Adult', 'Unknown']),
    )
    expect(new Set(actors.map(({ values }) => values['pregnant_at_disappearance']))).toEqual(
      new Set(['Pregnant', undefined]),
    )
    for (const { lists } of actors)
      for (const country of lists['nationalities'] ?? [])
        expect(['North Korea', 'China']).toContain(country)
    for (const {
      events: [event],
    } of actors)
      for (const date of [event?.fromDate, event?.toDate])
        expect(date === '' || isDay(date ?? '')).toBe(true)
  })

  it('has ids that no import reads as a number, and that are not sequential', () => {
    const { data } = bayanat(generateTips(300))
    const ids = data.map(({ originid = '' }) => originid)
    expect(new Set(ids).size).toBe(ids.length)
    for (const id of ids) expect(id).toMatch(/^(?:case|person)-[a-z2-7]{13}$/)
    expect(ids.filter(isNumberForPandas)).toEqual([])
    expect(['007', '1e5', 'nan', '-3'].filter(isNumberForPandas)).toHaveLength(4)
  })

  it('keeps countries with spaces apart, and a group with a comma whole', () => {
    const [row] = bayanat([
      { narrative: '.', persons: [{ nationality: ['KP', 'CN'], ethnicity: 'Uyghur, "Hui"' }] },
    ]).data
    expect(row?.['nationalities']).toBe('"North Korea","China"')
    expect(importBayanatRow(row ?? {}).lists).toMatchObject({
      nationalities: ['North Korea', 'China'],
      ethnographies: [],
    })
    expect(row?.['description']).toContain('Ethnicity: Uyghur, "Hui"')
    // Without the quotes, the import looks up "North" and "Korea", and drops both.
    expect(importBayanatRow({ nationalities: 'North Korea,China' }).lists).toEqual({
      nationalities: ['China'],
    })
  })

  it('puts places into the description, and a second script into the only slot', () => {
    const [row] = bayanat([
      {
        narrative: '.',
        persons: [{ names: [{ text: '리영희' }, { text: 'Ri Yong-hui' }], origin_place: '함흥' }],
        event: { where_taken: { text: '선양', country: 'CN' } },
      },
    ]).data
    expect(row).toMatchObject({
      name: 'Ri Yong-hui',
      name_ar: '리영희',
      origin_place: '',
      last_address: '',
      location: '',
    })
    expect(row?.['description']).toContain('Taken at: 선양, China. From: 함흥.')
  })

  it.each([
    ['detention', 'Detained/Abducted', '2017-11-04'],
    ['disappearance', 'Missing', '2017-11-04'],
    ['return_feared', 'Detained/Abducted', '2017-11-04'],
    ['returned', 'Returned', ''],
    ['released', 'Released', ''],
  ] as const)('calls the event of %s %s, and dates it %j', (topic, type, fromDate) => {
    const [row] = bayanat([
      { narrative: '.', topic, persons: [{}], event: { detained_when: '2017-11-04' } },
    ]).data
    expect(importBayanatRow(row ?? {}).events).toMatchObject([{ type, fromDate }])
    expect(row?.['description']).toContain('Detained: 2017-11-04')
  })

  it('makes no event of an update', () => {
    const [row] = bayanat([{ narrative: '.', topic: 'update', persons: [{}] }]).data
    expect(importBayanatRow(row ?? {}).events).toEqual([])
  })

  it('makes a Missing Person of nobody, except to say that somebody is pregnant', () => {
    for (const row of bayanat(generateTips(300)).data) {
      const { isMissingPerson, values } = importBayanatRow(row)
      expect(isMissingPerson).toBe(values['pregnant_at_disappearance'] === 'Pregnant')
    }
  })

  it('says in the description what the tables of a site may lack', () => {
    const [row] = bayanat([
      {
        narrative: '.',
        topic: 'detention',
        persons: [{ ethnicity: 'Uyghur', nationality: ['CN', 'MM'] }],
        event: { where_taken: { text: 'Ghulja' } },
      },
    ]).data
    const { lists } = importBayanatRow(row ?? {})
    expect(lists).toMatchObject({ ethnographies: [], nationalities: ['China', 'Burma (Myanmar)'] })
    for (const part of ['Event: Detention', 'Ethnicity: Uyghur', 'Nationality: China', 'Ghulja'])
      expect(row?.['description']).toContain(part)
  })

  it('has nothing in a row that Bayanat must not keep, because it stores the whole row', () => {
    const disclosed = disclose(confirmed(fullView('named_photo')), 'ngo')
    if (isWithheld(disclosed)) throw new Error('withheld')
    const [row] = papaparse.parse<Record<string, string>>(bayanatCsv([disclosed], '2017-11-06'), {
      header: true,
      skipEmptyLines: true,
    }).data
    const allowed = [
      'ethnicity',
      'held',
      'held-admin',
      'name',
      'narrative',
      'nickname',
      'origin',
      'taken',
      'taken-admin',
    ].map((name) => `Marker-${name}`)
    expect(markersIn(importBayanatRow(row ?? {}).meta)).toEqual(allowed)
  })

  it('writes neither formulas nor HTML into any cell', () => {
    const hostile = [
      '=cmd|calc',
      '+1a',
      '-2+3',
      '@SUM(A1)',
      '<img src=//x onerror=y>',
      '＝1',
      '\t=1',
    ]
    const { data } = bayanat(
      hostile.map((text) => ({
        narrative: text,
        persons: [
          { names: [{ text }, { text: `리${text}` }], ethnicity: text, origin_place: text },
        ],
        event: { where_taken: { text } },
      })),
    )
    for (const row of data)
      for (const cell of Object.values(row))
        expect(cell).not.toMatch(/^\s*[=+@＝＋－＠]|^\s*-(?!\d)|<[a-z/!?]|[\r\n|]/iu)
    expect(data.map(({ name }) => name)).toContain("'-2+3")
  })
})

describe('every export', () => {
  it('has only what the source allowed', () => {
    const files = ['Marker-clean']
    for (const level of ['facts_only', 'named', 'named_photo'] as const) {
      for (const recipient of ['un', 'ngo', 'media'] as const) {
        const disclosed = disclose(confirmed(fullView(level)), recipient)
        if (isWithheld(disclosed)) throw new Error('withheld')
        const allowed = new Set([
          ...markersIn(disclosed),
          ...(level === 'named_photo' ? files : []),
        ])
        const outputs = [
          uwaziCsv([{ disclosed, files: [] }]),
          bayanatCsv([disclosed], '2017-11-06'),
          archiveOf([{ disclosed, files: [] }], {
            exported: '2017-11-06',
            tool: 'tumen 0',
            recipient,
          }),
        ]
        for (const output of outputs) {
          const found = markersIn(output)
          expect(
            found.filter((marker) => !allowed.has(marker)),
            `${level} ${recipient}`,
          ).toEqual([])
          expect(JSON.stringify(output)).not.toContain(sampleView(fullTip).receipt.slice(0, 12))
        }
      }
    }
  })

  it('does not use the names that the source gave to files', () => {
    const view = fullView('named_photo')
    const disclosed = disclose(view, 'un')
    if (isWithheld(disclosed)) throw new Error('withheld')
    expect(filesToSend('/x', view, disclosed).map(({ name }) => name)).toEqual([
      expect.stringMatching(/^case-[a-z2-7]{13}-1\.jpg$/),
    ])
  })
})

describe('textCell', () => {
  it.each([
    ['=1', "'=1"],
    ['-1', '-1'],
    ['-a', "'-a"],
    ['1|2', '1 2'],
    ['  x  ', 'x'],
    [null, ''],
    ['리|영희', '리 영희'],
  ])('of %j', (text, cell) => {
    expect(textCell(text)).toBe(cell)
  })
})
