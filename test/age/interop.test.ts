import { counts, kinds, sizes, testInterop } from './interop.ts'

// Every size with one recipient, and every number of recipients with two chunks. All combinations
// are tested in long/interop.test.ts.
testInterop(
  kinds.flatMap((kind) => [
    ...sizes.map((size) => ({ kind, count: 1, size })),
    ...counts.slice(1).map((count) => ({ kind, count, size: 64 * 1024 + 1 })),
  ]),
)
