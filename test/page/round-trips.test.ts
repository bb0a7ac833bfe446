import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const folder = 'dist/page/assets'
const code = new Map(
  readdirSync(folder)
    .filter((name) => name.endsWith('.js') && name !== 'offline.js')
    .map((name) => [name, readFileSync(`${folder}/${name}`, 'utf8')]),
)

const named = (text: string, pattern: RegExp): string[] =>
  [...text.matchAll(pattern)].map(([, name = '']) => name)

/** A file and all that it imports, at any depth. */
function withImports(start: string): Set<string> {
  const names = new Set([start])
  for (const each of names)
    for (const name of named(code.get(each) ?? '', /(?:from|import)\s?["'`]\.\/([\w.-]+)["'`]/g))
      names.add(name)
  return names
}

/** The files that are lazily loaded at the same time, the wanted one first. */
function lazyLoads(text: string): string[][] {
  const each = /import\(["'`]\.\/([\w.-]+)["'`]\)/g
  const together = /(?:import\(["'`]\.\/[\w.-]+["'`]\),?)+/g
  return [...text.matchAll(together)].map(([group]) => named(group, each))
}

describe('the built page', () => {
  it.each([...code.keys()])('waits one round trip for each file that %s loads', (name) => {
    const loaded = withImports(name)
    const missing = lazyLoads(code.get(name) ?? '').flatMap(([lazy = '', ...beside]) =>
      [...withImports(lazy)].filter(
        (other) => other !== lazy && !loaded.has(other) && !beside.includes(other),
      ),
    )
    expect(missing).toEqual([])
  })

  it.each(['start', 'worker', 'chunk-worker'])('starts %s without waiting for imports', (name) => {
    expect([...withImports(fileOf(name))]).toEqual([fileOf(name)])
  })

  it('starts app with nothing but the file that the page requests before it', () => {
    expect([...withImports('app.js')]).toEqual(['app.js', 'start.js'])
  })
})

const fileOf = (name: string): string =>
  [...code.keys()].find((file) => new RegExp(`^${name}[.-]`).test(file)) ?? ''
