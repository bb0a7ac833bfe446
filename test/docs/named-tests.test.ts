import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { markdownPaths, readText, root } from './documents.ts'

/** A part of a path that a reader replaces. */
const placeholder = /\b(?:GROUP|NAME|XX)\b/

/** Every path of a test or a source file that a document names in code font. */
function namedPaths(markdown: string): string[] {
  const found = markdown.matchAll(/`((?:test|src|workers|config|scripts|bench)\/[\w./-]+)`/g)
  return [...found].map(([, path = '']) => path).filter((path) => !placeholder.test(path))
}

describe('the tests and sources that documents name', () => {
  it.each(markdownPaths().filter((path) => path !== 'CHANGELOG.md'))('exist: %s', (path) => {
    expect(namedPaths(readText(path)).filter((name) => !existsSync(join(root, name)))).toEqual([])
  })

  it('are there for each promise of SECURITY.md and each threat', () => {
    const promises = readText('SECURITY.md').split('## What we promise')[1]?.split('\n## ')[0] ?? ''
    const each = promises.split(/^\d\. /m).slice(1)
    expect(each.length).toBe(3)
    // The third promise refers to the threat model, which names the tests of its parts.
    for (const promise of each.slice(0, 2)) expect(promise).toMatch(/`test\//)
    const threats = readText('docs/threat-model.md').split('## What defends what')[1] ?? ''
    const rows = [...threats.matchAll(/^\| (?!threat|---)(.*) \|$/gm)].map(([, row = '']) => row)
    const defended = rows.slice(
      0,
      rows.findIndex((row) => row.startsWith('what is short')),
    )
    expect(defended.length).toBeGreaterThan(15)
    for (const row of defended) expect(row.split(' | ').at(-1)).toMatch(/^`test\//)
  })
})
