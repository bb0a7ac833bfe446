import { allFailures, testFailingCalls } from '../../durability/support/failing-calls.ts'

testFailingCalls(allFailures)
