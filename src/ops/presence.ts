import { type Heartbeat, heartbeatIntervalMs, heartbeatTtlMs } from '../queue/heartbeat.ts'

/**
 * Longer than the interval between two heartbeats, so that no process seems missing after Redis was
 * emptied.
 */
const rememberedMs = heartbeatIntervalMs + 1000

/**
 * For at most this long, Redis has the heartbeat of a killed process next to that of its
 * replacement.
 */
const twinAfterMs = heartbeatTtlMs + rememberedMs

/** More instances than this cannot be ours. */
const maxInstances = 256

interface Seen {
  heartbeat: Heartbeat
  firstMs: number
  lastMs: number
}

export interface Presence {
  /**
   * The processes that sent a heartbeat within the last seconds. Rejects when Redis does not
   * answer.
   */
  heartbeats(): Promise<Heartbeat[]>
  /** How many processes of a role have run at the same time for longer than a restart takes. */
  sideBySide(role: string): number
}

/**
 * Remembers the heartbeats of the last seconds. If it is called every few seconds, no process seems
 * missing in the moment after `FLUSHALL` in which Redis has no heartbeats.
 */
export function createPresence(options: {
  read: () => Promise<Heartbeat[]>
  monotonicMs: () => number
}): Presence {
  const seen = new Map<string, Seen>()
  const keyOf = ({ role, instance }: Heartbeat): string => `${role}:${instance}`
  return {
    async heartbeats() {
      const present = await options.read()
      const now = options.monotonicMs()
      for (const heartbeat of present.slice(0, maxInstances)) {
        const firstMs = seen.get(keyOf(heartbeat))?.firstMs ?? now
        seen.set(keyOf(heartbeat), { heartbeat, firstMs, lastMs: now })
      }
      for (const [key, { lastMs }] of seen) if (now - lastMs > rememberedMs) seen.delete(key)
      return [...seen.values()].map(({ heartbeat }) => heartbeat)
    },
    sideBySide(role) {
      return [...seen.values()].filter(
        ({ heartbeat, firstMs, lastMs }) =>
          heartbeat.role === role && !heartbeat.draining && lastMs - firstMs >= twinAfterMs,
      ).length
    },
  }
}
