import { h } from 'preact'
import { renderToStaticMarkup } from 'preact-render-to-string'
import { describe, expect, it } from 'vitest'
import { countsPage } from '../../../src/desk/site/counts-page.ts'
import { barChart } from '../../../src/desk/site/tables.ts'
import { generateTips } from '../corpus/generate-tips.ts'
import { sampleView } from '../support/sample-view.ts'

const now = new Date('2017-11-20T10:00:00Z')
const page = (count: number) =>
  renderToStaticMarkup(
    h(
      'div',
      null,
      countsPage(
        generateTips(count).map((tip, index) =>
          sampleView(tip === null ? null : { ...tip, narrative: `${tip.narrative} ${index}` }),
        ),
        now,
      ),
    ),
  )

describe('countsPage', () => {
  it('says in its chart what its table says, row by row', () => {
    const html = page(80)
    const told = /aria-label="Persons detained: ([^"]+)"/.exec(html)?.[1]?.split('; ') ?? []
    const bars = told
      .map((text) => /^(\S+) (\d+)(?: and perhaps (\d+) more)?$/.exec(text)?.slice(1) ?? [text])
      .map(([label, value, unsure = '0']) => [label, value, unsure])
    const table = [
      ...(/<tbody>([^]*?)<\/tbody>/.exec(html)?.[1] ?? '').matchAll(/<tr>([^]*?)<\/tr>/g),
    ].map(([row]) => [...row.matchAll(/<bdi[^>]*>([^<]*)<\/bdi>/g)].map(([, cell]) => cell))
    // The columns are: detained, at least, confirmed, uncertain. The last rows are not periods.
    const periods = table
      .slice(0, bars.length)
      .map(([label, persons, , uncertain]) => [label, persons, uncertain])
    expect(bars.length).toBeGreaterThan(5)
    expect(periods).toEqual(bars)
  })

  it('says "at least", the days, the rate and who is among them', () => {
    const html = page(1)
    expect(html).toMatch(
      /At least 10 people detained from 4 Nov 2017 to 4 Nov 2017, [\d.]+ a month: 1 child and 0 elderly people among them, 0 confirmed by an analyst\./,
    )
    expect(html).toContain('The last three months: 21 Aug 2017 to 20 Nov 2017')
  })

  it('works without a case', () => {
    expect(renderToStaticMarkup(h('div', null, countsPage([], now)))).toContain('At least 0 people')
  })
})

describe('barChart', () => {
  it('says what it draws', () => {
    const html = renderToStaticMarkup(
      h(
        'div',
        null,
        barChart('Persons', [
          { label: '2017-10', value: 2, unsure: 1 },
          { label: '2017-11', value: 3, unsure: 0 },
        ]),
      ),
    )
    expect(html).toContain('aria-label="Persons: 2017-10 2 and perhaps 1 more; 2017-11 3"')
    expect(html).toContain('>2 + 1?</text>')
  })

  it('draws bars as long as their figures', () => {
    const html = renderToStaticMarkup(
      h(
        'div',
        null,
        barChart('x', [
          { label: 'a', value: 30, unsure: 0 },
          { label: 'b', value: 10, unsure: 5 },
        ]),
      ),
    )
    const widths = [...html.matchAll(/class="(bar|unsure)"[^>]* width="(\d+)"/g)].map(
      ([, kind, width]) => [kind, Number(width)] as const,
    )
    expect(widths.map(([kind]) => kind)).toEqual(['bar', 'bar', 'unsure'])
    const [longest = 0, third = 0, sixth = 0] = widths.map(([, width]) => width)
    expect(longest / third).toBeCloseTo(3, 1)
    expect(longest / sixth).toBeCloseTo(6, 1)
  })
})
