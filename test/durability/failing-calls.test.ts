import { testFailingCalls } from './support/failing-calls.ts'

// A sample: `test/faults/long` runs every way of sending with every error.
testFailingCalls([
  ['a raw body', 'EIO'],
  ['an upload', 'ENOSPC'],
])
