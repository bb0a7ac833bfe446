import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Marked } from 'marked'
import type { BundledFile } from './bundled-file.ts'
import { root } from './root.ts'

/** Documents for people who work at the desk, in reading order. */
const documents = [
  'docs/analysts.md',
  'keys/README.md',
  'docs/sealed-tip.md',
  'docs/threat-model.md',
  'SECURITY.md',
  'README.md',
  'CHANGELOG.md',
]

const style = `body{font:1rem/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a;background:#fff}
pre{padding:.8rem;background:#f2f2f0;white-space:pre-wrap;overflow-wrap:anywhere}code{font-size:.92em}table{border-collapse:collapse;display:block;overflow:auto}
td,th{border:1px solid #999;padding:.2rem .5rem;text-align:left;vertical-align:top}nav a{margin-right:1rem}
@media print{@page{size:A4;margin:16mm}body{margin:0;max-width:none;font-size:10pt}nav{display:none}h2{break-after:avoid}pre,tr{break-inside:avoid}pre{border:1px solid #999}a{color:inherit;text-decoration:none}}
@media screen and (prefers-color-scheme:dark){body{color:#e6e6e6;background:#161616}pre{background:#262626}a{color:#8ab4f8}}`
const styleDigest = createHash('sha256').update(style).digest('base64')
const policy = `default-src 'none'; style-src 'sha256-${styleDigest}'; base-uri 'none'; form-action 'none'`

/** The fragment that GitHub's links use for a heading. */
export function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} -]/gu, '')
    .replaceAll(' ', '-')
}

const marked = new Marked({
  renderer: {
    // The bundle has no pictures, and its pages must not load anything.
    image({ text }) {
      return this.parser.parseInline([{ type: 'text', raw: text, text, escaped: false }])
    },
    heading({ tokens, text, depth }) {
      return `<h${depth} id="${anchorOf(text)}">${this.parser.parseInline(tokens)}</h${depth}>\n`
    },
  },
})

/** The documents as HTML that loads nothing, and the schema of a tip. */
export function renderDocs(): BundledFile[] {
  const pages = documents.map((path) => ({
    path: `docs/${fileName(path)}`,
    content: renderPage(readFileSync(join(root, path), 'utf8')),
  }))
  return [
    ...pages,
    ...['detention_tip.schema.json'].map((name) => ({
      path: `docs/${name}`,
      content: readFileSync(join(root, 'docs', name)),
    })),
  ]
}

function renderPage(markdown: string): string {
  const title = /^# (.+)$/m.exec(markdown)?.[1] ?? 'Tumen'
  const body = marked
    .parse(markdown, { async: false })
    .replace(/href="([^"]+)"/g, (_whole, target: string) => `href="${linkTo(target)}"`)
  const links = documents
    .map((path) => `<a href="${fileName(path)}">${fileName(path).replace('.html', '')}</a>`)
    .join(' ')
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width"><title>${title}</title><style>${style}</style></head>
<body><nav aria-label="Documents">${links}</nav><main>${body}</main></body></html>
`
}

/**
 * The file name includes the folder, because `keys/README.md` and `README.md` are two documents.
 */
function fileName(path: string): string {
  return `${path
    .replace(/^docs\//, '')
    .replace('/README', '')
    .replace(/\.md$/, '')
    .toLowerCase()}.html`
}

/**
 * Rewrites links between the documents of the bundle. A link to any other file leads nowhere (`#`).
 */
function linkTo(target: string): string {
  const [path = '', fragment] = target.split('#')
  if (path === '' || /^[a-z]+:/.test(path)) return target
  const found = documents.find(
    (document) => document === path.replace(/^(\.\.?\/)+/, '') || document === `docs/${path}`,
  )
  return found === undefined
    ? '#'
    : fileName(found) + (fragment === undefined ? '' : `#${fragment}`)
}
