/**
 * Prints the counts of vitest's JSON reports as one line; status 1 when one is missing, or has a
 * failure.
 */
import { readFileSync } from 'node:fs'

/**
 * Skipped are also tests marked as to do. A file that could not be loaded has no
 * tests to count, and is one failure.
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
      // A run that did not succeed for a reason of its own is a failure too.
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
