import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'

const report = {
  numPassedTests: 5,
  numFailedTests: 0,
  numPendingTests: 2,
  numTodoTests: 1,
  success: true,
  testResults: [{ status: 'passed', assertionResults: [{}] }],
}

const folder = mkdtempSync(join(tmpdir(), 'tumen-count-'))
afterAll(() => rmSync(folder, { recursive: true }))

function count(...texts: string[]): { line: string; status: number | null } {
  const paths = texts.map((_, index) => join(folder, `report-${index}.json`))
  texts.forEach((text, index) => writeFileSync(paths[index] ?? '', text))
  const script = fileURLToPath(new URL('../../scripts/count.mjs', import.meta.url))
  const { stdout, status } = spawnSync(process.execPath, [script, ...paths], { encoding: 'utf8' })
  return { line: stdout, status }
}

describe('count.mjs', () => {
  it('counts passed, failed and skipped', () => {
    expect(count(JSON.stringify(report))).toEqual({
      line: '5 passed, 0 failed, 3 skipped\n',
      status: 0,
    })
  })

  it('sums several reports, one of which is missing', () => {
    expect(count(JSON.stringify(report), JSON.stringify(report))).toEqual({
      line: '10 passed, 0 failed, 6 skipped\n',
      status: 0,
    })
    expect(count(JSON.stringify(report), '')).toEqual({
      line: '5 passed, 1 failed, 3 skipped\n',
      status: 1,
    })
  })

  it('counts a file that could not be loaded as a failure', () => {
    const broken = {
      ...report,
      success: false,
      testResults: [{ status: 'failed', assertionResults: [] }],
    }
    expect(count(JSON.stringify(broken))).toEqual({
      line: '5 passed, 1 failed, 3 skipped\n',
      status: 1,
    })
  })

  it('fails when the run failed in another way, and without a report', () => {
    expect(count(JSON.stringify({ ...report, success: false }))).toEqual({
      line: '5 passed, 1 failed, 3 skipped\n',
      status: 1,
    })
    expect(count('')).toEqual({ line: '0 passed, 1 failed, 0 skipped\n', status: 1 })
  })
})
