import { randomInt } from 'node:crypto'
import type { Clock } from '../../time/clock.ts'
import type { Channel } from './channel.ts'
import type { Note } from './note.ts'

export interface RunningNotify {
  /** Whether a channel did not accept its last note. */
  hasFailed(): boolean
  stop: () => void
}

export interface NotifyOptions {
  channels: readonly Channel[]
  cadenceMs: number
  clock: Clock
  /** The content of a note is gathered for this long; then it waits until it is sent. */
  gatherMs: number
  /** May take long or reject; the note then says `look now`. */
  read: (at: Date) => Promise<Note>
}

const earlyMs = 1_000

/** A note is sent at a random moment in this share of the time until the next one. */
const spreadShare = 0.25

/**
 * Sends a note to every channel once for each boundary of the wall clock, counted from 1970 in UTC,
 * whether anything has happened or not. How long after the boundary is random, so neither the time
 * nor the number of notes reveals anything, not even that the sender is a Tumen.
 */
export function startNotify(options: NotifyOptions): RunningNotify {
  const { channels, cadenceMs, clock, gatherMs } = options
  const failed = new Set<Channel>()
  const timers = new Set<NodeJS.Timeout>()

  function later(ms: number, work: () => void): void {
    const timer = setTimeout(() => {
      timers.delete(timer)
      work()
    }, ms)
    timer.unref()
    timers.add(timer)
  }

  async function sendTo(channel: Channel, note: Note): Promise<void> {
    try {
      await channel.send(note)
      failed.delete(channel)
    } catch {
      // Not logged: the error may contain the address, and with it a password.
      failed.add(channel)
    }
  }

  function tick(at: Date): void {
    let note: Note = { state: 'look now', mayWait: true, at }
    let isGathered = false
    options.read(at).then(
      (found) => {
        if (!isGathered) note = found
      },
      () => undefined,
    )
    later(gatherMs, () => {
      isGathered = true
      for (const channel of channels)
        later(randomInt(Math.ceil(cadenceMs * spreadShare)), () => void sendTo(channel, note))
    })
  }

  function schedule(from: number): void {
    const next = (Math.floor(from / cadenceMs) + 1) * cadenceMs
    later(next - clock.now().getTime(), () => {
      tick(new Date(next))
      const now = clock.now().getTime()
      // A timer may fire slightly early and must not send for the same boundary twice.
      schedule(next - now < earlyMs ? Math.max(now, next) : now)
    })
  }

  if (channels.length > 0) schedule(clock.now().getTime())
  return {
    hasFailed: () => failed.size > 0,
    stop() {
      for (const timer of timers) clearTimeout(timer)
    },
  }
}
