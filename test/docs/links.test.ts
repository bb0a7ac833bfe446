import { existsSync, readdirSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { describe, expect, it } from 'vitest'
import { anchorsIn, markdownPaths, readText, root, targetsIn } from './documents.ts'

/** Relative links of `markdown` whose file or heading does not exist. */
function brokenLinks(path: string, markdown: string): string[] {
  return targetsIn(markdown).filter((target) => {
    if (/^[a-z]+:/.test(target)) return false
    const [file = '', anchor] = target.split('#')
    const found = file === '' ? path : normalize(join(dirname(path), decodeURI(file)))
    if (found.startsWith('..') || !existsSync(join(root, found))) return true
    if (anchor === undefined || !found.endsWith('.md')) return false
    const text = found === path ? markdown : readText(found)
    return !anchorsIn(text).has(decodeURI(anchor))
  })
}

describe('the documents', () => {
  const paths = markdownPaths()

  it('include those that people start from', () => {
    expect(paths).toEqual(
      expect.arrayContaining(['README.md', 'SECURITY.md', 'docs/operations.md', 'keys/README.md']),
    )
  })

  it.each(paths)('%s: every relative link leads to a file and a heading that exist', (path) => {
    expect(brokenLinks(path, readText(path))).toEqual([])
  })
})

describe('brokenLinks', () => {
  it.each([
    ['[x](NOTHING.md)', ['NOTHING.md']],
    ['[x](SECURITY.md#no-such-heading)', ['SECURITY.md#no-such-heading']],
    ['![x](docs/pictures/none.png)', ['docs/pictures/none.png']],
    ['[x](../README.md)', ['../README.md']],
    ['[x](#here)', ['#here']],
    ['# Here\n[x](#here) [y](https://example.org) [z](LICENSE)', []],
    ['# A `code`, and *more*!\n[x](#a-code-and-more)', []],
    ['# Twice\n# Twice\n[x](#twice-1) [y](#twice-2)', ['#twice-2']],
  ])('finds in %j: %j', (markdown, expected) => {
    expect(brokenLinks('README.md', markdown)).toEqual(expected)
  })
})

it('code and documents cite no design note that the repository does not have', () => {
  const folders = ['bench', 'bin', 'config', 'docs', 'keys', 'scripts', 'src', 'test', 'workers']
  const files = folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(?:ts|mjs|md|yml|yaml|sh|css)$/.test(name))
      .map((name) => join(folder, name)),
  )
  const citing = files.filter((path) =>
    /\b(?:DESIGN|QUEUE|DOMAIN|STYLE|WORDS|MOVES|ENGINES|CONTAINERS)(?:\.md| §)/.test(
      readText(path),
    ),
  )
  expect(files).toContain('src/desk/triage/triage.ts')
  expect(citing).toEqual([])
})
