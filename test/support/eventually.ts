import { vi } from 'vitest'

/**
 * Waits until `check` no longer throws, as long as a test may take: on a busy machine everything is
 * slow. The limit is a little lower than a test's own, so that the failed expectation is printed.
 *
 * @param check must contain an `expect`: a boolean that it returns would not be looked at, so its
 *   type excludes one
 * @param interval in milliseconds
 */
export const eventually = <Result extends void | null | string | number | object>(
  check: () => Result | Promise<Result>,
  { interval = 50 } = {},
): Promise<Result> => vi.waitFor(check, { timeout: 80_000, interval })
