import type { ComponentChild } from 'preact'
import { h } from 'preact'
import type { EdtfRange } from '../../tip/edtf.ts'
import { parseEdtf } from '../../tip/edtf.ts'
import type { CaseView } from '../files/case-view.ts'
import { compareText } from '../view/urgency.ts'
import { caseTitle } from './case-words.ts'
import { count } from '../../text/count.ts'
import { barIn, drawBar, yearOf } from './edtf-bar.ts'
import { sheetHref } from './page.ts'
import { said } from './said.ts'
import { whenInWords } from './when.ts'

type Dated = CaseView & { detained: EdtfRange }

const monthLetters = [
  'Jan',
  'Feb',
  'Mar',
  'Apr',
  'May',
  'Jun',
  'Jul',
  'Aug',
  'Sep',
  'Oct',
  'Nov',
  'Dec',
]
const isDated = (view: CaseView): view is Dated =>
  view.detained !== null && yearOf(view.detained) !== null

/** Cases by year, the newest first; every date is shown exactly as precisely as it is known. */
export function timelinePage(views: readonly CaseView[], path: string): ComponentChild[] {
  const years = Map.groupBy(views.filter(isDated), ({ detained }) => yearOf(detained) ?? '')
  const undated = views.filter((view) => !isDated(view))
  return [
    h('h1', null, 'Timeline'),
    h(
      'p',
      { class: 'meta' },
      `${views.length - undated.length} of ${count(views.length, 'case')} have a date. Each stands in the year in which it can first have happened.`,
    ),
    legend(),
    ...[...years]
      .sort((one, other) => compareText(other[0], one[0]))
      .map(([year, members]) => yearPart(year, members, path)),
    undated.length === 0
      ? null
      : h(
          'details',
          { class: 'year' },
          h('summary', null, h('h2', null, 'No date'), ` ${count(undated.length, 'case')}`),
          h(
            'ul',
            { class: 'lines' },
            undated.map((view) =>
              h(
                'li',
                null,
                h('a', { href: sheetHref(path, view.id) }, caseTitle(view)),
                view.tip?.event?.when_text
                  ? h('span', { class: 'meta' }, ' ', said(view.tip.event.when_text))
                  : null,
              ),
            ),
          ),
        ),
  ]
}

const examples = [
  ['2017-11-04', 'a day'],
  ['2017-11-01/2017-12-31', 'somewhere in it'],
  ['2017-10~', 'about'],
  ['2017-11?', 'not sure'],
  ['2017-11-02/..', 'end not told'],
  ['../2017-06-30', 'beginning not told'],
] as const

function legend(): ComponentChild {
  return h(
    'ul',
    { class: 'legend', 'aria-label': 'What the bars mean' },
    examples.map(([edtf, meaning]) => h('li', null, bar('2017', parseEdtf(edtf)), meaning)),
  )
}

/**
 * Sorted by the end of the range, so that a range that covers the whole year comes after known
 * days.
 */
function yearPart(year: string, members: readonly Dated[], path: string): ComponentChild {
  const sorted = members.toSorted(
    (one, other) =>
      compareText(one.detained.latest ?? '~', other.detained.latest ?? '~') ||
      compareText(one.detained.earliest ?? '', other.detained.earliest ?? '') ||
      compareText(one.receipt, other.receipt),
  )
  return h(
    'details',
    { class: 'year', open: true },
    h('summary', null, h('h2', null, year), ` ${count(members.length, 'case')}`),
    h(
      'div',
      { class: 'months', 'aria-hidden': 'true' },
      monthLetters.map((name) => h('span', null, name)),
    ),
    h(
      'ol',
      { class: 'bars' },
      sorted.map((view) =>
        h(
          'li',
          null,
          bar(year, view.detained),
          h(
            'span',
            null,
            h('a', { href: sheetHref(path, view.id) }, caseTitle(view)),
            h('span', { class: 'meta' }, ` ${whenInWords(view.tip?.event?.detained_when)}`),
          ),
        ),
      ),
    ),
  )
}

function bar(year: string, range: EdtfRange): ComponentChild {
  const shape = barIn(year, range)
  return shape === null ? null : drawBar(shape)
}
