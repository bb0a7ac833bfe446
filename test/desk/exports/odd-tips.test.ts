import { describe, expect, it } from 'vitest'
import { countCases } from '../../../src/desk/counts/count-cases.ts'
import { countsTable } from '../../../src/desk/counts/counts-table.ts'
import { disclose, isWithheld } from '../../../src/desk/disclose/disclose.ts'
import type { Disclosed } from '../../../src/desk/disclose/disclosed.ts'
import { bayanatCsv } from '../../../src/desk/exports/bayanat.ts'
import { uwaziCsv } from '../../../src/desk/exports/uwazi.ts'
import type { CaseView } from '../../../src/desk/files/case-view.ts'
import { summaryReport } from '../../../src/desk/report/summary.ts'
import { unCases } from '../../../src/desk/report/un-case.ts'
import { wgadReport } from '../../../src/desk/report/wgad.ts'
import { wgeidReport } from '../../../src/desk/report/wgeid.ts'
import { english } from '../../../src/desk/report/words/en.ts'
import { personsOf } from '../../../src/desk/view/persons-of.ts'
import { titleOf } from '../../../src/desk/view/title.ts'
import type { DetentionTip } from '../../../src/tip/schema.ts'
import { confirmed } from '../support/confirmed.ts'
import { sampleView } from '../support/sample-view.ts'

/** A tip in which everything that has gone wrong in one format or another comes together. */
const tip: DetentionTip = {
  narrative: 'told',
  topic: 'update',
  persons: [
    {
      names: [
        { text: 'Kkoma', kind: 'nickname' },
        { text: '꼬마', kind: 'nickname' },
        { text: 'Ri Yong-hui', kind: 'legal' },
      ],
      age: { value: 8, unit: 'months', as_of: '2026-11-04', reckoning: 'international' },
      status: 'unknown',
      nationality: ['KP'],
    },
  ],
  event: {
    detained_when: '2026-11-04/..',
    where_taken: { text: 'Shenyang', country: 'CN' },
    authority: ['third_country_police', 'unknown'],
  },
  consent: [
    { recipient: 'un', level: 'named' },
    { recipient: 'media', level: 'named' },
  ],
  consent_meta: { family_agrees: 'yes' },
}

function viewOf(): CaseView {
  const view = sampleView(tip)
  const persons = personsOf(tip, view.receipt, view.state, '2026-11-05')
  return confirmed({ ...view, persons, title: titleOf(tip, view.state, persons, view.peopleCount) })
}

const told = (recipient: 'un' | 'media'): Disclosed => {
  const result = disclose(viewOf(), recipient)
  if (isWithheld(result)) throw new Error('withheld')
  return result
}
const submitter = { organisation: 'Org', person: '', address: 'Geneva', phone: '1', email: '' }
const { forms } = unCases([viewOf()])
const request = { from: '2026-01-01', to: '2026-12-31', by: 'month', asOf: '2026-12-31' } as const
const outputs: [format: string, text: string][] = [
  ['uwazi', uwaziCsv([{ disclosed: told('media'), files: [] }])],
  ['bayanat', bayanatCsv([told('media')], '2026-11-27')],
  [
    'summary',
    JSON.stringify(
      summaryReport(english, [{ disclosed: told('media'), window: null }], '2026-11-27'),
    ),
  ],
  ['wgeid', JSON.stringify(wgeidReport(english, forms, submitter, '2026-11-27'))],
  ['wgad', JSON.stringify(wgadReport(english, forms, submitter, '2026-11-27'))],
  ['counts', JSON.stringify(countsTable(countCases([viewOf()], request)))],
]
const textOf = (format: string) => outputs.find(([name]) => name === format)?.[1] ?? ''

describe.each(outputs)('%s', (format, text) => {
  it('has no code of the schema', () => {
    expect(text).not.toMatch(/third_country_police|return_feared|cn_|kp_|named_photo|facts_only/)
  })

  it('does not call an update a detention', () => {
    if (format === 'uwazi' || format === 'bayanat')
      expect(text).not.toMatch(/(?:^|,|Event: )"?(?:Detention|Detained\/Abducted)/m)
  })

  it('says the age of a baby, and no nought', () => {
    if (format !== 'counts') expect(text).toMatch(/under 1/)
    expect(text).not.toMatch(/\b0 years|: 0\.|,0,/)
  })

  it('keeps the open end of a date', () => {
    const open = {
      uwazi: '2026-11-04:',
      bayanat: '2026-11-04/..',
      summary: 'on or after 4 November 2026',
      wgeid: 'on or after 4 November 2026',
      wgad: 'on or after 4 November 2026',
      counts: '"uncertain',
    }[format]
    if (format !== 'counts') expect(text).toContain(open)
  })
})

describe('a nickname', () => {
  it('is the title of no case and no entity', () => {
    expect(viewOf().title).toBe('Ri Yong-hui')
    expect(textOf('uwazi').split('\n')[1]).toMatch(/^Ri Yong-hui,/)
    expect(textOf('bayanat').split('\n')[1]).toMatch(/^[^,]+,Ri Yong-hui,,Kkoma,/)
    expect(textOf('summary')).toMatch(/"said":"Ri Yong-hui"\}[^}]*"said":"Kkoma"/)
    for (const form of ['wgeid', 'wgad'])
      expect(textOf(form)).toMatch(/"Full name"[^}]*\{"said":"Ri Yong-hui"\}\]\]/)
  })

  it('stands for a person who has no other name', () => {
    const only = {
      narrative: 'x',
      persons: [{ names: [{ text: '꼬마', kind: 'nickname' as const }] }],
    }
    const view = sampleView(only)
    expect(personsOf(only, view.receipt, view.state, '2026-11-05')[0]?.displayName).toBe('꼬마')
  })
})

describe('a detention since some day', () => {
  it('is uncertain in every period that it may lie in', () => {
    const { rows } = countCases([viewOf()], request)
    expect(rows.map(({ persons, uncertain }) => [persons, uncertain]).slice(9)).toEqual([
      [0, 0],
      [0, 1],
      [0, 1],
    ])
  })
})
