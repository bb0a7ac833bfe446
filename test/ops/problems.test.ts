import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { problemsMarkdown } from '../../src/ops/problems.ts'

describe('problemsMarkdown', () => {
  it('is what docs/operations.md shows', () => {
    const shown = /<!-- problems -->\n([\s\S]*?)<!-- \/problems -->/.exec(
      readFileSync('docs/operations.md', 'utf8'),
    )?.[1]
    expect(shown?.trim()).toBe(problemsMarkdown())
  })
})
