/**
 * Prints the total counts of vitest's JSON reports as one line. Exits with status 1 when a report
 * is missing or contains a failure.
 */
import { readFileSync } from 'node:fs'

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

const paths = process.argv.slice(2)
const counts = (paths.length > 0 ? paths : ['']).map(countTests)
/** @param {'passed' | 'failed' | 'skipped'} key */
const sumOf = (key) => counts.reduce((sum, count) => sum + count[key], 0)

console.log(`${sumOf('passed')} passed, ${sumOf('failed')} failed, ${sumOf('skipped')} skipped`)
process.exitCode = sumOf('failed') === 0 ? 0 : 1
