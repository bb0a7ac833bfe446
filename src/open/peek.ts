import { concat } from '../age/bytes.ts'
import { resume } from '../age/resume.ts'

/** Returns the first bytes of a stream, and a stream that still starts with them. */
export async function peek(
  source: AsyncIterable<Uint8Array>,
  bytes: number,
): Promise<{ head: Uint8Array; whole: AsyncGenerator<Uint8Array> }> {
  const rest = source[Symbol.asyncIterator]()
  let head: Uint8Array = new Uint8Array(0)
  while (head.length < bytes) {
    const next = await rest.next()
    if (next.done) break
    // Copied, because the source may reuse its memory.
    head = concat(head, next.value)
  }
  return { head: head.subarray(0, bytes), whole: resume(head, rest) }
}
