/**
 * Turns an exception of a library into null. Callers check all lengths first, so an exception means
 * a point of low order or a wrong tag.
 */
export function nullIfRefused<Result>(compute: () => Result): Result | null {
  try {
    return compute()
  } catch {
    return null
  }
}
