import { createContext, runInContext } from 'node:vm'
import { pinyin } from 'pinyin-pro'
import { describe, expect, it } from 'vitest'
import { searchCode as codeOfSources } from '../../../scripts/docs/search-code.ts'
import type { CaseView } from '../../../src/desk/files/case-view.ts'
import { mandarinReader } from '../../../src/desk/people/mandarin-readings.ts'
import { mandarinTable, surnameTable } from '../../../src/desk/people/mandarin-table.ts'
import type { Searched } from '../../../src/desk/search/query.ts'
import { charactersForEach, listPage } from '../../../src/desk/site/list-page.ts'
import { documentOfPage } from '../../../src/desk/site/page.ts'
import { chooseVisible } from '../../../src/desk/terminal/cases.ts'
import { bufferOf } from '../../../src/desk/terminal/text-buffer.ts'
import { searchCases } from '../../../src/desk/view/search-cases.ts'
import type { DetentionTip } from '../../../src/tip/schema.ts'
import { readText } from '../../docs/documents.ts'
import { sampleView, seedTip } from '../support/sample-view.ts'

const named = (...texts: string[]): DetentionTip => ({
  narrative: `tip of ${texts.length} names`,
  persons: texts.map((text) => ({ names: [{ text }] })),
})
const note = {
  kind: 'note',
  at: '2017-11-05T09:30:00Z',
  by: 'kim',
  text: '영사관에 전화함',
} as const
const views = [
  sampleView(seedTip, { state: { ...sampleView().state, notes: [note] } }),
  sampleView({
    narrative: 'ئۇ ئۈرۈمچىدە تۇتۇلدى',
    persons: [{ names: [{ text: 'پاتىگۈل غۇلام' }] }],
  }),
  sampleView({
    narrative: '一个朝鲜家庭在延吉被警察带走',
    event: {
      where_taken: { text: '延吉市', country: 'CN' },
      transfers: [{ to: { text: '투먼', country: 'CN' } }],
    },
  }),
  sampleView({ narrative: `Robert'); DROP TABLE cases;-- "100%_\\ \u0000 ＡＢＣ é` }),
  sampleView(named('김영희')),
  sampleView(named('Kim Younghee')),
  sampleView(named('金英姬')),
  sampleView(named('KIMYONGHUI')),
  sampleView(named('王建国', '尉迟恭')),
]

/** The list page's own data, searched by the page's own script. */
function searchInPage(typed: string): string[] {
  const [page] = listPage(views)
  if (page === undefined) throw new Error('no page')
  const html = documentOfPage(page, { now: new Date('2017-11-10T10:00:00Z'), tool: 'tumen 0' })
  const data = /<script type="application\/json" id="data">(.*?)<\/script>/.exec(html)?.[1] ?? ''
  const script = /<script>([\s\S]*)<\/script>/.exec(html)?.[1] ?? ''
  const [code = ''] = /var deskSearch=[\s\S]*?;\n/.exec(script) ?? []
  const [tables = ''] = /makeSearch\(\.\.\..*\)/.exec(script) ?? []
  const sandbox = createContext({ typed })
  const rows = JSON.parse(data) as [Searched, unknown][]
  const fits = runInContext(`${code}; deskSearch.${tables}(typed)`, sandbox) as (
    row: Searched,
  ) => boolean
  return rows.filter(([facts]) => fits(facts)).map(([facts]) => facts.text.slice(0, 64))
}

const receiptsOf = (found: readonly CaseView[]) => found.map(({ receipt }) => receipt).toSorted()

describe('the search of the command, the terminal and the pages', () => {
  it.each<[query: string, found: number[]]>([
    ['리영희', [0]],
    ['Lee Young-hee', [0]],
    ['Ri Yong Hui', [0]],
    ['김영희', [4, 5, 6, 7]],
    ['Kim Yong-hui', [4, 5, 6, 7]],
    ['金英姬', [4, 5, 6, 7]],
    ['Kim Younghee', [4, 5, 6, 7]],
    ['YOUNG HEE KIM', [4, 5, 6, 7]],
    ['kimyounghee', [4, 5, 6, 7]],
    ['김영희'.normalize('NFD'), [4, 5, 6, 7]],
    ['Kim Young-hee Shenyang', []],
    ['리영희 Shenyang', [0]],
    ['Ri Yong-hui 沈阳', [0]],
    ['Wang Jianguo', [8]],
    ['Yuchi Gong', [8]],
    ['王建军', []],
    ['Patigul Ghulam', [1]],
    ['영희', [0, 4]],
    ['희', [0, 4]],
    ['영사관', [0]],
    ['네 살 아들', [0]],
    ['沈阳', [0]],
    ['Shenyang', [0]],
    ['China: public security', [0]],
    ['延吉', [2]],
    ['Yanji', [2]],
    ['연길', [2]],
    ['图们', [2]],
    ['朝鲜', [2]],
    ['警察带走', [2]],
    ['延', [2]],
    ['延吉 朝鲜家庭', [2]],
    ['延吉 선양', []],
    ['پاتىگۈل', [1]],
    ['تۇتۇل', [1]],
    ['غۇ', [1]],
    ['robert', [3]],
    ['ABC', [3]],
    ['ａｂｃ', [3]],
    ['e\u0301', [3]],
    ['100%', [3]],
    ['_\\', [3]],
    ['"100%', [3]],
    ['" OR "', []],
    ['DROP TABLE cases', [3]],
    ['NEAR(a b)', []],
    ['*', []],
    ['</script>', []],
    ['없는말', []],
    ['', [0, 1, 2, 3, 4, 5, 6, 7, 8]],
    ['   ', [0, 1, 2, 3, 4, 5, 6, 7, 8]],
    ['가 '.repeat(100_000), []],
    ['가'.repeat(100_000), []],
    [views[2]?.receipt ?? '', [2]],
    [views[2]?.receipt.slice(0, 10) ?? '', [2]],
  ])('finds the same for %j', (query, expected) => {
    const receipts = receiptsOf(views.filter((_, index) => expected.includes(index)))
    expect(receiptsOf(searchCases(views, query))).toEqual(receipts)
    const state = { views, tier: null, status: null, search: bufferOf(query) }
    expect(receiptsOf(chooseVisible(state))).toEqual(receipts)
    expect(searchInPage(query).toSorted()).toEqual(receipts)
  })

  it('is one code: search-code.ts is what "npm run docs" makes of the sources', async () => {
    expect(readText('src/desk/site/search-code.ts')).toBe(await codeOfSources())
  })
})

describe('the Mandarin readings', () => {
  it('are those of pinyin-pro', () => {
    const reader = mandarinReader(mandarinTable, surnameTable)
    const characters = mandarinTable.match(/\p{Script=Han}/gu) ?? []
    const odd = characters.filter(
      (each) =>
        pinyin(each, { toneType: 'none', v: true }) !== reader.given(each) ||
        (!'樂區單員蓋繆'.includes(each) &&
          pinyin(each, { toneType: 'none', v: true, surname: 'head' }) !== reader.surname(each)),
    )
    expect([characters.length > 20_000, odd]).toEqual([true, []])
  })
})

describe('charactersForEach', () => {
  it.each<[lengths: number[], each: number]>([
    [[], Infinity],
    [[10, 20, 70], Infinity],
    [[10, 20, 71], 70],
    [[100, 10, 100], 45],
    [[60, 60], 50],
  ])('cuts only the long ones of %j: at %d', (lengths, each) => {
    expect(charactersForEach(lengths, 100)).toBe(each)
  })
})
