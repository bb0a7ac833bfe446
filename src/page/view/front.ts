import { h, type ComponentChild } from 'preact'
import { type Language, LANGUAGE_NAMES, LANGUAGE_TAGS } from '../languages.ts'
import type { Lines, Spoken } from '../texts.ts'
import { PAGE_NAME } from './frame.ts'
import { items, languageAttributes, paragraphs } from './wording.ts'

export interface FrontProps {
  texts: Spoken<'frame' | 'frontPage'>
  languages: readonly Language[]
  /** The onion address, `….onion`. */
  onion: string
  /** Relative links, so that the site can be served from any folder. */
  hrefOf: (language: Language) => string
  qrHref: string
}

/**
 * Shows the way to the onion service and accepts no input: it has no form, no script, and no link
 * that leads elsewhere.
 */
export function Front({ texts, languages, onion, hrefOf, qrHref }: FrontProps): ComponentChild {
  const words = texts.frontPage
  return h(
    'div',
    { class: 'page' },
    h('a', { class: 'skip', href: '#main' }, texts.frame.skip),
    h(
      'header',
      { class: 'header' },
      h('div', { class: 'bar' }, h('p', { class: 'name' }, PAGE_NAME)),
      h(
        'nav',
        { class: 'languages', 'aria-label': texts.frame.languages },
        h(
          'ul',
          null,
          languages.map((language) =>
            h(
              'li',
              null,
              h(
                'a',
                {
                  href: hrefOf(language),
                  hreflang: LANGUAGE_TAGS[language],
                  ...languageAttributes(language),
                  'aria-current': language === texts.language ? ('true' as const) : undefined,
                },
                LANGUAGE_NAMES[language],
              ),
            ),
          ),
        ),
      ),
    ),
    h(
      'main',
      { id: 'main', tabIndex: -1 },
      h('h1', null, texts.frame.title),
      h('div', { class: 'lead' }, paragraphs(words.lead)),
      h(
        'section',
        { class: 'notice notice-warm', 'aria-labelledby': 'seen' },
        h('h2', { id: 'seen' }, words.seen.heading),
        h('ul', null, items(words.seen.lines)),
      ),
      h(Step, { id: 'get', ...words.get }),
      h(Step, { id: 'blocked', ...words.blocked }),
      h(
        'section',
        { class: 'card', 'aria-labelledby': 'open' },
        h('h2', { id: 'open' }, words.open.heading),
        h('h3', null, words.address),
        h('pre', { dir: 'ltr', translate: false }, h('code', null, onion)),
        h('p', null, h('img', { src: qrHref, alt: words.qr, width: 240, height: 240 })),
        paragraphs(words.open.lines),
        h('p', { class: 'hint' }, words.compare),
      ),
      h(Step, { id: 'after', ...words.after }),
    ),
    h('footer', { class: 'footer' }, h('p', { class: 'hint' }, words.quiet)),
  )
}

function Step({
  id,
  heading,
  lines,
}: {
  id: string
  heading: string
  lines: Lines
}): ComponentChild {
  return h(
    'section',
    { class: 'card', 'aria-labelledby': id },
    h('h2', { id }, heading),
    h('ul', null, items(lines)),
  )
}
