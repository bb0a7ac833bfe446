import { counts, kinds, sizes, testInterop } from '../interop.ts'

testInterop(
  kinds.flatMap((kind) => counts.flatMap((count) => sizes.map((size) => ({ kind, count, size })))),
)
