import type { CliContext } from './context.ts'

const pollMs = 200

/**
 * Polls until the worker has nothing left to do of what was asked of it. It may take as long as it
 * needs: the wait ends only when nothing has changed for `patienceMs`.
 * @param left how much is left.
 * @returns how much is left in the end.
 */
export async function waitForWorker(
  context: CliContext,
  left: () => Promise<number>,
  patienceMs: number,
): Promise<number> {
  let least = Infinity
  let unchangedMs = 0
  for (;;) {
    const now = await left()
    unchangedMs = now < least ? 0 : unchangedMs + pollMs
    if (now === 0 || unchangedMs >= patienceMs) return now
    least = Math.min(least, now)
    await context.wait(pollMs)
  }
}
