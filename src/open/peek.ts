import { concat } from '../age/bytes.ts'

/** Looks at the first bytes of a stream without taking them out of it. */
export async function peek(
  source: AsyncIterable<Uint8Array>,
  bytes: number,
): Promise<{ head: Uint8Array; whole: AsyncGenerator<Uint8Array> }> {
  const rest = source[Symbol.asyncIterator]()
  let head: Uint8Array = new Uint8Array(0)
  while (head.length < bytes) {
    const next = await rest.next()
    if (next.done) break
    // A copy: the source may use its memory again.
    head = concat(head, next.value)
  }
  return { head: head.subarray(0, bytes), whole: resume(head, rest) }
}

async function* resume(head: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    if (head.length > 0) yield head
    for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value
  } finally {
    await rest.return?.()
  }
}
