import { readFileSync, writeFileSync } from 'node:fs'
import { settingsMarkdown } from '../../config/settings.ts'
import { alertsMarkdown } from '../../src/ops/alerts.ts'
import { problemsMarkdown } from '../../src/ops/problems.ts'
import { httpApiYaml } from './http-api.ts'
import { searchCode } from './search-code.ts'

const pathOf = (name: string): URL => new URL(`../../docs/${name}`, import.meta.url)

writeFileSync(pathOf('http-api.yaml'), httpApiYaml())

/** Replaces the part of a document between `<!-- name -->` and `<!-- /name -->`. */
function replacePart(document: string, name: string, text: string): void {
  const part = new RegExp(`(?<=<!-- ${name} -->\\n)[\\s\\S]*(?=<!-- /${name} -->)`)
  const before = readFileSync(pathOf(document), 'utf8')
  writeFileSync(
    pathOf(document),
    before.replace(part, () => `${text.trim()}\n`),
  )
}

replacePart('settings.md', 'settings', settingsMarkdown())
replacePart('operations.md', 'problems', problemsMarkdown())
replacePart('operations.md', 'alerts', alertsMarkdown())

writeFileSync(new URL('../../src/desk/site/search-code.ts', import.meta.url), await searchCode())
