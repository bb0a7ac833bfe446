import type { Answers } from '../../../src/page/app/draft.ts'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { maxDraftChars } from '../../../src/page/app/draft-bounds.ts'
import { tipFromDraft } from '../../../src/page/app/draft-to-tip.ts'
import { emptyDraft, type Draft } from '../../../src/page/app/draft.ts'
import { reduceDraft, type DraftAction } from '../../../src/page/app/reduce-draft.ts'
import { noDate } from '../../../src/page/app/vague-date.ts'
import { maxTipBytes } from '../../../src/tip/bounds.ts'
import { parseTip, serializeTip } from '../../../src/tip/tip-json.ts'
import { draftAction } from './draft-actions.ts'

const now = new Date(2017, 10, 4, 12)
const draftAfter = (...actions: DraftAction[]): Draft => actions.reduce(reduceDraft, emptyDraft)
const tipAfter = (...actions: DraftAction[]) => tipFromDraft(draftAfter(...actions), 'ko', now)
const narrative: DraftAction = { type: 'change', change: { narrative: '잡혀갔습니다' } }

function emptyParts(value: unknown, path = ''): string[] {
  if (
    value === null ||
    value === '' ||
    (typeof value === 'object' && Object.keys(value).length === 0)
  )
    return [path]
  return typeof value === 'object'
    ? Object.entries(value).flatMap(([name, part]) => emptyParts(part, `${path}.${name}`))
    : []
}

