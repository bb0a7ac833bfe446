import { renderToStaticMarkup } from 'preact-render-to-string'
import { h } from 'preact'
import { describe, expect, it } from 'vitest'
import { board, nextCase, openCases } from '../../../src/desk/site/board.ts'
import { tierPages } from '../../../src/desk/site/tier-pages.ts'
import type { CaseView } from '../../../src/desk/files/case-view.ts'
import { byUrgency } from '../../../src/desk/view/urgency.ts'
import { sampleView, seedTip } from '../support/sample-view.ts'

const draw = (views: readonly CaseView[]) =>
  renderToStaticMarkup(h('div', null, board(views, 'index.html')))

/** A case with this title. `triage` and `state` override the neutral defaults. */
function caseOf(
  title: string,
  {
    triage,
    state,
  }: { triage?: Partial<CaseView['triage']>; state?: Partial<CaseView['state']> } = {},
): CaseView {
  const view = sampleView({ ...seedTip, narrative: title }, { title })
  return { ...view, triage: { ...view.triage, ...triage }, state: { ...view.state, ...state } }
}
const windowOf = (
  leftDays: number,
  endsOn: string,
): Pick<CaseView['triage'], 'window' | 'actBy'> => ({
  window: {
    custody: 'CN',
    destination: 'KP',
    days: 14,
    source: 'reports',
    elapsedDays: 14 - leftDays,
    leftDays,
    endsOn,
  },
  actBy: { day: endsOn, why: 'window', leftDays },
})
const read = { status: 'read', readAt: '2017-11-05T10:00:00Z' } as const

describe('byUrgency', () => {
  const ordered = [
    caseOf('overdue, long left', {
      triage: { isOverdue: true, ...windowOf(9, '2017-11-14') },
    }),
    caseOf('own deadline before the window ends', {
      state: { deadline: '2017-11-06' },
      triage: { actBy: { day: '2017-11-06', why: 'deadline', leftDays: 1 } },
    }),
    caseOf('one day left', { triage: { ...windowOf(1, '2017-11-07') } }),
    caseOf('just over', { triage: { ...windowOf(-7, '2017-11-08') } }),
    caseOf('due sooner', { triage: { window: null, actBy: null, dueAt: '2017-11-05T10:00:00Z' } }),
    caseOf('window long over', {
      triage: { ...windowOf(-8, '2017-10-28'), dueAt: '2017-11-05T11:00:00Z' },
    }),
    caseOf('tier 1 with a day left', { triage: { tier: 1, ...windowOf(1, '2017-11-06') } }),
    caseOf('tier 3, overdue', { triage: { tier: 3, isOverdue: true } }),
  ]

  it('puts tier before overdue before the day to act by before what is due', () => {
    const titles = ordered.map(({ title }) => title)
    expect(
      ordered
        .toReversed()
        .sort(byUrgency)
        .map(({ title }) => title),
    ).toEqual(titles)
  })
})

describe('board', () => {
  it('says what to do first: nobody has read it in time, then nobody has read it, then nobody acts', () => {
    const late = caseOf('late', { triage: { tier: 2, isOverdue: true } })
    const unread = caseOf('unread', { triage: { tier: 3 } })
    const idle = caseOf('idle', { triage: { tier: 1 }, state: read })
    const acting = caseOf('acting', { state: { ...read, status: 'acting' } })
    const closed = caseOf('closed', { state: { ...read, status: 'closed' } })
    const next = (...views: CaseView[]) => nextCase(openCases(views))?.title
    expect(next(closed, acting, idle, unread, late)).toBe('late')
    expect(next(closed, acting, idle, unread)).toBe('unread')
    expect(next(closed, acting, idle)).toBe('idle')
    expect(next(closed, acting)).toBe('acting')
    expect(next(closed)).toBeUndefined()
    expect(draw([closed])).toContain('No open case.')
  })

  it('says on each card why it is in its tier and how much of the window is left', () => {
    const reasons = [
      { code: 'MOVED', text: 'they were moved' },
      { code: 'WINDOW', text: 'taken up to 13 days ago' },
      { code: 'MINOR', text: 'a child of 4' },
      { code: 'NEVER_LOWERED', text: 'it was in tier 0 before; only an analyst lowers it' },
    ]
    const html = draw([caseOf('x', { triage: { reasons, ...windowOf(1, '2017-11-11') } })])
    expect(html).toContain('Tier 0 because')
    for (const said of [
      'they were moved',
      'it was in tier 0 before',
      'a child of 4',
      '1 day left',
      'to act by 11 Nov 2017: return window ends',
      'China to North Korea: about 14 days, to 11 Nov 2017',
    ])
      expect(html).toContain(said)
    // 13 of the 14 days have passed, which is 130 of the bar's 140 units.
    expect(html).toContain('<rect class="gone" width="130"')
  })

  it.each([
    ['expected' as const, 'return expected'],
    ['deadline' as const, 'own deadline'],
  ])('says that the day to act by is set by the %s, without a window', (why, words) => {
    const html = draw([
      caseOf('x', {
        triage: { window: null, actBy: { day: '2017-12-01', why, leftDays: 26 } },
      }),
    ])
    expect(html).toContain('26 days left')
    expect(html).toContain(`to act by 1 Dec 2017: ${words}`)
    expect(html).not.toContain('<svg')
  })

  it.each([
    [5, false, false],
    [4, true, false],
    [0, true, false],
    [-1, false, true],
    [-7, false, true],
    [-8, false, false],
  ])(
    'says whether the window is the reason, %i days before its end',
    (leftDays, isEnding, isOver) => {
      const html = draw([
        caseOf('x', {
          triage: {
            reasons: [
              { code: 'RETURN_RISK', text: 'a return is feared' },
              { code: 'WINDOW', text: '' },
            ],
            ...windowOf(leftDays, '2017-11-11'),
          },
        }),
      ])
      expect([
        html.includes('the window is about to end'),
        html.includes('the window has just ended'),
      ]).toEqual([isEnding, isOver])
    },
  )

  it('gives a reason even when the only one is drawn as the window', () => {
    expect(
      draw([
        caseOf('x', { triage: { reasons: [{ code: 'WINDOW', text: 'taken up to 13 days ago' }] } }),
      ]),
    ).toContain('taken up to 13 days ago')
  })

  it.each([
    [48, 0],
    [49, 1],
    [449, 3],
  ])('has pages of its own for a tier of %i: %i', (count, pages) => {
    const views = Array.from({ length: count }, (_, index) => caseOf(`case ${index}`))
    const made = tierPages(views)
    expect(made.map(({ path }) => path)).toEqual(
      ['site/tier-0.html', 'site/tier-0-2.html', 'site/tier-0-3.html'].slice(0, pages),
    )
    const cards = made.flatMap(({ children }) => [
      ...renderToStaticMarkup(h('div', null, children)).matchAll(/<li class="card/g),
    ])
    expect(cards.length).toBe(pages === 0 ? 0 : count)
    expect(draw(views).includes('more in tier 0')).toBe(pages > 0)
  })
})
