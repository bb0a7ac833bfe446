import { describe, expect, it } from 'vitest'
import { stateOf } from '../../../src/desk/casebook/state.ts'
import type { Block, ReportDocument } from '../../../src/desk/report/document.ts'
import { dateIn } from '../../../src/desk/report/in-words.ts'
import { meterOf, wayOut } from '../../../src/desk/report/meter.ts'
import { parseSubmitter } from '../../../src/desk/report/submitter.ts'
import { summaryReport } from '../../../src/desk/report/summary.ts'
import type { UnForm } from '../../../src/desk/report/un-case.ts'
import { unCases } from '../../../src/desk/report/un-case.ts'
import { wgadReport } from '../../../src/desk/report/wgad.ts'
import { wgeidReport } from '../../../src/desk/report/wgeid.ts'
import { wordsOf } from '../../../src/desk/report/words/find-words.ts'
import { reportLanguages } from '../../../src/desk/report/words/words.ts'
import { disclose, isWithheld } from '../../../src/desk/disclose/disclose.ts'
import type { DetentionTip } from '../../../src/tip/schema.ts'
import { confirmed } from '../support/confirmed.ts'
import { sampleView, seedTip } from '../support/sample-view.ts'

const english = wordsOf('en')
const submitter = parseSubmitter(
  Buffer.from('organisation: Org\naddress: Street 1\naddress: Geneva\nemail: un@example.org\n'),
)
/** The seed case with the names and the place in Latin letters, and with the family's consent. */
const agreed: DetentionTip = {
  ...seedTip,
  persons: ['Ri Yong-hui', 'Yi Min-jun'].map((text, index) => ({
    ...seedTip.persons?.[index],
    names: [...(seedTip.persons?.[index]?.names ?? []), { text }],
  })),
  event: { ...seedTip.event, where_taken: { text: 'Shenyang', country: 'CN' } },
  consent_meta: { family_agrees: 'yes' },
}
const formsOf = (tip: DetentionTip): UnForm[] => unCases([confirmed(sampleView(tip))]).forms
const meter = (tip: DetentionTip, today = '2017-11-06') =>
  meterOf(formsOf(tip)[0] as UnForm, submitter, today)
const headings = ({ blocks }: ReportDocument, level: number) =>
  blocks.flatMap((block) =>
    block.kind === 'heading' && block.level === level ? [block.text.join('')] : [],
  )
const starred = ({ blocks }: ReportDocument) =>
  blocks.flatMap((block) =>
    block.kind === 'fields'
      ? block.fields.filter(({ isNeeded }) => isNeeded).map(({ label }) => label)
      : [],
  )

describe('unCases', () => {
  it('makes one form for each person', () => {
    expect(formsOf(agreed).map(({ at }) => at.index)).toEqual([0, 1])
  })

  it.each([
    ['nobody asked the source', { ...agreed, consent: [] }, 'ASK_FIRST', 'government'],
    [
      'the source says no',
      { ...agreed, consent: [{ recipient: 'un' as const, level: 'no' as const }] },
      'NO_CONSENT',
      '',
    ],
    [
      'only facts may go',
      { ...agreed, consent: [{ recipient: 'un' as const, level: 'facts_only' as const }] },
      'NAME_NEEDED',
      'government',
    ],
    [
      'the family was not asked',
      { ...agreed, consent_meta: null },
      'FAMILY_NOT_ASKED',
      'consent_meta.family_agrees yes',
    ],
    [
      'nobody knows what the family says',
      { ...agreed, consent_meta: { family_agrees: 'unknown' as const } },
      'FAMILY_NOT_ASKED',
      'government',
    ],
    [
      'the family does not agree',
      { ...agreed, consent_meta: { family_agrees: 'no' as const } },
      'FAMILY_REFUSED',
      '',
    ],
    [
      'consent was withdrawn',
      { ...agreed, consent_meta: { family_agrees: 'yes' as const, withdrawn: 'yes' as const } },
      'NO_CONSENT',
      '',
    ],
    ['the tip lists nobody', { ...agreed, persons: [] }, 'NOBODY_LISTED', 'persons.0.names.0.text'],
  ])('withholds the case when %s', (_when, tip, code, detail) => {
    const { forms, withheld } = unCases([sampleView(tip)])
    expect(forms).toEqual([])
    expect(withheld).toMatchObject([{ code, detail: expect.stringContaining(detail) }])
  })
})

