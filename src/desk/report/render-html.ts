import type { ComponentChild } from 'preact'
import { Fragment, h } from 'preact'
import { renderToStaticMarkup } from 'preact-render-to-string'
import { digestOf } from '../site/document.ts'
import { printable } from '../text/printable.ts'
import type { Block, Field, Line, ReportDocument } from './document.ts'
import { printStyle } from './print-style.ts'

/** No scripts, no requests to any server, no links. */
const policy = `default-src 'none'; style-src ${digestOf(printStyle)}; base-uri 'none'; form-action 'none'`

/** One self-contained file for printing on A4; the same document gives the same bytes. */
export function renderHtml({ title, language, blocks }: ReportDocument): string {
  const head = renderToStaticMarkup(
    h(
      Fragment,
      null,
      h('meta', { charset: 'utf-8' }),
      h('meta', { 'http-equiv': 'Content-Security-Policy', content: policy }),
      h('meta', { name: 'referrer', content: 'no-referrer' }),
      h('meta', { name: 'viewport', content: 'width=device-width' }),
      h('title', null, printable(title)),
    ),
  )
  return `<!doctype html>
<html lang="${language}"><head>${head}<style>${printStyle}</style></head>
<body>${renderToStaticMarkup(h('main', null, blocks.map(blockOf)))}</body></html>
`
}

function blockOf(block: Block): ComponentChild {
  switch (block.kind) {
    case 'heading':
      return h(`h${block.level}`, null, inlines(block.text))
    case 'paragraph':
      return h('p', { class: block.tone }, inlines(block.text))
    case 'list':
      return h(
        'ul',
        null,
        block.items.map((item) => h('li', null, inlines(item))),
      )
    case 'fields':
      return h('dl', null, block.fields.map(fieldOf))
    case 'table':
      return tableOf(block)
    case 'page':
      return h('hr', { class: 'page' })
  }
}

function fieldOf({ label, isNeeded, lines }: Field): ComponentChild {
  return h(
    'div',
    null,
    h('dt', null, label, isNeeded === true ? h('b', null, ' *') : null),
    h(
      'dd',
      { class: lines.length === 0 ? 'gap' : undefined },
      lines.map((line) => h('div', null, inlines(line))),
    ),
  )
}

function tableOf({ caption, head, rows }: Extract<Block, { kind: 'table' }>): ComponentChild {
  return h(
    'table',
    null,
    caption === undefined ? null : h('caption', null, caption),
    h(
      'thead',
      null,
      h(
        'tr',
        null,
        head.map((cell) => h('th', { scope: 'col' }, cell)),
      ),
    ),
    h(
      'tbody',
      null,
      rows.map((cells) =>
        h(
          'tr',
          null,
          cells.map((line) => h('td', null, inlines(line))),
        ),
      ),
    ),
  )
}

function inlines(line: Line): ComponentChild[] {
  return line.map((inline) => {
    if (typeof inline === 'string') return inline
    if ('strong' in inline) return h('strong', null, inline.strong)
    return h('bdi', { dir: 'auto' }, printable(inline.said, { keepsNewlines: true }))
  })
}
