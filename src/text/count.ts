/**
 * A number with its noun in the right form: `1 envelope`, `1,200 envelopes`. The forms may include
 * the verb: `count(n, 'tip waits', 'tips wait')`.
 */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number.toLocaleString('en')} ${number === 1 ? one : many}`
}
