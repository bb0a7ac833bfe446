import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { badgesOf } from '../../scripts/pictures/badges.ts'
import { readText, root } from './documents.ts'

const folder = join(root, 'docs', 'pictures')

it('the badges say what package.json says', () => {
  const manifest = JSON.parse(readText('package.json')) as Parameters<typeof badgesOf>[0]
  for (const [name, svg] of Object.entries(badgesOf(manifest)))
    expect([name, readText(`docs/pictures/${name}`)]).toEqual([name, svg])
})

it('the pictures weigh less than 300 kB together', () => {
  const sizes = readdirSync(folder).map((name) => statSync(join(folder, name)).size)
  expect(sizes.length).toBeGreaterThanOrEqual(6)
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(300_000)
})
