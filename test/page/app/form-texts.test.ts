import { describe, expect, it } from 'vitest'
import { consentChoices } from '../../../src/tip/consent-choice.ts'
import { sentBackCodes } from '../../../src/page/app/draft.ts'
import { textsOf } from '../../../src/page/all-texts.ts'
import type { Language } from '../../../src/page/languages.ts'
import { dateChoices } from '../../../src/page/app/vague-date.ts'
import * as codes from '../../../src/tip/codes.ts'

const wordsIn = (language: Language) => ({
  form: textsOf(language).form,
  later: textsOf(language).later,
})
const english = wordsIn('en')
const others = { ko: wordsIn('ko'), zh: wordsIn('zh') }

/** Every text with its path, such as `later.ask.held`. */
function leaves(value: unknown, path = ''): [string, string][] {
  return typeof value === 'string'
    ? [[path, value]]
    : Object.entries(value as object).flatMap(([name, part]) =>
        leaves(part, path === '' ? name : `${path}.${name}`),
      )
}
const placeholders = (text: string): string[] =>
  [...text.matchAll(/\{\w+\}/g)].map(([found]) => found).sort()

describe.each(Object.entries(others))('the texts in %s', (_, texts) => {
  it('are complete, with the same placeholders', () => {
    const own = new Map(leaves(texts))
    expect([...own.keys()].sort()).toEqual(
      leaves(english)
        .map(([path]) => path)
        .sort(),
    )
    for (const [path, text] of leaves(english))
      expect([path, placeholders(own.get(path) ?? '')]).toEqual([path, placeholders(text)])
  })

  it('contain no text left in English', () => {
    const latin = leaves(texts).filter(
      ([, text]) => !/[\p{sc=Hang}\p{sc=Hani}]/u.test(text.replace(/\{\w+\}/g, '')),
    )
    expect(latin).toEqual([])
  })
})

describe('the texts', () => {
  const all = leaves({ english, ...others })

  it('are never empty, and do not end with a space', () => {
    expect(all.filter(([, text]) => text.trim() === '' || text !== text.trim())).toEqual([])
  })

  it('avoid technical words and words for reporting somebody to the authorities', () => {
    const forbidden =
      /举报|告密|线人|檢舉|检举|신고|제보|밀고|메타데이터|업로드|다운로드|클릭|링크|서버|브라우져|元数据|upload|metadata|encrypt|server|submit|informant/i
    expect(all.filter(([, text]) => forbidden.test(text))).toEqual([])
  })

  it('exist for every code', () => {
    const { later, form } = english
    const lists: [object, readonly string[]][] = [
      [form.stillHeld, codes.yesNoUnsure],
      [form.sentBack, sentBackCodes],
      [form.consent.choices, consentChoices],
      [form.consent.hints, consentChoices],
      [later.yesNo, codes.yesNoUnknown],
      [later.inside, codes.yesNoPreferNot],
      [later.topics, codes.topics],
      [later.nameKinds, codes.nameKinds],
      [later.sexes, codes.sexes],
      [later.ageUnits, codes.ageUnits],
      [later.reckonings, codes.ageReckonings],
      [later.risks, codes.riskFlags],
      [later.statuses, codes.personStatuses],
      [later.ways, codes.waysTaken],
      [later.authorities, codes.authorities],
      [later.acknowledgements, codes.acknowledgements],
      [later.steps, codes.stepsTaken],
      [later.relations, codes.relations],
      [later.bases, codes.knowledgeBases],
      [later.contactWays, codes.contactWays],
      [later.recipients, codes.consentRecipients],
      [later.levels, codes.consentLevels],
      [form.files.outcomes, codes.metadataStates],
      [form.dates, dateChoices],
    ]
    for (const [labels, list] of lists) expect(Object.keys(labels).sort()).toEqual([...list].sort())
  })

  it.each([
    ['ko', 'form.ask.narrative', '무슨 일이 있었나요?'],
    ['ko', 'form.ask.when', '언제인가요? 대략 써도 됩니다'],
    ['ko', 'form.send.button', '보내기'],
    ['ko', 'later.levels.ask_first', '먼저 저에게 물어봐 주세요'],
    ['ko', 'form.ask.sentBack', '강제로 돌려보내질(북송될) 위험이 있나요?'],
    ['zh', 'form.ask.narrative', '发生了什么事？'],
    ['zh', 'form.ask.stillHeld', '人还被关着吗？'],
    ['zh', 'form.ask.sentBack', '有被强制遣返的危险吗？'],
    ['ko', 'form.consent.question', '다시 여쭙지 않고 누구에게 알려도 되나요?'],
    ['zh', 'form.send.button', '发送'],
    ['zh', 'later.levels.ask_first', '请先问我'],
    ['zh', 'later.ask.held', '现在关在哪里？'],
  ] as const)('in %s for %s are the agreed ones', (language, path, text) => {
    expect(Object.fromEntries(leaves(others[language]))[path]).toBe(text)
  })
})
