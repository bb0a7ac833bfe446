import { type Heartbeat, heartbeatIntervalMs, heartbeatTtlMs } from '../queue/heartbeat.ts'

/** Longer than the pause between two heartbeats, so an emptied Redis makes nobody look missing. */
const rememberedMs = heartbeatIntervalMs + 1000

/** A killed process is in Redis for this long beside the one that replaces it, and no longer. */
const twinAfterMs = heartbeatTtlMs + rememberedMs

/** More processes than this are not ours. */
const maxInstances = 256

interface Seen {
  heartbeat: Heartbeat
  firstMs: number
  lastMs: number
}

export interface Presence {
  /** The processes that beat within the last seconds. Rejects when Redis does not answer. */
  heartbeats(): Promise<Heartbeat[]>
  /** How many processes of a role have run side by side for longer than any restart takes. */
  sideBySide(role: string): number
}

/**
 * Remembers the heartbeats of the last seconds. Called every few seconds, it bridges the moment
 * after `FLUSHALL` in which Redis has no heartbeat although every process lives.
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
