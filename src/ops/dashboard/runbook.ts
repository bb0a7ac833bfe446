import { existsSync, readFileSync } from 'node:fs'
import { Marked } from 'marked'
import { problemCodes, problemsMarkdown } from '../problems.ts'
import type { ProblemCode } from '../problems.ts'
import { escapeHtml } from './html.ts'
import { documentHtml } from './style.ts'

const file = new URL('../../../docs/operations.md', import.meta.url)

/**
 * docs/operations.md as a page with an anchor for the code of every problem. If the file is
 * missing, the page has only the table of problems.
 */
export function runbookHtml(): string {
  return renderRunbook(
    existsSync(file) ? readFileSync(file, 'utf8') : `# Running it\n\n${problemsMarkdown()}`,
  )
}

/** Renders the Markdown without any raw HTML in it, although the file is ours. */
export function renderRunbook(markdown: string): string {
  const anchors = createAnchors(markdown)
  const marked = new Marked({
    renderer: {
      html: () => '',
      heading({ tokens, depth, text }) {
        const inner = this.parser.parseInline(tokens)
        const { id, code } = anchors.heading(text)
        return `<h${depth} id="${id}">${code === undefined ? inner : `<span id="${code}">${inner}</span>`}</h${depth}>\n`
      },
      tablerow({ text }) {
        return `<tr${anchors.row(text)}>${text}</tr>\n`
      },
      table({ header, rows }) {
        const head = this.tablerow({ text: header.map((cell) => this.tablecell(cell)).join('') })
        const body = rows.map((row) =>
          this.tablerow({ text: row.map((cell) => this.tablecell(cell)).join('') }),
        )
        return `<div class="wide" tabindex="0"><table><thead>${head}</thead><tbody>${body.join('')}</tbody></table></div>\n`
      },
      tablecell({ tokens, header, text }) {
        const name = header && text !== '' ? 'th' : 'td'
        return `<${name}>${this.parser.parseInline(tokens)}</${name}>`
      },
      // Other files of the folder are not served, so a link becomes plain text.
      link({ href, tokens }) {
        const inner = this.parser.parseInline(tokens)
        return /^(?:https:\/\/|#)/.test(href) ? `<a href="${escapeHtml(href)}">${inner}</a>` : inner
      },
      image: ({ text }) => escapeHtml(text),
    },
  })
  const body = marked.parse(markdown, { async: false })
  return documentHtml({
    title: 'Runbook · Tumen',
    body: `<header><p class="name"><a href="/">Tumen</a></p></header>\n<main class="text">\n${body}</main>`,
  })
}

/** Links a code to the section of that name if there is one, else to its row in the table. */
function createAnchors(markdown: string) {
  const sections = new Map(problemCodes.map((code) => [sectionOf(code), code]))
  const withSection = new Set(
    problemCodes.filter((code) => new RegExp(`^#+ ${sectionOf(code)}$`, 'im').test(markdown)),
  )
  const given = new Set<string>()
  const once = (id: string): string => {
    if (!given.has(id)) return (given.add(id), id)
    return once(`${id}-1`)
  }
  return {
    heading(text: string): { id: string; code: ProblemCode | undefined } {
      const slug = text
        .toLowerCase()
        .replace(/[^a-z0-9 _-]/g, '')
        .replaceAll(' ', '-')
      return { id: once(slug), code: sections.get(slug) }
    },
    row(html: string): string {
      const code = /^<td><code>([A-Z_]+)<\/code><\/td>/.exec(html.trim())?.[1] as
        | ProblemCode
        | undefined
      return code !== undefined &&
        problemCodes.includes(code) &&
        !withSection.has(code) &&
        !given.has(code)
        ? ` id="${once(code)}"`
        : ''
    },
  }
}

/** The anchor of a section: the alert's name, such as `TumenRedisUnreachable`, in lower case. */
function sectionOf(code: ProblemCode): string {
  return `tumen${code.toLowerCase().replaceAll('_', '')}`
}
