/**
 * What was taken from a stream to look at it, and then the rest. Closes the stream when the reader
 * leaves.
 */
export async function* resume<Item>(first: Item, rest: AsyncIterator<Item>): AsyncGenerator<Item> {
  try {
    yield first
    for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value
  } finally {
    await rest.return?.()
  }
}
