import { readFileSync, writeFileSync } from 'node:fs'
import { settingsMarkdown } from '../../config/settings.ts'
import { httpApiYaml } from './http-api.ts'

const pathOf = (name: string): URL => new URL(`../../docs/${name}`, import.meta.url)

writeFileSync(pathOf('http-api.yaml'), httpApiYaml())

const table = /(?<=<!-- settings -->\n)[\s\S]*(?=<!-- \/settings -->)/
const settings = readFileSync(pathOf('settings.md'), 'utf8')
writeFileSync(
  pathOf('settings.md'),
  settings.replace(table, () => `${settingsMarkdown().trim()}\n`),
)
