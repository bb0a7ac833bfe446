import { randomInt } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'

/**
 * A random time between half and one and a half times `ms`, so that the actions of ops follow no
 * regular beat from which tips could be distinguished.
 */
export function jittered(ms: number): number {
  return Math.round(ms / 2) + randomInt(Math.max(1, Math.round(ms)))
}

/** @returns false when the signal was aborted meanwhile. Does not keep the process alive. */
export async function wait(ms: number, signal: AbortSignal): Promise<boolean> {
  return await sleep(ms, true, { signal, ref: false }).catch(() => false)
}
