/**
 * Prints which tests failed in vitest's JSON reports, with the first lines of each error, and the
 * total counts as the last line. Exits with status 1 when a report is missing or contains a
 * failure.
 */
import { readFileSync } from 'node:fs'
import { relative } from 'node:path'

/** Lines of an error that are printed: the message and where it was thrown. */
const errorLines = 6

/**
 * Tests marked `todo` count as skipped. A test file that could not be loaded has no tests to count
 * and is one failure.
 * @param {string} path
 */
function countTests(path) {
  try {
    const report = JSON.parse(readFileSync(path, 'utf8'))
    const broken = report.testResults.filter(
      (file) => file.status === 'failed' && file.assertionResults.length === 0,
    )
    const failed = report.numFailedTests + broken.length
    for (const file of report.testResults) printFailures(file)
    return {
      passed: report.numPassedTests,
      // The run can also fail outside any test, for example by an unhandled rejection.
      failed: failed === 0 && report.success !== true ? 1 : failed,
      skipped: report.numPendingTests + report.numTodoTests,
    }
  } catch {
    return { passed: 0, failed: 1, skipped: 0 }
  }
}

/**
 * Long runs print much, so the failures are repeated where they are read first: at the end.
 * @param {{ name?: string, status: string, message?: string, assertionResults:
 *   { fullName: string, status: string, failureMessages?: string[] }[] }} file
 */
function printFailures({ name = '', status, message = '', assertionResults }) {
  const path = relative(process.cwd(), name)
  if (status === 'failed' && assertionResults.length === 0) printFailure(path, message)
  for (const { fullName, status: result, failureMessages } of assertionResults)
    if (result === 'failed') printFailure(`${path}: ${fullName}`, failureMessages?.[0] ?? '')
}

/** @param {string} title @param {string} error */
function printFailure(title, error) {
  console.log(`failed: ${title}`)
  for (const line of error.split('\n').slice(0, errorLines)) console.log(`    ${line}`)
}

const paths = process.argv.slice(2)
const counts = (paths.length > 0 ? paths : ['']).map(countTests)
/** @param {'passed' | 'failed' | 'skipped'} key */
const sumOf = (key) => counts.reduce((sum, count) => sum + count[key], 0)

console.log(`${sumOf('passed')} passed, ${sumOf('failed')} failed, ${sumOf('skipped')} skipped`)
process.exitCode = sumOf('failed') === 0 ? 0 : 1
