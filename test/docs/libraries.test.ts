import { expect, it } from 'vitest'
import { readText } from './documents.ts'

it('docs/libraries.md names every direct dependency once, and no other package', () => {
  const { dependencies, devDependencies, optionalDependencies } = JSON.parse(
    readText('package.json'),
  ) as Record<string, Record<string, string>>
  const rows = readText('docs/libraries.md').matchAll(/^\| (`.*?) \| (.+) \|$/gm)
  const named = [...rows].flatMap(([, cell = '']) =>
    [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name),
  )
  expect(named.toSorted()).toEqual(
    Object.keys({ ...dependencies, ...devDependencies, ...optionalDependencies }).toSorted(),
  )
})
