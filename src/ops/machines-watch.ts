import type { Heartbeat } from '../queue/heartbeat.ts'
import type { Clock } from '../time/clock.ts'
import { stepStart } from '../time/steps.ts'

/** What ops knows of the machines that share a store. */
export interface Machines {
  /** The workers that do the work for all machines, and the step since which each does. */
  chiefs: { instance: string; since: Date }[]
  /** Where each worker's ledger ended on its last whole day. */
  chains: { instance: string; day: string; head: string }[]
  /** Whether no worker, or more than one, has done it for a while; null while this is unknown. */
  trouble: 'nobody' | 'several' | null
  /** Processes that disappeared without signing off and have not come back. */
  missing: number
}

/** Longer than another worker needs to take the lease over. */
export const choresPatienceMs = 150_000

/** Longer than the supervisor needs to start a process again. */
export const missingAfterMs = 60_000

/** A machine that was taken away on purpose is not reported for longer than this. */
const rememberedMs = 24 * 60 * 60_000

/** A process is reported as missing only if it had run for at least this long. */
const establishedMs = 30_000

/** Names become labels and rows, and anybody who may write to Redis chooses them. */
const ourName = /^worker-[0-9a-f]{8}$/

interface Known {
  heartbeat: Heartbeat
  firstMs: number
  /** Whether it counts as the replacement of one that was lost. */
  isReplacement: boolean
}

/**
 * Follows the heartbeats of all machines. To be called every few seconds with those that are there;
 * while Redis does not answer it is not called, and nothing changes.
 */
export function createMachinesWatch(options: {
  clock: Clock
  stepMinutes: number
  monotonicMs: () => number
}): { look(heartbeats: readonly Heartbeat[]): void; state(): Machines } {
  const { clock, stepMinutes, monotonicMs } = options
  const known = new Map<string, Known>()
  const since = new Map<string, Date>()
  let lost: { role: string; atMs: number }[] = []
  let odd: { kind: 'nobody' | 'several'; sinceMs: number } | null = null
  let state: Machines = { chiefs: [], chains: [], trouble: null, missing: 0 }

  /** A process that starts again is there before the heartbeat of its predecessor is gone. */
  const isReplaced = ({ role }: Heartbeat): boolean => {
    const replacement = [...known.values()].find(
      (one) =>
        one.heartbeat.role === role &&
        !one.isReplacement &&
        monotonicMs() - one.firstMs < establishedMs,
    )
    if (replacement !== undefined) replacement.isReplacement = true
    return replacement !== undefined
  }

  const lose = (key: string, { heartbeat, firstMs }: Known): void => {
    known.delete(key)
    const isEstablished = monotonicMs() - firstMs >= establishedMs
    if (heartbeat.draining || !isEstablished || isReplaced(heartbeat)) return
    lost.push({ role: heartbeat.role, atMs: monotonicMs() })
  }

  const find = (key: string, heartbeat: Heartbeat): void => {
    const before = known.get(key)
    const at = before === undefined ? lost.findLastIndex(({ role }) => role === heartbeat.role) : -1
    if (at !== -1) lost.splice(at, 1)
    known.set(key, {
      heartbeat,
      firstMs: before?.firstMs ?? monotonicMs(),
      isReplacement: before?.isReplacement ?? at !== -1,
    })
  }

  const follow = (heartbeats: readonly Heartbeat[]): void => {
    const present = new Map(heartbeats.map((one) => [`${one.role}:${one.instance}`, one]))
    for (const [key, heartbeat] of present) find(key, heartbeat)
    for (const [key, one] of known) if (!present.has(key)) lose(key, one)
    lost = lost.filter(({ atMs }) => monotonicMs() - atMs < rememberedMs)
  }

  const judge = (workers: readonly Heartbeat[], chiefs: number): Machines['trouble'] => {
    // A worker of an earlier version does not say it.
    const isKnown = workers.length > 0 && workers.every(({ machine }) => machine !== null)
    const kind = !isKnown || chiefs === 1 ? null : chiefs === 0 ? 'nobody' : 'several'
    if (kind === null) odd = null
    else if (odd?.kind !== kind) odd = { kind, sinceMs: monotonicMs() }
    return odd !== null && monotonicMs() - odd.sinceMs >= choresPatienceMs ? odd.kind : null
  }

  return {
    look(heartbeats) {
      follow(heartbeats)
      const workers = heartbeats.filter(
        ({ role, instance, draining }) => role === 'worker' && ourName.test(instance) && !draining,
      )
      const chiefs = workers.filter(({ machine }) => machine?.isChief === true)
      for (const instance of since.keys())
        if (!chiefs.some((chief) => chief.instance === instance)) since.delete(instance)
      for (const { instance } of chiefs)
        if (!since.has(instance)) since.set(instance, stepStart(clock.now(), stepMinutes))
      state = {
        chiefs: [...since].map(([instance, from]) => ({ instance, since: from })),
        chains: workers.flatMap(({ instance, machine }) =>
          machine?.chain ? [{ instance, ...machine.chain }] : [],
        ),
        trouble: judge(workers, chiefs.length),
        missing: lost.filter(({ atMs }) => monotonicMs() - atMs >= missingAfterMs).length,
      }
    },
    state: () => state,
  }
}
