import { h, type ComponentChild } from 'preact'
import type { SafetyPoint, Spoken } from '../texts.ts'
import { items, paragraphs } from './wording.ts'

/** What must be read before writing. The other points are needed later, or by fewer people. */
const FIRST_POINTS = ['outside', 'device', 'leaveOut'] as const
const LATER_POINTS = ['photos', 'reading'] as const

/** The top of the start page: its purpose, the way to the form, and what to know before writing. */
export function Safety({
  texts: { frame, safety },
  onWrite,
}: {
  texts: Spoken<'frame' | 'safety'>
  /** Leads to the form. Without scripts there is none on this page. */
  onWrite?: () => void
}): ComponentChild {
  return h(
    'div',
    { class: 'safety' },
    h('h1', null, frame.title),
    h('div', { class: 'lead' }, paragraphs(safety.lead)),
    onWrite === undefined
      ? null
      : h(
          'p',
          null,
          h(
            'a',
            { class: 'button', href: '#narrative', onClick: withoutHistory(onWrite) },
            safety.write,
          ),
        ),
    h(
      'section',
      { class: 'card', 'aria-labelledby': 'before' },
      h('h2', { id: 'before' }, safety.heading),
      h(
        'ol',
        { class: 'points' },
        FIRST_POINTS.map((name) => h(Point, safety[name])),
      ),
      h(
        'details',
        { class: 'more' },
        h('summary', null, safety.more),
        h(
          'ol',
          { class: 'points' },
          LATER_POINTS.map((name) => h(Point, safety[name])),
        ),
        h('ul', null, items(safety.moreLines)),
      ),
    ),
  )
}

function Point({ title, lines }: SafetyPoint): ComponentChild {
  const body = lines.length === 1 ? paragraphs(lines) : h('ul', null, items(lines))
  return h('li', null, h('h3', null, title), body)
}

/** Following the link would add an entry to the browser's history. */
function withoutHistory(act: () => void): (event: Event) => void {
  return (event) => {
    event.preventDefault()
    act()
  }
}
