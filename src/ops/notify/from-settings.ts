import type { Settings } from '../../../config/settings.ts'
import type { Clock } from '../../time/clock.ts'
import { socksOf } from '../tor-way.ts'
import type { Channel } from './channel.ts'
import { ntfyChannel, webhookChannel } from './http-channel.ts'
import type { Note } from './note.ts'
import { smtpChannel } from './smtp-channel.ts'
import type { RunningNotify } from './start.ts'
import { startNotify } from './start.ts'

/** Enough time for a circuit and a slow mail server. */
const timeoutMs = 60_000
/** A health check takes far less, but the figures are read at the same boundary. */
const gatherMs = 10_000

/** Starts the notes to staff; sends nothing when no channel is set. */
export function startNotifyFromSettings(
  settings: Settings,
  parts: { clock: Clock; read: (at: Date) => Promise<Note> },
): RunningNotify {
  return startNotify({
    ...parts,
    channels: channelsOf(settings),
    cadenceMs: settings.notifyMinutes * 60_000,
    gatherMs,
  })
}

export function channelsOf(settings: Settings): Channel[] {
  const { notifyWebhook, notifyNtfy, notifySmtp, notifyFrom, notifyTo } = settings
  const options = { socks: socksOf(settings), timeoutMs }
  return [
    ...(notifyWebhook === null ? [] : [webhookChannel(notifyWebhook, options)]),
    ...(notifyNtfy === null ? [] : [ntfyChannel(notifyNtfy, options)]),
    ...(notifySmtp === null || notifyFrom === null || notifyTo === null
      ? []
      : [smtpChannel(notifySmtp, { from: notifyFrom, to: notifyTo }, options)]),
  ]
}
