import { dayOfInstant } from '../../time/day.ts'
import type { ComponentChild } from 'preact'
import { h } from 'preact'
import { renderToStaticMarkup } from 'preact-render-to-string'
import type { Tier } from '../files/case-file.ts'
import { digestOf } from './document.ts'
import { minuteOf } from './said.ts'
import { dayScript, listScript } from './script.ts'
import { style } from './style.ts'

/** One page of the site. */
export interface SitePage {
  /** Relative to the casebook: `index.html`, `site/list.html`, `site/cases/1a2b3c4d.html`. */
  path: string
  title: string
  children: readonly ComponentChild[]
  /** Whether the page has a searchable list. */
  hasSearch?: boolean
}

export interface Made {
  now: Date
  tool: string
}

/** Pages in the order of the navigation. */
export const places = [
  ['index.html', 'Board'],
  ['site/list.html', 'All cases'],
  ['site/places.html', 'By place'],
  ['site/authorities.html', 'By authority'],
  ['site/dates.html', 'By date'],
  ['site/persons.html', 'Persons'],
  ['site/groups.html', 'Groups'],
  ['site/timeline.html', 'Timeline'],
  ['site/counts.html', 'Counts'],
  ['site/problems.html', 'Problems'],
] as const

const scriptOf = (hasSearch: boolean): string =>
  hasSearch ? `${dayScript}\n${listScript}` : dayScript

/** Scripts and styles are allowed by digest: browsers disagree on what 'self' means for a file. */
const policyOf = (script: string): string =>
  [
    `default-src 'none'`,
    `script-src ${digestOf(script)}`,
    `style-src ${digestOf(style)}`,
    `base-uri 'none'`,
    `form-action 'none'`,
    `require-trusted-types-for 'script'`,
    `trusted-types 'none'`,
  ].join('; ')

const policies = { plain: policyOf(scriptOf(false)), search: policyOf(scriptOf(true)) }

/** A whole HTML document, which makes no requests. */
export function documentOfPage(
  { path, title, children, hasSearch = false }: SitePage,
  { now, tool }: Made,
): string {
  const links = places.map(([target, name]) =>
    h(
      'li',
      null,
      h(
        'a',
        { href: rootOf(path) + target, 'aria-current': target === path ? 'page' : undefined },
        name,
      ),
    ),
  )
  const body = renderToStaticMarkup(
    h(
      'div',
      null,
      h('a', { class: 'skip', href: '#main' }, 'To the content'),
      h(
        'header',
        null,
        h('nav', { 'aria-label': 'Casebook' }, h('ul', null, links)),
        h(
          'p',
          { 'data-made': dayOfInstant(now) },
          `As of ${minuteOf(now.toISOString())}. Anything newer: run tumen case refresh.`,
        ),
      ),
      h('main', { id: 'main', tabIndex: -1 }, children),
      h(
        'footer',
        null,
        h(
          'p',
          null,
          `Made by ${tool}. Nothing here may leave this machine but through tumen report.`,
        ),
      ),
    ),
  )
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${policies[hasSearch ? 'search' : 'plain']}">
<meta name="viewport" content="width=device-width"><meta name="referrer" content="no-referrer">${renderToStaticMarkup(h('title', null, `${title} · Casebook`))}<style>${style}</style></head>
<body>${body}<script>${scriptOf(hasSearch)}</script></body></html>
`
}

/** The relative path from a page to the casebook. */
export function rootOf(path: string): string {
  return '../'.repeat(path.split('/').length - 1)
}

/** The path, relative to the casebook, of a page with the cards of a tier. */
export function tierPagePath(tier: Tier, index: number): string {
  return `site/tier-${tier}${index === 0 ? '' : `-${index + 1}`}.html`
}

/** The relative link from a page to the sheet of a case. */
export function sheetHref(from: string, id: string): string {
  return `${rootOf(from)}site/cases/${id}.html`
}

/** Makes content that is wider than a narrow window scroll on its own, also by keyboard. */
export function scrolling(label: string, ...children: readonly ComponentChild[]): ComponentChild {
  return h('div', { class: 'scroll', role: 'region', 'aria-label': label, tabIndex: 0 }, children)
}
