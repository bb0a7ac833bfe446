/**
 * A cache of values that are expensive to make. Beyond a maximum number it drops the oldest. Pages
 * are the most expensive response that a client can request.
 */
export class Memo<Value> {
  readonly #most: number
  readonly #made = new Map<string, Value>()

  constructor(most: number) {
    this.#most = most
  }

  get(key: string, make: () => Value): Value {
    const known = this.#made.get(key)
    if (known !== undefined) return known
    const value = make()
    const [oldest] = this.#made.keys()
    if (this.#made.size >= this.#most && oldest !== undefined) this.#made.delete(oldest)
    this.#made.set(key, value)
    return value
  }
}

const nobody = {}

/** One cache for each object that the values depend on, dropped together with that object. */
export class MemoByOwner<Value> {
  readonly #most: number
  readonly #memos = new WeakMap<object, Memo<Value>>()

  constructor(most: number) {
    this.#most = most
  }

  get(owner: object | null, key: string, make: () => Value): Value {
    const memo = this.#memos.get(owner ?? nobody) ?? new Memo<Value>(this.#most)
    this.#memos.set(owner ?? nobody, memo)
    return memo.get(key, make)
  }
}
