import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'

const root = join(import.meta.dirname, '../..')
const read = (path: string): string => readFileSync(join(root, path), 'utf8')

const { jobs } = parse(read('.github/workflows/ci.yml')) as {
  jobs: Record<string, { steps: { uses?: string; run?: string }[] }>
}
const steps = Object.values(jobs).flatMap((job) => job.steps)

describe('the workflow of CI', () => {
  it('names each action by the digest of a commit, which cannot be moved like a tag', () => {
    const actions = steps.flatMap(({ uses }) => uses ?? [])
    expect(actions.length).toBeGreaterThan(2)
    expect(actions.filter((action) => !/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/.test(action))).toEqual([])
  })

  it('runs only scripts that package.json has', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }
    const called = steps.flatMap(({ run = '' }) =>
      [...run.matchAll(/npm (?:run ([a-z:]+)|(test))/g)].map(([, name, test]) => name ?? test),
    )
    expect(new Set(called)).toContain('lint')
    expect(called.filter((name = '') => !(name in scripts))).toEqual([])
  })
})

describe('the template of an issue', () => {
  it('has no relative link, which would lead elsewhere on the page of an issue', () => {
    for (const name of ['bug', 'idea'])
      expect(read(`.github/ISSUE_TEMPLATE/${name}.md`)).not.toMatch(/\]\((?!https:)/)
  })
})