describe('meterOf', () => {
  const complete: DetentionTip = { ...agreed, steps: { actions: [{ action: 'none_unsafe' }] } }

  it('checks the six items', () => {
    expect(meter(complete)).toMatchObject({ missing: [], urgent: 'yes' })
    expect(meter({ ...agreed, persons: [{}], event: {}, steps: null }).missing).toEqual([
      'name',
      'date',
      'place',
      'forces',
      'steps',
    ])
    expect(meterOf(formsOf(complete)[0] as UnForm, null, '2017-11-06').missing).toEqual([
      'submitter',
    ])
  })

  it.each([
    ['2017-11', []],
    ['2017-11-04', []],
    ['2017-11~', []],
    ['2017-10-25/2017-11-02', []],
    ['2017', ['date']],
    ['2017-01/2017-11', ['date']],
    ['2017-11-04/..', ['date']],
    ['unknown', ['date']],
  ])('needs a known month and year: %s', (detained_when, missing) => {
    expect(meter({ ...complete, event: { ...complete.event, detained_when } }).missing).toEqual(
      missing,
    )
  })

  it.each([
    [
      'a nickname is no full name',
      { persons: [{ names: [{ text: '순이', kind: 'nickname' as const }] }] },
      ['name'],
    ],
    [
      'a country is no place',
      { event: { ...complete.event, where_taken: { country: 'CN' } } },
      ['place'],
    ],
    [
      'where they are held does for a place',
      { event: { ...complete.event, where_taken: null, held_where: { text: 'Tumen' } } },
      [],
    ],
    [
      '"unknown" is nobody',
      { event: { ...complete.event, authority: ['unknown' as const] } },
      ['forces'],
    ],
    [
      'words do for the forces',
      { event: { ...complete.event, authority: [], authority_text: 'police' } },
      [],
    ],
    [
      'Geneva reads no Hangul',
      {
        persons: seedTip.persons ?? null,
        event: {
          ...complete.event,
          where_taken: { text: '선양' },
          authority: [],
          authority_text: '공안',
        },
      },
      ['name', 'place', 'forces'],
    ],
  ])('knows that %s', (_what, change, missing) => {
    expect(meter({ ...complete, ...change }).missing).toEqual(missing)
  })

  it.each([
    ['2017-11-04', '2018-02-04', 'yes'],
    ['2017-11-04', '2018-02-05', 'no'],
    ['2017-11-30', '2018-02-28', 'yes'],
    ['2017-11-27', '2018-02-28', 'no'],
    ['2017-11', '2018-02-15', 'unclear'],
    ['unknown', '2018-02-15', 'unclear'],
  ])('of %s on %s says urgent: %s', (detained_when, today, urgent) => {
    expect(meter({ ...complete, event: { ...complete.event, detained_when } }, today).urgent).toBe(
      urgent,
    )
  })

  it('suggests the Latin name of a place that the gazetteer knows', () => {
    const at = formsOf({ ...complete, event: { where_taken: { text: '선양', country: 'CN' } } })[0]
      ?.at
    expect(wayOut('place', at as UnForm['at'])).toContain('event.where_taken.text "Shenyang"')
  })

  it('gives advice about what is not needed', () => {
    expect(meter(complete).advice).toEqual(['SUMMARY_NOT_LATIN'])
    expect(meter({ ...complete, narrative: 'What happened.' }).advice).toEqual([])
  })
})

