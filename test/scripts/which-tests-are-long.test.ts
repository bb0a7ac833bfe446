import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { longTests } from '../../scripts/long-tests.mjs'

const root = join(import.meta.dirname, '../..')
const folders = longTests.map(([folder]) => folder).sort()

const testFiles = readdirSync(join(root, 'test'), { recursive: true })
  .map((path) => join('test', String(path)))
  .filter((path) => path.endsWith('.test.ts'))

interface Job {
  strategy?: { matrix: { folder: string[] } }
  steps: { uses?: string; run?: string }[]
}

const workflow = parse(readFileSync(join(root, '.github/workflows/ci.yml'), 'utf8')) as {
  jobs: Record<string, Job>
}

describe('the folders of long tests', () => {
  it('hold tests', () => {
    const empty = folders.filter(
      (folder) => !testFiles.some((path) => path.startsWith(`${folder}/`)),
    )
    expect(empty).toEqual([])
  })

  it('are all folders with the name long, so that npm test never runs one by accident', () => {
    const named = testFiles.map((path) => dirname(path)).filter((path) => path.endsWith('/long'))
    expect([...new Set(named)].filter((path) => !folders.includes(path))).toEqual([])
  })

  it('run every night, except the fresh host, which has a job of its own', () => {
    const matrix = workflow.jobs.long?.strategy?.matrix.folder ?? []
    const own = workflow.jobs['fresh-host']?.steps.filter(({ run }) =>
      run?.includes('npm test -- --long test/fresh-host'),
    )
    expect(own).toHaveLength(1)
    expect([...matrix, 'test/fresh-host'].sort()).toEqual(folders)
  })

  it('contain each folder that CI runs', () => {
    const script = readFileSync(join(root, '.ci/run'), 'utf8')
    const lists = [...script.matchAll(/^(?:alone|browser|long)=\(([^)]*)\)/gm)]
    const inCi = lists.flatMap(([, list = '']) => list.trim().split(/\s+/))
    expect(lists).toHaveLength(3)
    expect(inCi.length).toBeGreaterThan(5)
    expect(inCi.filter((folder) => !folders.includes(folder))).toEqual([])
  })

  it('are refused by name if they are none, instead of running all', () => {
    const args = ['scripts/test.mjs', '--long', 'test/attack', 'test/tip/consent.test.ts']
    const { status, stderr } = spawnSync('node', args, { cwd: root, encoding: 'utf8' })
    expect(stderr).toContain('test/tip/consent.test.ts is in no folder of long tests')
    expect(status).toBe(1)
  })
})
