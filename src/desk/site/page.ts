import { dayOfInstant } from '../../time/day.ts'
import type { ComponentChild } from 'preact'
import { h } from 'preact'
import { renderToStaticMarkup } from 'preact-render-to-string'
import type { Tier } from '../files/case-file.ts'
import { digestOf } from './document.ts'
import { minuteOf } from './said.ts'
import { dayScript, listScript } from './script.ts'
import { style } from './style.ts'

/** What a page is about. */
export interface SitePage {
  /** Below the casebook: `index.html`, `site/list.html`, `site/cases/1a2b3c4d.html`. */
  path: string
  title: string
  children: readonly ComponentChild[]
  /** It has a list that can be searched. */
  hasSearch?: boolean
}

export interface Made {
  now: Date
  tool: string
}

/** Where the pages are, in the order of the navigation. */
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

/** By digest: what 'self' means for a file is not the same in every browser. */
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

/** A whole document, which asks nobody for anything. */
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

/** From a page up to the casebook. */
export function rootOf(path: string): string {
  return '../'.repeat(path.split('/').length - 1)
}

/** Below the casebook: a page with the cards of a tier. */
export function tierPagePath(tier: Tier, index: number): string {
  return `site/tier-${tier}${index === 0 ? '' : `-${index + 1}`}.html`
}

/** The way from a page to a case's sheet. */
export function sheetHref(from: string, id: string): string {
  return `${rootOf(from)}site/cases/${id}.html`
}

/** What is wider than a narrow window scrolls by itself, by keyboard too. */
export function scrolling(label: string, ...children: readonly ComponentChild[]): ComponentChild {
  return h('div', { class: 'scroll', role: 'region', 'aria-label': label, tabIndex: 0 }, children)
}