describe('tipFromDraft', () => {
  it('turns every reachable draft into a valid tip without empty values', () => {
    fc.assert(
      fc.property(fc.array(draftAction, { maxLength: 40 }), (actions) => {
        const draft = draftAfter(narrative, ...actions)
        const tip = tipFromDraft(
          { ...draft, narrative: draft.narrative.trim() === '' ? '무엇' : draft.narrative },
          'ko',
          now,
        )
        expect(() => serializeTip(tip)).not.toThrow()
        const anchors = (tip.as_typed ?? []).map(({ field }) => `.${field}`)
        // A person or transfer may be empty if words that could not be read point to it.
        const pointless = emptyParts(tip).filter(
          (part) => !anchors.some((field) => field.startsWith(`${part}.`)),
        )
        expect(pointless).toEqual([])
      }),
      { numRuns: 400 },
    )
  })

  it('keeps the fullest possible draft within the bounds of tip.json', () => {
    const full: DraftAction[] = Array.from({ length: 300 }, () => ({
      type: 'add_blank',
      list: 'persons',
    }))
    let draft = draftAfter(narrative, ...full)
    // Six bytes for each character, the most that JSON needs.
    const worst = '\u0001'.repeat(20_000)
    for (const { key } of draft.persons)
      draft = reduceDraft(draft, {
        type: 'patch',
        list: 'persons',
        key,
        change: { medical: worst },
      })
    for (let names = 0; draft.refusal?.field !== 'draft' || names < 5; names += 1)
      draft = reduceDraft(draft, { type: 'add_name', person: names % 200 })
    expect(draft.refusal).toEqual({ field: 'draft', maxChars: maxDraftChars })
    expect(serializeTip(tipFromDraft(draft, 'ko', now)).length).toBeLessThan(maxTipBytes)
  })

  it('contains only the narrative and the defaults when nothing else is filled in', () => {
    expect(tipAfter(narrative)).toEqual({
      narrative: '잡혀갔습니다',
      lang: 'ko',
      source: { contact: { way: 'return_here' } },
      consent: ['un', 'unhcr', 'icrc', 'embassy', 'ngo', 'media'].map((recipient) => ({
        recipient,
        level: 'ask_first',
      })),
      consent_meta: { text_version: '2 ko', date: '2017-11-04~' },
    })
  })

  it('keeps the narrative as it was typed', () => {
    expect(
      tipAfter({ type: 'change', change: { narrative: '  한 줄\n\n둘째 줄 ' } }).narrative,
    ).toBe('  한 줄\n\n둘째 줄 ')
  })

  it('keeps every answer of the quick path', () => {
    const tip = tipAfter(
      narrative,
      { type: 'patch', list: 'persons', key: 0, change: { name: ' 리영희 ', age: '２９살' } },
      { type: 'add_blank', list: 'persons' },
      { type: 'patch', list: 'persons', key: 1, change: { name: 'Ri 영희' } },
      {
        type: 'change',
        change: {
          when: '11월 초',
          whenDate: { ...noDate, choice: 'yesterday' },
          where: '선양',
          stillHeld: 'unsure',
        },
      },
    )
    expect(parseTip(serializeTip(tip))).toMatchObject({
      urgent_now: 'unsure',
      persons: [
        {
          names: [{ text: '리영희', script: 'Hang', by: 'source' }],
          age: { value: 29, unit: 'years', as_of: '2017-11-04~', reckoning: 'unknown' },
          minor: 'no',
        },
        { names: [{ text: 'Ri 영희', by: 'source' }] },
      ],
      event: { when_text: '11월 초', detained_when: '2017-11-03~', where_taken: { text: '선양' } },
    })
    expect(tip.persons?.[1]?.names?.[0]).not.toHaveProperty('script')
  })

  const eventAfter = (change: Partial<Answers>) =>
    tipAfter(narrative, { type: 'change', change }).event?.return_risk ?? null
  const day = (day: string) => ({
    returnWhen: { ...noDate, choice: 'day' as const, start: { year: '2017', month: '11', day } },
  })

  it.each<[string, Partial<Answers>, unknown]>([
    ['soon', { sentBack: 'soon' }, { expected: '2017-11-04/2017-11-11' }],
    ['soon, on a day', { sentBack: 'soon', ...day('6') }, { expected: '2017-11-06' }],
    ['yes', { sentBack: 'yes' }, { expected: 'unknown' }],
    ['yes, on a day', { sentBack: 'yes', ...day('30') }, { expected: '2017-11-30' }],
    [
      'yes, day not known',
      { sentBack: 'yes', returnWhen: { ...noDate, choice: 'unknown' } },
      { expected: 'unknown' },
    ],
    ['no', { sentBack: 'no', ...day('6') }, null],
    ['unsure', { sentBack: 'unsure' }, null],
    ['already returned', { sentBack: 'returned' }, null],
    ['only a country', { returnCountry: 'KP' }, { to_country: 'KP' }],
  ])(
    'turns the answer "%s" about a forced return into the expected date',
    (_name, change, risk) => {
      expect(eventAfter(change)).toEqual(risk)
    },
  )

  it.each<[Partial<Answers>, string | undefined]>([
    [{}, undefined],
    [{ stillHeld: 'yes' }, 'yes'],
    [{ stillHeld: 'no', sentBack: 'soon' }, 'yes'],
    [{ stillHeld: 'no' }, 'no'],
    [{ stillHeld: 'no', sentBack: 'yes' }, 'unsure'],
    [{ stillHeld: 'no', sentBack: 'returned' }, 'no'],
    [{ sentBack: 'no' }, 'unsure'],
    [{ stillHeld: 'unsure', sentBack: 'unsure' }, 'unsure'],
  ])('makes urgent_now of both questions: %o', (change, urgent) => {
    expect(tipAfter(narrative, { type: 'change', change }).urgent_now).toBe(urgent)
  })

  it('says of each person that they are held, unless something else was said of them', () => {
    const tip = tipAfter(
      narrative,
      { type: 'patch', list: 'persons', key: 0, change: { name: '리영희' } },
      { type: 'add_blank', list: 'persons' },
      { type: 'patch', list: 'persons', key: 1, change: { name: '김', status: 'released' } },
      { type: 'add_blank', list: 'persons' },
      { type: 'change', change: { stillHeld: 'yes' } },
    )
    expect(tip.persons?.map(({ status }) => status)).toEqual(['held', 'released'])
  })

  it('makes a reported return of "already sent back", unless the topic says something else', () => {
    const topicAfter = (change: Partial<Answers>) =>
      tipAfter(narrative, { type: 'change', change }).topic
    expect(topicAfter({ sentBack: 'returned' })).toBe('returned')
    expect(topicAfter({ sentBack: 'returned', topic: 'released' })).toBe('released')
  })

  it('records consent with the version and language of the words that were shown', () => {
    const draft = draftAfter(narrative, {
      type: 'change',
      change: { consentChoice: 'with_names', isUnToo: true, consent: { ngo: 'no' } },
    })
    const tip = tipFromDraft(draft, 'ug', now, { consentLanguage: 'en' })
    expect(tip.lang).toBe('ug')
    expect(tip.consent_meta?.text_version).toBe('2 en')
    expect(tip.consent).toEqual([
      { recipient: 'un', level: 'named' },
      { recipient: 'unhcr', level: 'named' },
      { recipient: 'icrc', level: 'named' },
      { recipient: 'embassy', level: 'ask_first' },
      { recipient: 'ngo', level: 'no' },
      { recipient: 'media', level: 'ask_first' },
    ])
  })

  it('keeps every other answer, and says "unknown" only where the source did', () => {
    const tip = tipAfter(
      narrative,
      {
        type: 'patch',
        list: 'persons',
        key: 0,
        change: {
          sex: 'unknown',
          birth: { choice: 'unknown', start: noDate.start, end: noDate.end },
          riskFlags: ['pregnant'],
          nationality: 'KP',
          status: 'held',
        },
      },
      { type: 'add_name', person: 0 },
      { type: 'patch_name', person: 0, key: 1, change: { text: '李英姬', kind: 'alias' } },
      { type: 'add_blank', list: 'transfers' },
      { type: 'patch', list: 'transfers', key: 2, change: { to: '图们' } },
      { type: 'add', list: 'steps', item: { action: 'embassy', when: noDate, result: '답 없음' } },
      {
        type: 'change',
        change: {
          atLeast: '10',
          authority: ['unknown'],
          held: '단둥',
          heldCountry: 'CN',
          returnCountry: 'KP',
          guides: '1',
          public: 'no',
          relation: 'spouse',
          contactWay: 'never',
          givenBy: '남편',
          familyAgrees: 'yes',
          consent: {
            un: 'named',
            unhcr: 'ask_first',
            icrc: 'ask_first',
            embassy: 'ask_first',
            ngo: 'ask_first',
            media: 'no',
          },
        },
      },
    )
    expect(parseTip(serializeTip(tip))).toMatchObject({
      people_count: { min: 10 },
      persons: [
        {
          names: [{ text: '李英姬', script: 'Hani', kind: 'alias' }],
          sex: 'unknown',
          birth: 'unknown',
          risk_flags: ['pregnant'],
          nationality: ['KP'],
          status: 'held',
        },
      ],
      event: {
        authority: ['unknown'],
        held_where: { text: '단둥', country: 'CN' },
        transfers: [{ to: { text: '图们' } }],
        return_risk: { to_country: 'KP' },
        guides_held: 1,
      },
      steps: { actions: [{ action: 'embassy', result: '답 없음' }], already_public: 'no' },
      source: { relation: 'spouse', contact: { way: 'never' } },
      consent_meta: { given_by: '남편', family_agrees: 'yes' },
    })
    expect(tip.consent).toContainEqual({ recipient: 'un', level: 'named' })
    expect(tip.consent).toContainEqual({ recipient: 'media', level: 'no' })
    expect(tip.people_count).not.toHaveProperty('max')
    expect(tip.event).not.toHaveProperty('warrant')
  })

  it.each([
    [17, 'years', 'international', 'yes'],
    [18, 'years', 'international', 'no'],
    [17, 'years', '', 'yes'],
    [18, 'years', '', 'possible'],
    [19, 'years', 'counting', 'possible'],
    [20, 'years', 'unknown', 'no'],
    [8, 'months', '', 'yes'],
    [215, 'months', '', 'yes'],
    [216, 'months', '', 'no'],
  ] as const)(
    'derives from age %s %s, counted as %j, that being a minor is %s',
    (age, unit, reckoning, expected) => {
      const change = { age: String(age), ageUnit: unit, reckoning }
      expect(
        tipAfter(narrative, { type: 'patch', list: 'persons', key: 0, change }).persons?.[0]?.minor,
      ).toBe(expected)
    },
  )

  it.each([
    ['2000', 'day', 'yes'],
    ['1999', 'day', 'possible'],
    ['1998', 'day', 'no'],
    ['1998', 'about_day', 'possible'],
    ['1996', 'about_day', 'no'],
    ['1998?', 'day', 'possible'],
    ['약 1998', 'day', 'possible'],
  ] as const)(
    'derives from a birth in %s (date: %s) that being a minor is %s',
    (year, choice, expected) => {
      const birth = { ...noDate, choice, start: { ...noDate.start, year } }
      expect(
        tipAfter(narrative, { type: 'patch', list: 'persons', key: 0, change: { birth } })
          .persons?.[0]?.minor,
      ).toBe(expected)
    },
  )

  const person = (change: Partial<Draft['persons'][number]>): DraftAction => ({
    type: 'patch',
    list: 'persons',
    key: 0,
    change,
  })

  it.each([
    ['4', { age: { value: 4, unit: 'years' }, minor: 'yes' }],
    ['네 살', { age: { value: 4, unit: 'years' }, age_text: '네 살', minor: 'yes' }],
    ['6개월', { age: { value: 6, unit: 'months' }, age_text: '6개월', minor: 'yes' }],
    ['30대', { age_text: '30대', minor: 'no' }],
    ['10대', { age_text: '10대', minor: 'possible' }],
    ['18-20살', { age_text: '18-20살', minor: 'possible' }],
    ['20대', { age_text: '20대', minor: 'no' }],
    ['18세 미만', { age_text: '18세 미만', minor: 'yes' }],
    ['2010년생', { birth: '2010', age_text: '2010년생', minor: 'yes' }],
    ['만 18세', { age: { value: 18, reckoning: 'international' }, minor: 'no' }],
    ['어른', { age_text: '어른' }],
  ])('converts the age %j', (age, expected) => {
    expect(tipAfter(narrative, person({ age })).persons?.[0]).toMatchObject(expected)
  })

  it.each([
    ['여섯', { value: 6, unit: 'months' }],
    ['약 6', { value: 6, unit: 'months' }],
    ['6살', { value: 6, unit: 'years' }],
  ])('counts %j in the chosen months unless it names a unit', (age, expected) => {
    const tip = tipAfter(narrative, person({ age, ageUnit: 'months' }))
    expect(tip.persons?.[0]?.age).toMatchObject(expected)
  })

  it('keeps the words of an age range, and sets no age', () => {
    expect(tipAfter(narrative, person({ age: '30대' })).persons?.[0]).not.toHaveProperty('age')
  })

  it('keeps the typed text of a date or number that could not be read completely', () => {
    const day = (year: string, month = '', date = '') =>
      ({ ...noDate, choice: 'day', start: { year, month, day: date } }) as const
    const tip = tipAfter(
      narrative,
      {
        type: 'change',
        change: {
          guides: '여러 명',
          companions: '약 3명',
          atLeast: '다섯 명',
          whenDate: day('2017', '2', '30'),
        },
      },
      { type: 'add_blank', list: 'persons' },
      { type: 'patch', list: 'persons', key: 1, change: { birth: day('용띠') } },
    )
    expect(tip.people_count).toEqual({ min: 5 })
    expect(tip.event).toEqual({ detained_when: '2017-02', companions: 3 })
    expect(tip.persons).toEqual([{}])
    expect(tip.as_typed).toEqual([
      { field: 'persons.0.birth', text: '용띠' },
      { field: 'event.detained_when', text: '2017 2 30' },
      { field: 'event.companions', text: '약 3명' },
      { field: 'event.guides_held', text: '여러 명' },
    ])
    expect(() => serializeTip(tip)).not.toThrow()
  })
})
