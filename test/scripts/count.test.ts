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
  const { output, status } = runCount(...texts)
  return { line: output.split(/(?<=\n)/u).at(-1) ?? '', status }
}

function runCount(...texts: string[]): { output: string; status: number | null } {
  const paths = texts.map((_, index) => join(folder, `report-${index}.json`))
  texts.forEach((text, index) => writeFileSync(paths[index] ?? '', text))
  const script = fileURLToPath(new URL('../../scripts/count.mjs', import.meta.url))
  const { stdout, status } = spawnSync(process.execPath, [script, ...paths], { encoding: 'utf8' })
  return { output: stdout, status }
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

  it('prints each failed test with its error before the counts', () => {
    const name = join(process.cwd(), 'test', 'a.test.ts')
    const failed = {
      ...report,
      numFailedTests: 1,
      success: false,
      testResults: [
        {
          name,
          status: 'failed',
          assertionResults: [
            {
              fullName: 'a tip is kept',
              status: 'failed',
              failureMessages: ['it is gone\n  at 1'],
            },
            { fullName: 'a tip is sealed', status: 'passed', failureMessages: [] },
          ],
        },
        { name, status: 'failed', message: 'cannot load', assertionResults: [] },
      ],
    }
    expect(runCount(JSON.stringify(failed)).output).toBe(
      [
        `failed: ${join('test', 'a.test.ts')}: a tip is kept`,
        '    it is gone',
        '      at 1',
        `failed: ${join('test', 'a.test.ts')}`,
        '    cannot load',
        '5 passed, 2 failed, 3 skipped',
        '',
      ].join('\n'),
    )
  })

  it('fails when the run failed in another way, and without a report', () => {
    expect(count(JSON.stringify({ ...report, success: false }))).toEqual({
      line: '5 passed, 1 failed, 3 skipped\n',
      status: 1,
    })
    expect(count('')).toEqual({ line: '0 passed, 1 failed, 0 skipped\n', status: 1 })
  })
})
