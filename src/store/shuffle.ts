import { randomInt } from 'node:crypto'

/** Fisher and Yates' shuffle: every order is equally likely. */
export function shuffle<T>(items: readonly T[]): T[] {
  const rest = [...items]
  const order: T[] = []
  while (rest.length > 0) {
    const at = randomInt(rest.length)
    const last = rest.length - 1
    const [chosen, moved] = [rest[at], rest[last]]
    if (chosen === undefined || moved === undefined) break
    order.push(chosen)
    rest[at] = moved
    rest.pop()
  }
  return order
}
