/**
 * What a library throws for becomes null. Callers check lengths first, so that is a point of low
 * order or a wrong tag.
 */
export function nullIfRefused<Result>(compute: () => Result): Result | null {
  try {
    return compute()
  } catch {
    return null
  }
}
