import { h } from 'preact'
import { renderToStaticMarkup } from 'preact-render-to-string'
import { describe, expect, it } from 'vitest'
import type { Change } from '../../../src/desk/files/case-file.ts'
import type { CaseView } from '../../../src/desk/files/case-view.ts'
import { withAlikeCases } from '../../../src/desk/people/alike-cases.ts'
import { findDuplicates } from '../../../src/desk/people/duplicates.ts'
import { board } from '../../../src/desk/site/board.ts'
import { draw } from '../../../src/desk/terminal/draw.ts'
import { reduce } from '../../../src/desk/terminal/reduce.ts'
import { sheetLines } from '../../../src/desk/terminal/sheet-lines.ts'
import { startState } from '../../../src/desk/terminal/state.ts'
import { sampleView } from '../support/sample-view.ts'

type Link = Extract<Change, { kind: 'link' }>
const named = (narrative: string, ...texts: string[]) =>
  sampleView({ narrative, persons: texts.map((text) => ({ names: [{ text }] })) })
const linkedTo = (view: CaseView, to: string): CaseView => {
  const link: Link = { kind: 'link', at: '2017-11-05T10:00:00Z', by: 'kim', to, as: 'same_event' }
  return { ...view, state: { ...view.state, links: [link] } }
}
const alikeOf = (...views: CaseView[]) =>
  withAlikeCases(views, findDuplicates(views)).map(({ alike }) => alike)

const korean = named('a', '김영희', '박철수')
const latin = named('b', 'Kim Yong-hui')
const hanja = named('c', '金英姬')
const other = named('d', '최은경')

describe('withAlikeCases', () => {
  it('names both cases of each pair, and each once', () => {
    expect(alikeOf(korean, latin, other)).toEqual([[latin.id], [korean.id], []])
    expect(alikeOf(korean, latin, hanja).map(({ length }) => length)).toEqual([2, 2, 2])
    expect(alikeOf(korean, named('e', 'Kim Yonghui', 'Pak Chol-su'))[0]).toHaveLength(1)
  })

  it('does not pair two persons of one case', () => {
    expect(alikeOf(named('f', '김영희', 'Kim Yong-hui'))).toEqual([[]])
  })

  it('leaves out cases that an analyst has linked, from either side', () => {
    expect(alikeOf(linkedTo(korean, latin.receipt), latin)).toEqual([[], []])
    expect(alikeOf(korean, linkedTo(latin, korean.receipt))).toEqual([[], []])
  })
})

describe('a case that is perhaps the same as another', () => {
  const views = withAlikeCases([korean, latin, other], findDuplicates([korean, latin, other]))

  it('is marked on the board, with a link to the other', () => {
    const html = renderToStaticMarkup(h('div', null, board(views, 'index.html')))
    const link = (id: string) =>
      `Perhaps the same as <a class="id" href="site/cases/${id}.html">${id}</a>`
    expect(html).toContain(link(korean.id))
    expect(html).toContain(link(latin.id))
    expect(html).not.toContain(link(other.id))
  })

  it('is marked in the list of the terminal, and its sheet says which', () => {
    const { state } = reduce(startState('kim', 100, 30), { kind: 'loaded', views, now: 0 })
    const lines = draw(state).lines.filter((line) => /[0-9a-f]{8}/.test(line))
    const marked = lines.filter((line) => line.includes('=? '))
    expect(marked).toHaveLength(2)
    expect(marked.join('\n')).not.toContain('최은경')
    const [first] = views
    expect(first && sheetLines(first, 100).map(({ text }) => text)).toContainEqual(
      expect.stringMatching(`perhaps same +as case ${latin.id}`),
    )
  })
})
