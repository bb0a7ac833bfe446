import { randomInt } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Half to one and a half times as long: what ops does by itself is no clock tick that tips could be
 * told from.
 */
export function jittered(ms: number): number {
  return Math.round(ms / 2) + randomInt(Math.max(1, Math.round(ms)))
}

/** @returns false when it was told to stop meanwhile. Does not keep the process alive. */
export async function wait(ms: number, signal: AbortSignal): Promise<boolean> {
  return await sleep(ms, true, { signal, ref: false }).catch(() => false)
}
