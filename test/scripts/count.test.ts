import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'

const report = {
  numPassedTests: 5, numFailedTests: 0, numPendingTests: 2, numTodoTests: 1, success: true,
  testResults: [{ status: 'passed', assertionResults: [{}] }],
}

const folder = mkdtempSync(join(tmpdir(), 'tumen-count-'))
afterAll(() => rmSync(folder, { recursive: true }))

function count(text: string): { line: string; status: number | null } {
  const path = join(folder, 'report.json')
  writeFileSync(path, text)
  const script = fileURLToPath(new URL('../../scripts/count.mjs', import.meta.url))
  const { stdout, status } = spawnSync(process.execPath, [script, path], { encoding: 'utf8' })
  return { line: stdout, status }
}

describe('count.mjs', () => {
  it('counts passed, failed and skipped', () => {
    expect(count(JSON.stringify(report))).toEqual({ line: '5 passed, 0 failed, 3 skipped\n', status: 0 })
  })

  it('counts a file that could not be loaded as a failure', () => {
    const broken = { ...report, success: false, testResults: [{ status: 'failed', assertionResults: [] }] }
    expect(count(JSON.stringify(broken))).toEqual({ line: '5 passed, 1 failed, 3 skipped\n', status: 1 })
  })

  it('fails when the run failed in another way, and without a report', () => {
    expect(count(JSON.stringify({ ...report, success: false })).status).toBe(1)
    expect(count('')).toEqual({ line: '0 passed, 1 failed, 0 skipped\n', status: 1 })
  })
})