describe('wgeidReport', () => {
  it.each(reportLanguages)(
    'keeps the order of the form and stars the six items, in %s',
    (language) => {
      const words = wordsOf(language)
      const report = wgeidReport(words, formsOf(agreed).slice(0, 1), submitter, '2017-11-06')
      expect(headings(report, 2)).toEqual([
        words.wgeid.identity,
        words.wgeid.date,
        words.wgeid.place,
        words.wgeid.forces,
        words.wgeid.circumstances,
        words.wgeid.steps,
        words.wgeid.submitter,
      ])
      expect(starred(report)).toEqual([
        words.identity.name,
        words.event.when,
        words.event.where,
        words.event.forces,
        words.event.steps,
        words.submitter.organisation,
      ])
    },
  )

  it('starts with the meter only while something is missing', () => {
    expect(headings(wgeidReport(english, formsOf(agreed), submitter, '2017-11-06'), 1)).toEqual([
      english.meter.title,
      english.wgeid.title,
      english.wgeid.title,
    ])
    const complete = { ...agreed, steps: { actions: [{ action: 'police' as const }] } }
    expect(headings(wgeidReport(english, formsOf(complete), submitter, '2017-11-06'), 1)).toEqual([
      english.wgeid.title,
      english.wgeid.title,
    ])
  })

  it('does not tell a government what it would punish', () => {
    const tip = {
      ...agreed,
      persons: [
        {
          names: [{ text: 'A' }],
          risk_flags: [
            'contact_south_korea',
            'official_family',
            'previously_returned',
            'pregnant',
          ] as const,
        },
      ],
    } as unknown as DetentionTip
    const text = JSON.stringify([
      wgeidReport(english, formsOf(tip), submitter, '2017-11-06'),
      wgadReport(english, formsOf(tip), submitter, '2017-11-06'),
    ])
    expect(text).toContain('pregnant')
    expect(text).not.toMatch(/south korea|contact_|official|previous/iu)
  })
})

describe('wgadReport', () => {
  it.each(reportLanguages)('keeps the order of the questionnaire, in %s', (language) => {
    const { wgad } = wordsOf(language)
    expect(
      headings(
        wgadReport(wordsOf(language), formsOf(agreed).slice(0, 1), submitter, '2017-11-06'),
        2,
      ),
    ).toEqual([
      wgad.identity,
      wgad.arrest,
      wgad.detention,
      wgad.circumstances,
      wgad.whyArbitrary,
      wgad.remedies,
      wgad.submitter,
    ])
  })
})

describe('the three languages', () => {
  it('have every string, and share only words that are the same', () => {
    const flat = (value: unknown, path = ''): [string, string][] => {
      if (typeof value === 'string') return [[path, value]]
      if (typeof value === 'function')
        return [
          [
            path,
            String(path.endsWith('counted') ? value(2, 'minor') : value('1', '2', 3, '4', '5')),
          ],
        ]
      return Object.entries(value as Record<string, unknown>).flatMap(([key, inner]) =>
        flat(inner, `${path}.${key}`),
      )
    }
    const [en, fr, es] = reportLanguages.map((language) => new Map(flat(wordsOf(language))))
    expect([...(fr?.keys() ?? [])].sort()).toEqual([...(en?.keys() ?? [])].sort())
    expect([...(es?.keys() ?? [])].sort()).toEqual([...(en?.keys() ?? [])].sort())
    for (const words of [en, fr, es])
      for (const [path, text] of words ?? []) expect(text.trim(), path).not.toBe('')
    const same = [...(en ?? [])]
      .filter(([path, text]) => fr?.get(path) === text || es?.get(path) === text)
      .map(([path]) => path)
    expect(same).toEqual(['.codes.yesNo.no', '.event.when', '.event.forces', '.meter.items.forces'])
  })
})

