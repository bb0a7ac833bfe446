import { renderToStaticMarkup } from 'preact-render-to-string'
import { h } from 'preact'
import { describe, expect, it } from 'vitest'
import type { CaseView, SentMessage } from '../../../src/desk/files/case-view.ts'
import { board } from '../../../src/desk/site/board.ts'
import { relationsOf } from '../../../src/desk/site/relations.ts'
import { sheet } from '../../../src/desk/site/sheet.ts'
import { sampleView, seedTip } from '../support/sample-view.ts'

const evil = '<script>alert(1)</script>\u202E&"'
const followUp = 'f'.repeat(64)
const message: SentMessage = {
  id: 'ab'.repeat(16),
  receipt: sampleView().receipt,
  at: '2017-11-06T10:00:00Z',
  by: evil,
  language: 'ko',
  text: evil,
  asks: ['un'],
  state: 'answered',
  drops: [{ id: 'cd'.repeat(16), trip: 1, day: '2017-11-06', published: '2017-11-07' }],
  isLost: false,
  answeredBy: followUp,
}
const tipOf = (receipt: string, openedAt: string) => ({
  receipt,
  id: receipt.slice(0, 8),
  openedAt,
  isFollowUp: receipt === followUp,
  answers: receipt === followUp ? message.id : null,
  closes: false,
  hasOldWords: false,
})

function talking(messages: readonly SentMessage[]): CaseView {
  const view = sampleView({ ...seedTip, consent: [] })
  return {
    ...view,
    conversation: {
      replyTo: { recipient: 'age1pq1', tag_key: 'ab'.repeat(32), language: 'ko' },
      problem: null,
      tips: [tipOf(view.receipt, '2017-11-05T09:00:00Z'), tipOf(followUp, '2017-11-08T09:00:00Z')],
      messages,
      closedBy: null,
      proposals: [{ recipient: 'un', level: 'named', now: 'ask_first', receipt: followUp }],
      hasAnswer: true,
      wantsAnswer: true,
    },
  }
}
const htmlOf = (view: CaseView) =>
  renderToStaticMarkup(h('main', null, sheet(view, relationsOf([view], []))))

describe('the sheet of a case with a conversation', () => {
  it('shows it in order, with days and states', () => {
    const html = htmlOf(talking([message]))
    const order = ['this tip', 'answered by ffffffff', 'answers abababab'].map((text) =>
      html.indexOf(text),
    )
    expect(order.every((at) => at > 0)).toBe(true)
    expect(order).toEqual(order.toSorted((a, b) => a - b))
    expect(html).toContain('5 Nov 2017')
    expect(html).toContain('Asks for consent: UN')
  })

  it.each([
    [{ state: 'written', drops: [], answeredBy: null }, 'it waits for the next stick'],
    [
      { state: 'on_the_stick', answeredBy: null },
      'on the stick of 2017-11-06 (trip 1, drop cdcdcdcd)',
    ],
    [
      { state: 'on_the_stick', isLost: true, answeredBy: null },
      'it comes again with the next stick',
    ],
    [{ state: 'published', answeredBy: null }, 'the index of 2017-11-07 names its drop cdcdcdcd'],
    [{ state: 'closed', answeredBy: null }, 'the conversation ended before an answer came'],
    [{ state: 'withdrawn', answeredBy: null }, 'taken back'],
  ] as const)('says how far an answer is: %j', (change, said) => {
    expect(htmlOf(talking([{ ...message, ...change }]))).toContain(said)
  })

  it('holds every text as text', () => {
    const html = htmlOf(talking([message]))
    expect(html).not.toMatch(/<script|\u202E/)
    expect(html).toContain('&lt;script>')
  })

  it('says in the banner what is not taken over', () => {
    expect(htmlOf(talking([]))).toMatch(/Not taken over yet.*UN: with names.*accept-consent/s)
  })
})

describe('the board', () => {
  it('marks what came and what is wanted', () => {
    const html = renderToStaticMarkup(h('main', null, board([talking([])], 'index.html')))
    for (const mark of ['answer came', 'wants an answer', 'consent to take over'])
      expect(html).toContain(mark)
  })
})
