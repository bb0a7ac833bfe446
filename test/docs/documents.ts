import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Token, Tokens } from 'marked'
import { lexer, walkTokens } from 'marked'

export const root = fileURLToPath(new URL('../..', import.meta.url))

/** Whether a folder holds no document of ours, or none that is in git. */
const isForeign = (name: string): boolean =>
  ['node_modules', '.git', 'dist', 'var', 'artefacts'].includes(name)

/** Every Markdown document of the repository, as a path below its root. */
export function markdownPaths(dir = root): string[] {
  return readdirSync(dir, { withFileTypes: true }).flatMap((entry) => {
    const path = join(dir, entry.name)
    if (entry.isDirectory()) return isForeign(entry.name) ? [] : markdownPaths(path)
    return entry.name.endsWith('.md') ? [relative(root, path)] : []
  })
}

export const readText = (path: string): string => readFileSync(join(root, path), 'utf8')

/** The targets of all links and pictures in a Markdown text. */
export function targetsIn(markdown: string): string[] {
  const targets: string[] = []
  const collect = (token: Token): void => {
    if (token.type === 'link' || token.type === 'image')
      targets.push((token as Tokens.Link | Tokens.Image).href)
  }
  void walkTokens(lexer(markdown), collect)
  return targets
}

/** The fragments that GitHub gives to the headings of a Markdown text. */
export function anchorsIn(markdown: string): Set<string> {
  const anchors = new Set<string>()
  const headings = lexer(markdown).filter((token) => token.type === 'heading') as Tokens.Heading[]
  for (const { tokens } of headings) {
    const base = plainText(tokens)
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}_ -]/gu, '')
      .replaceAll(' ', '-')
    let anchor = base
    for (let count = 1; anchors.has(anchor); count += 1) anchor = `${base}-${count}`
    anchors.add(anchor)
  }
  return anchors
}

function plainText(tokens: readonly Token[]): string {
  return tokens
    .map((token) =>
      'tokens' in token && token.tokens !== undefined
        ? plainText(token.tokens)
        : 'text' in token
          ? String(token.text)
          : token.raw,
    )
    .join('')
}
