import { renderToStaticMarkup } from 'preact-render-to-string'
import { h } from 'preact'
import { describe, expect, it } from 'vitest'
import { stateOf } from '../../../src/desk/casebook/state.ts'
import { relationsOf } from '../../../src/desk/site/relations.ts'
import { sheet } from '../../../src/desk/site/sheet.ts'
import { sheetLines } from '../../../src/desk/terminal/sheet-lines.ts'
import { searchTextOf } from '../../../src/desk/view/search-text.ts'
import type { CaseView } from '../../../src/desk/files/case-view.ts'
import { sampleView, seedTip } from '../support/sample-view.ts'

const onPage = (view: CaseView) =>
  renderToStaticMarkup(h('div', null, sheet(view, relationsOf([view], []))))
const inTerminal = (view: CaseView) =>
  sheetLines(view, 400)
    .map(({ text }) => text)
    .join('\n')

describe('the sheet of a case', () => {
  it("keeps the source's words beside an account in our own", () => {
    const ours = 'A mother and her son were taken in Shenyang.'
    const state = stateOf([
      { kind: 'set', at: '2017-11-05T10:00:00Z', by: 'kim', field: 'narrative', value: ours },
    ])
    const view = sampleView(seedTip, {
      original: seedTip,
      tip: { ...seedTip, narrative: ours },
      state,
    })
    expect(onPage(view)).toMatch(
      new RegExp(`In their words.*${seedTip.narrative}.*In our words, for reports.*${ours}`),
    )
    expect(inTerminal(view)).toMatch(
      new RegExp(
        `WHAT THE SOURCE WROTE\\s+${seedTip.narrative}[^]*IN OUR WORDS, FOR REPORTS\\s+${ours}`,
      ),
    )
    for (const words of [seedTip.narrative, ours.toLowerCase()])
      expect(searchTextOf(view).narrative).toContain(words)
  })

  it('shows what was typed for an age, a number or a date that could not be read', () => {
    const [first, ...others] = seedTip.persons ?? []
    const tip = {
      ...seedTip,
      persons: [{ ...first, age_text: '30대' }, ...others],
      as_typed: [{ field: 'event.guides_held', text: '여러 명' }],
    }
    const view = sampleView(tip, { original: tip, tip })
    for (const shown of [onPage(view), inTerminal(view)]) {
      expect(shown).toContain('30대')
      expect(shown).toMatch(/event\.guides_held.*여러 명/)
    }
  })

  it.each([
    ['2017-11-01', 'counts no more since 2017-11-01'],
    ['2030-01-01', null],
    [null, null],
  ])('says that the key was no longer in force, if so: %s', (retired, said) => {
    const dull = sampleView()
    const view = {
      ...dull,
      opened: {
        ...dull.opened,
        opened_at: '2017-11-05T09:00:00Z',
        identity: { ...dull.opened.identity, retired },
      },
    }
    for (const text of [onPage(view), inTerminal(view)]) {
      expect(text).not.toContain('retired')
      expect(/counts no more since [\d-]+/.exec(text)?.[0] ?? null).toBe(said)
    }
  })
})
