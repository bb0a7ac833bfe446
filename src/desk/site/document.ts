import { createHash } from 'node:crypto'
import type { ComponentChild } from 'preact'
import { h } from 'preact'
import { renderToStaticMarkup } from 'preact-render-to-string'
import { style } from './style.ts'

export const digestOf = (text: string): string =>
  `'sha256-${createHash('sha256').update(text).digest('base64')}'`

const policy = `default-src 'none'; style-src ${digestOf(style)}; base-uri 'none'; form-action 'none'`

/** A self-contained document for printing and passing on: no script, and no requests. */
export function documentOf(
  title: string,
  language: string,
  ...children: readonly ComponentChild[]
): string {
  return `<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width">${renderToStaticMarkup(h('title', null, title))}<style>${style}</style></head>
<body>${renderToStaticMarkup(h('main', null, children))}</body></html>
`
}
