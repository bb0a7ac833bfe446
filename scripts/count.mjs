/** Prints the counts of a vitest JSON report as one line; status 1 when there is none, or a failure. */
import { readFileSync } from 'node:fs'

/**
 * Skipped are also tests marked as to do. A file that could not be loaded has no
 * tests to count, and is one failure.
 * @param {string} text
 */
function countTests(text) {
  const report = JSON.parse(text)
  const broken = report.testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0)
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + broken.length,
    skipped: report.numPendingTests + report.numTodoTests,
    isSuccess: report.success === true,
  }
}

try {
  const { passed, failed, skipped, isSuccess } = countTests(readFileSync(process.argv[2] ?? '', 'utf8'))
  console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`)
  process.exitCode = isSuccess && failed === 0 ? 0 : 1
} catch {
  console.log('0 passed, 1 failed, 0 skipped')
  process.exitCode = 1
}
