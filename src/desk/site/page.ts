import type { ComponentChild } from 'preact'
import { h } from 'preact'
import { renderToStaticMarkup } from 'preact-render-to-string'
import { digestOf } from './document.ts'
import { minuteOf } from './said.ts'
import { script } from './script.ts'
import { style } from './style.ts'

export interface PageOptions {
  title: string
  /** Path below the casebook: `index.html`, `site/list.html`, `site/cases/1a2b3c4d.html`. */
  path: string
  now: Date
  tool: string
}

/** Where the pages are, in the order of the navigation. */
export const places = [
  ['index.html', 'Board'], ['site/list.html', 'All cases'], ['site/persons.html', 'Persons'], ['site/groups.html', 'Groups'], ['site/timeline.html', 'Timeline'],
  ['site/places.html', 'Places'], ['site/counts.html', 'Counts'], ['site/problems.html', 'Problems'],
] as const

/** By digest: what 'self' means for a file is not the same in every browser. */
const policy = [
  `default-src 'none'`, `script-src ${digestOf(script)}`, `style-src ${digestOf(style)}`, `base-uri 'none'`, `form-action 'none'`, `require-trusted-types-for 'script'`, `trusted-types 'none'`,
].join('; ')

/** A whole document, which asks nobody for anything. */
export function pageOf({ title, path, now, tool }: PageOptions, ...children: readonly ComponentChild[]): string {
  const up = '../'.repeat(path.split('/').length - 1)
  const links = places.map(([target, name]) => h('li', null, h('a', { href: up + target, 'aria-current': target === path ? 'page' : undefined }, name)))
  const body = renderToStaticMarkup(h('div', null,
    h('a', { class: 'skip', href: '#main' }, 'To the content'),
    h('header', null, h('nav', { 'aria-label': 'Casebook' }, h('ul', null, links)), h('p', null, `As of ${minuteOf(now.toISOString())}, made by ${tool}. It shows nothing newer: run tumen case refresh.`)),
    h('main', { id: 'main', tabIndex: -1 }, children)))
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width"><meta name="referrer" content="no-referrer">${renderToStaticMarkup(h('title', null, title))}<style>${style}</style></head>
<body>${body}<script>${script}</script></body></html>
`
}

/** The way from a page to a case's sheet. */
export function sheetHref(from: string, id: string): string {
  return `${'../'.repeat(from.split('/').length - 1)}site/cases/${id}.html`
}
