import { setTimeout as sleep } from 'node:timers/promises'
import type { AttackName } from './attacks.ts'
import { type Sent, sendTip, type Way } from './honest.ts'
import type { Look, Target } from './target.ts'

export interface Siege {
  name: AttackName
  circuits: number
  connections: number
}

export interface Report {
  sent: Sent[]
  statuses: Record<string, number>
  /** The highest of each measured value. */
  peak: Look
}

/** After this time, the attacker's connections are open. */
const BUILD_UP_MS = 3_000
const LOOK_MS = 250

let lastCircuit = 0

/** Reserves this many circuits that were never used before. @returns the number of the first one */
export function freshCircuits(count: number): number {
  const first = lastCircuit + 1
  lastCircuit += count
  return first
}

/**
 * Sends tips of one honest source one after the other over a single circuit, alternating between
 * resumable uploads and whole submissions.
 */
export async function sendTips(target: Target, count: number): Promise<Sent[]> {
  const circuit = freshCircuits(1)
  const sent: Sent[] = []
  const ways: readonly Way[] = ['resumable', 'whole']
  for (let at = 0; at < count; at += 1)
    sent.push(await sendTip(target.socketPath, circuit, ways[at % 2] ?? 'whole'))
  return sent
}

export async function besiege(
  target: Target,
  { name, circuits, connections }: Siege,
  tips: number,
): Promise<Report> {
  const peaks: Look[] = [target.look()]
  const stop = target.assail({ name, circuits, connections, firstCircuit: freshCircuits(circuits) })
  const looking = setInterval(() => peaks.push(target.look()), LOOK_MS)
  try {
    await sleep(BUILD_UP_MS)
    const sent = await sendTips(target, tips)
    return { sent, statuses: await stop(), peak: worstOf(peaks) }
  } finally {
    clearInterval(looking)
    await stop()
  }
}

function worstOf(looks: readonly Look[]): Look {
  const worst = (pick: (look: Look) => number): number => Math.max(...looks.map(pick))
  return {
    residentMebibytes: worst((look) => look.residentMebibytes),
    descriptors: worst((look) => look.descriptors),
    temporary: worst((look) => look.temporary),
    unfinished: worst((look) => look.unfinished),
    unfinishedBytes: worst((look) => look.unfinishedBytes),
  }
}

export function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN
}