describe('dateIn', () => {
  it.each([
    ['2017-11-04', '4 November 2017'],
    ['2017-11', 'November 2017'],
    ['2017', '2017'],
    ['2017-11~', 'about November 2017'],
    ['2017-11-04?', 'perhaps 4 November 2017'],
    ['2017%', 'perhaps about 2017'],
    ['2017-11-01/2017-11-10', 'between 1 November 2017 and 10 November 2017'],
    ['2017-11-04/..', 'on or after 4 November 2017'],
    ['../2017-11-04', 'on or before 4 November 2017'],
    ['unknown', 'Not known'],
    [null, null],
  ])('of %s', (edtf, text) => {
    expect(dateIn(english, edtf)).toBe(text)
  })

  it('follows the language', () => {
    expect(['fr', 'es'].map((language) => dateIn(wordsOf(language as 'fr'), '2017-11-04'))).toEqual(
      ['4 novembre 2017', '4 de noviembre de 2017'],
    )
  })
})

describe('parseSubmitter', () => {
  it('reads a file that an editor saved as Unicode', () => {
    const text = '\ufefforganisation: 북한인권단체\naddress: 서울\nphone: 1\n'
    expect(parseSubmitter(Buffer.from(text, 'utf16le'))).toMatchObject({
      organisation: '북한인권단체',
      address: '서울',
    })
  })

  it('joins the lines of an address', () => {
    expect(submitter).toEqual({
      organisation: 'Org',
      person: null,
      address: 'Street 1, Geneva',
      phone: null,
      email: 'un@example.org',
    })
  })

  it.each([
    ['', 'organisation: …'],
    ['organisation: O\n', 'address: …'],
    ['organisation: O\naddress: A\n', 'asks back'],
    ['name: O\n', 'begins with one of'],
    ['organisation: \u0007\n', 'organisation: …'],
    [`organisation: ${'x'.repeat(5000)}`, 'longer'],
  ])('refuses %j', (text, why) => {
    expect(() => parseSubmitter(Buffer.from(text))).toThrow(
      expect.objectContaining({ code: 'SUBMITTER_INVALID', message: expect.stringContaining(why) }),
    )
  })
})

describe('summaryReport', () => {
  const summary = (level: 'named' | 'facts_only', change: Partial<DetentionTip> = {}) => {
    const view = sampleView(
      { ...seedTip, consent: [{ recipient: 'media', level }], ...change },
      { state: stateOf([]) },
    )
    const disclosed = disclose(confirmed(view), 'media')
    if (isWithheld(disclosed)) throw new Error('withheld')
    return summaryReport(english, [{ disclosed, window: view.triage.window }], '2017-11-06')
  }
  const texts = ({ blocks }: ReportDocument) => JSON.stringify(blocks satisfies readonly Block[])

  it('says who, held where, by when, and what is asked', () => {
    const report = summary('named')
    expect(headings(report, 1)).toEqual(['10 people detained in China'])
    expect(headings(report, 2)).toEqual([
      'Who',
      'Held where',
      'What is known',
      'Deadline',
      'Demands',
    ])
    for (const part of [
      '리영희',
      '8 more people, not named',
      'at risk of forcible return to North Korea',
      'by about 18 November 2017',
      'keep children with their families',
    ])
      expect(texts(report)).toContain(part)
  })

  it('with facts_only names no person, no place and no day, not even in the deadline', () => {
    const text = texts(summary('facts_only'))
    for (const part of [
      '10 people',
      '1 female',
      '1 male',
      'between about 15 November 2017 and 14 December 2017',
    ])
      expect(text).toContain(part)
    expect(text).not.toMatch(/리영희|이민준|선양|4 November|18 November/u)
  })

  it('gives no deadline for people who were already returned', () => {
    const text = texts(
      summary('named', {
        topic: 'returned',
        persons: [{ names: [{ text: 'A' }], status: 'returned' }],
      }),
    )
    expect(text).toContain('what became of those already returned')
    expect(text).toContain(english.summary.deadlineNone)
  })
})

