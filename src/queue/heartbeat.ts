import type { Redis } from 'ioredis'
import { countStart } from './counters.ts'
import { holderOf } from './redis.ts'
import { type Gauges, parseGauges } from './gauges.ts'
import { formatMachine, type MachineState, parseMachine } from './machine-state.ts'

const keyPrefix = '{tumen}:heartbeat:'

/** Interval between two heartbeats of a process. */
export const heartbeatIntervalMs = 5000

/** A process without a heartbeat for this long is considered dead. */
export const heartbeatTtlMs = 15_000

/**
 * Maximum that `readHeartbeats` returns; a list of more processes than this does not come from us.
 */
const maxHeartbeats = 256

export interface Heartbeat {
  role: string
  instance: string
  draining: boolean
  /** Set if the data folder is no longer the one that the process opened. */
  misplaced?: true
  /** Set if the intake was asked under a foreign name while its keyring is a demo. */
  exposed?: true
  /** Null until the process has run for a whole step. */
  gauges: Gauges | null
  /** Only workers on a shared store say something about their machine. */
  machine: MachineState | null
}

export interface HeartbeatState {
  draining: boolean
  misplaced?: boolean
  exposed?: boolean
  gauges?: Gauges | null
  machine?: MachineState | null
}

export async function beat(
  redis: Redis,
  role: string,
  instance: string,
  state: HeartbeatState,
): Promise<void> {
  const word = wordOf(state)
  const figures = { ...state.gauges, ...(state.machine && formatMachine(state.machine)) }
  const text = Object.keys(figures).length === 0 ? word : `${word} ${JSON.stringify(figures)}`
  await redis.set(`${keyPrefix}${role}:${instance}`, text, 'PX', heartbeatTtlMs)
}

function wordOf({ draining, misplaced, exposed }: HeartbeatState): string {
  if (draining) return 'draining'
  if (misplaced === true) return 'misplaced'
  return exposed === true ? 'exposed' : 'up'
}

/**
 * Sends a heartbeat immediately and then every `intervalMs`. A heartbeat that Redis does not accept
 * is skipped. The first accepted one also counts the start of the process.
 */
export function startHeartbeat(options: {
  redis: Redis
  role: string
  instance: string
  isDraining: () => boolean
  /** Whether the data folder is still the one that the process opened. */
  isInPlace?: () => boolean
  /** Whether a request named another host than this machine, and the keyring is a demo. */
  isExposed?: () => boolean
  /** The published figures of the process; see `createGauges`. */
  gauges?: () => Gauges | null
  machine?: () => MachineState | null
  intervalMs: number
}): { now: () => void; stop: () => void } {
  const { redis, role, instance, isDraining, intervalMs } = options
  let isBeating = false
  let isCounted = false
  const beatOnce = (): void => {
    // One heartbeat at a time: they would pile up while Redis is frozen.
    if (isBeating) return
    isBeating = true
    const gauges = options.gauges?.() ?? null
    const machine = options.machine?.() ?? null
    const misplaced = options.isInPlace?.() === false
    const exposed = options.isExposed?.() === true
    beat(redis, role, instance, { draining: isDraining(), misplaced, exposed, gauges, machine })
      .then(() => {
        if (!isCounted) void countStart(redis, role)
        isCounted = true
      })
      .catch(() => {})
      .finally(() => {
        isBeating = false
      })
  }
  const timer = setInterval(beatOnce, intervalMs)
  redis.on('ready', beatOnce)
  beatOnce()
  return {
    now: beatOnce,
    stop() {
      clearInterval(timer)
      redis.off('ready', beatOnce)
    },
  }
}

/** All processes with a heartbeat in the last 15 s. Rejects when Redis does not answer. */
export async function readHeartbeats(redis: Redis): Promise<Heartbeat[]> {
  const keys = await findHeartbeatKeys(redis)
  if (keys.length === 0) return []
  const states = await redis.mget(keys)
  return keys.flatMap((key, index) => {
    const state = states[index]
    const match = /^([a-z]+):(.+)$/.exec(key.slice(keyPrefix.length))
    if (match?.[1] === undefined || match[2] === undefined || typeof state !== 'string') return []
    return [
      {
        role: match[1],
        instance: match[2],
        draining: state.startsWith('draining'),
        ...(state.startsWith('misplaced') && { misplaced: true as const }),
        ...(state.startsWith('exposed') && { exposed: true as const }),
        gauges: parseGauges(state.replace(/^\w+ ?/, '')),
        machine: parseMachine(state.replace(/^\w+ ?/, '')),
      },
    ]
  })
}

async function findHeartbeatKeys(redis: Redis): Promise<string[]> {
  const keys = new Set<string>()
  const holder = await holderOf(redis)
  let cursor = '0'
  do {
    const [next, page] = await holder.scan(cursor, 'MATCH', `${keyPrefix}*`, 'COUNT', 500)
    for (const key of page) if (keys.size < maxHeartbeats) keys.add(key)
    cursor = next
  } while (cursor !== '0')
  return [...keys].sort()
}
