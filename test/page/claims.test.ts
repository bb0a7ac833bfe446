import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { demoOrganisation } from '../../src/keyring/demo-organisation.ts'
import { textsOf } from '../../src/page/all-texts.ts'
import { type Language, LANGUAGES } from '../../src/page/languages.ts'
import { avoided, type Tree } from './complaints.ts'

const languages = ['en', 'ko', 'zh', 'ru', 'ug', 'bo'] as const
const groups = [
  'frame',
  'safety',
  'receipt',
  'receipts',
  'form',
  'organisation',
  'warning',
] as const

interface Claim {
  claim: string
  paths: readonly string[]
  words: Readonly<Record<Language, string>>
}

function readClaims(): Claim[] {
  const document = readFileSync('docs/languages.md', 'utf8')
  const table = /<!-- claims -->\n([\s\S]*?)<!-- \/claims -->/.exec(document)?.[1] ?? ''
  const rows = table.trim().split('\n').slice(2)
  return rows.map((row) => {
    const [, claim = '', path = '', ...cells] = row.split('|').map((cell) => cell.trim())
    const words = Object.fromEntries(languages.map((language, index) => [language, cells[index]]))
    return { claim, paths: path.replaceAll('`', '').split(', '), words: words as Claim['words'] }
  })
}

/** Every text of these groups by its path; groups that the language borrows are left out. */
function leavesOf(language: Language): Map<string, string> {
  const texts = textsOf(language)
  const leaves = new Map<string, string>()
  const walk = (path: string, tree: Tree): void => {
    if (typeof tree === 'string') leaves.set(path, tree)
    else for (const [key, part] of Object.entries(tree)) walk(`${path}.${key}`, part as Tree)
  }
  for (const group of groups)
    if (texts.foreign[group] === undefined) walk(group, texts[group] as unknown as Tree)
  return leaves
}

const claims = readClaims()

describe('the table of claims', () => {
  it('has a row for everything that a source is promised', () => {
    expect(claims.length).toBeGreaterThanOrEqual(11)
    for (const topic of [
      'storage',
      'open',
      'reads',
      'contact',
      'receipt',
      'next',
      'deletion',
      'consent',
    ])
      expect(
        claims.some(({ claim }) => claim.includes(topic)),
        topic,
      ).toBe(true)
  })

  it('covers every language', () => {
    expect([...languages].sort()).toEqual([...LANGUAGES].sort())
  })

  describe.each(languages)('in %s', (language) => {
    const leaves = leavesOf(language)
    it.each(claims.map((claim) => [claim.claim, claim] as const))(
      '"%s" is made once',
      (_name, claim) => {
        const words = claim.words[language]
        const own = claim.paths.filter((path) => leaves.has(path))
        if (words === '–') return expect(own).toEqual([])
        expect(words).not.toBe('')
        const places = [...leaves].flatMap(([path, text]) => (text.includes(words) ? [path] : []))
        expect(own.length).toBeGreaterThan(0)
        expect(places.sort()).toEqual(own.sort())
      },
    )
  })
})

describe('words to avoid', () => {
  it.each(Object.entries(avoided))("in %s are not in the demo's own words", (language, words) => {
    const said = JSON.stringify(demoOrganisation.languages[language as Language] ?? {})
    expect(words.filter((word) => said.toLowerCase().includes(word))).toEqual([])
  })

  it('are not in the file that is saved to seal offline', () => {
    const document = readFileSync('src/page/offline/document.ts', 'utf8')
    const shown = /const WITHOUT_SCRIPT = ([\s\S]*?)as const/.exec(document)?.[1] ?? ''
    expect(shown).toContain('zh-Hans')
    const said = Object.values(avoided).flatMap((words) =>
      words.filter((word) => shown.toLowerCase().includes(word)),
    )
    expect(said).toEqual([])
  })
})
