/**
 * Yields an item that was already taken from a stream, and then the rest of the stream. Closes the
 * stream if the reader stops early.
 */
export async function* resume<Item>(first: Item, rest: AsyncIterator<Item>): AsyncGenerator<Item> {
  try {
    yield first
    for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value
  } finally {
    await rest.return?.()
  }
}