describe('answers that no tip tells', () => {
  const answers = {
    law: 'Exit and Entry Law, article 58',
    why_arbitrary: 'No judge was ever involved.',
    ordered_by: 'The county bureau',
    warrant_issuer: 'Nobody',
    duration: 'Ten days by now',
    held_by: 'The border guard',
    detention_reasons: 'No papers',
    detention_law: 'Border rules, article 3',
    remedies: 'No lawyer was admitted',
    'persons.0.occupation': 'Seamstress',
    'persons.0.address': 'Hamhung',
    'persons.0.id_issued': 'Hamhung police, 2009',
  }
  const changes = Object.entries(answers).map(([field, value]) => ({
    kind: 'set' as const,
    at: '2017-11-05T10:00:00Z',
    by: 'kim',
    field,
    value,
  }))
  const view = (tip: DetentionTip) => confirmed(sampleView(tip, { state: stateOf(changes) }))

  it('are in the form of the WGAD, and occupation and address in both', () => {
    const { forms } = unCases([view(agreed)])
    const one = forms.slice(0, 1)
    const wgad = JSON.stringify(wgadReport(english, one, submitter, '2017-11-06'))
    for (const answer of Object.values(answers)) expect(wgad).toContain(answer)
    const wgeid = JSON.stringify(wgeidReport(english, one, submitter, '2017-11-06'))
    expect(wgeid).toContain('Seamstress')
    expect(wgeid).toContain('Hamhung')
  })

  it('follow the order of the model questionnaire', () => {
    const { forms } = unCases([view(agreed)])
    const { blocks } = wgadReport(english, forms.slice(0, 1), submitter, '2017-11-06')
    const headings = blocks.flatMap((block) => (block.kind === 'heading' ? [block.text] : []))
    expect(headings.slice(1).map(([text]) => String(text).split('.')[0])).toEqual([
      'I',
      'II',
      'III',
      'IV',
      'V',
      'VI',
      'VII',
    ])
    const text = JSON.stringify(blocks)
    const places = [
      'Hamhung police, 2009',
      'Seamstress',
      'Nobody',
      'Exit and Entry Law',
      'Ten days by now',
      'The border guard',
      'The county bureau',
      'No papers',
      'Border rules',
      'No judge was ever',
      'No lawyer was admitted',
      'organization submitting',
    ].map((answer) => text.indexOf(answer))
    expect(places).toEqual(places.toSorted((one, other) => one - other))
    expect(places).not.toContain(-1)
  })

  it('stay where papers or names may not go', () => {
    for (const [recipient, level] of [
      ['media', 'named'],
      ['un', 'facts_only'],
    ] as const) {
      const result = disclose({ ...view(agreed), consent: [{ recipient, level }] }, recipient)
      for (const answer of Object.values(answers))
        expect(JSON.stringify(result)).not.toContain(answer)
    }
  })

  it("are the source's words if an analyst copied them", () => {
    const told = 'She sews for the officers of the camp'
    const copied = [
      {
        ...changes[0],
        kind: 'set' as const,
        at: '2017-11-05T10:00:00Z',
        by: 'kim',
        field: 'persons.0.occupation',
        value: told,
      },
    ]
    const tip = { ...agreed, persons: [{ medical: told }] }
    const result = disclose(sampleView(tip, { state: stateOf(copied) }), 'un')
    expect(JSON.stringify(result)).not.toContain('sews')
  })
})

describe('the deadline of a summary', () => {
  it('names no return window whose countries it does not tell', () => {
    const view = sampleView({
      narrative: 'x',
      event: { detained_when: '2017-11-04', where_taken: { text: 'Shenyang' } },
      consent: [{ recipient: 'media', level: 'named' }],
    })
    const disclosed = disclose(view, 'media')
    if (isWithheld(disclosed)) throw new Error('withheld')
    const report = summaryReport(english, [{ disclosed, window: view.triage.window }], '2017-11-06')
    expect(JSON.stringify(report)).not.toContain('North Korea')
  })
})
