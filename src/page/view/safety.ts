import { h, type ComponentChild } from 'preact'
import { SAFETY_POINTS, type SafetyPoint, type Spoken } from '../texts.ts'
import { items, paragraphs } from './wording.ts'

/** The top of the start page: its purpose, and the five things to know before writing. */
export function Safety({
  texts: { frame, safety },
}: {
  texts: Spoken<'frame' | 'safety'>
}): ComponentChild {
  return h(
    'div',
    { class: 'safety' },
    h('h1', null, frame.title),
    h('div', { class: 'lead' }, paragraphs(safety.lead)),
    h(
      'section',
      { class: 'card', 'aria-labelledby': 'before' },
      h('h2', { id: 'before' }, safety.heading),
      h(
        'ol',
        { class: 'points' },
        SAFETY_POINTS.map((name) => h(Point, safety[name])),
      ),
      h(
        'details',
        { class: 'more' },
        h('summary', null, safety.more),
        h('ul', null, items(safety.moreLines)),
      ),
    ),
  )
}

function Point({ title, lines }: SafetyPoint): ComponentChild {
  const body = lines.length === 1 ? paragraphs(lines) : h('ul', null, items(lines))
  return h('li', null, h('h3', null, title), body)
}
