import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { ntfyChannel, webhookChannel } from '../../../src/ops/notify/http-channel.ts'
import type { Note } from '../../../src/ops/notify/note.ts'
import { smtpChannel } from '../../../src/ops/notify/smtp-channel.ts'
import { startNotify } from '../../../src/ops/notify/start.ts'
import { systemClock } from '../../../src/time/clock.ts'
import { freePort, until } from '../../supervise/start.ts'
import type { Heard } from '../notify/servers.ts'
import { startHttp, startSmtp } from '../notify/servers.ts'

const addresses = { from: 'tumen@example.org', to: ['staff@example.org'] }
const options = { socks: null, timeoutMs: 20_000 }
const cadenceMs = 2_000
const gatherMs = 500
const ticks = 4
const states = ['all well', 'look soon', 'look now'] as const

/**
 * The bytes of a note without the two header fields that may differ between notes, as long as their
 * lengths do not: Message-ID and Date.
 */
const fixed = ({ bytes }: Heard): string =>
  bytes
    .toString('latin1')
    .replace(/^(Message-ID|Date): .*$/gm, (line) => `${line.split(':')[0]} ${line.length}`)

async function startAll() {
  const [webhook, ntfy, smtp] = [await startHttp(), await startHttp(), await startSmtp()]
  const channels = [
    webhookChannel(new URL(`http://user:hunter2@127.0.0.1:${webhook.port}/hook`), options),
    ntfyChannel(new URL(`http://127.0.0.1:${ntfy.port}/topic`), options),
    smtpChannel(new URL(`smtp://user:hunter2@127.0.0.1:${smtp.port}`), addresses, options),
  ]
  return { channels, listeners: [webhook, ntfy, smtp] }
}

/**
 * Collects the notes of `ticks` boundaries. With `isBusy`, the state changes, and reading the
 * figures once takes too long and once fails.
 */
async function collect(isBusy: boolean): Promise<Heard[][]> {
  const { channels, listeners } = await startAll()
  let reads = 0
  const notify = startNotify({
    channels,
    cadenceMs,
    gatherMs,
    clock: systemClock,
    async read(at): Promise<Note> {
      reads += 1
      if (!isBusy) return { state: 'all well', mayWait: false, at }
      // The third read takes too long. A note must be sent nevertheless, at the same moment.
      if (reads === 3) await new Promise((resolve) => setTimeout(resolve, 1_000).unref())
      if (reads === 4) throw new Error('no figures')
      return { state: states[reads % 3] ?? 'look now', mayWait: true, at }
    },
  })
  await until(
    () =>
      listeners.every(
        ({ heard }) => heard.length >= ticks && heard.slice(0, ticks).every(({ isOver }) => isOver),
      ),
    () => 'the notes',
    60_000,
  )
  notify.stop()
  expect(notify.hasFailed()).toBe(false)
  return listeners.map(({ heard }) => heard.slice(0, ticks))
}

describe('notes', () => {
  it('are the same in number, times and sizes, whether anything happens or not', async () => {
    const [quiet, busy] = await Promise.all([collect(false), collect(true)])
    for (const [index, channel] of ['webhook', 'ntfy', 'smtp'].entries()) {
      const [quietNotes = [], busyNotes = []] = [quiet[index], busy[index]]
      const sizes = [...quietNotes, ...busyNotes].map(({ bytes }) => bytes.length)
      expect(new Set(sizes).size, `${channel}: ${sizes.join(', ')}`).toBe(1)
      expect(new Set(quietNotes.map(fixed)).size, channel).toBe(1)
      expect(new Set(busyNotes.map(fixed)).size, channel).toBeGreaterThan(1)
      for (const notes of [quietNotes, busyNotes]) {
        const boundaries = notes.map(({ atMs }) => Math.floor((atMs - gatherMs + 100) / cadenceMs))
        expect(
          boundaries.map((boundary) => boundary - (boundaries[0] ?? 0)),
          channel,
        ).toEqual([0, 1, 2, 3])
      }
    }
  })

  it('are not held up by a channel that refuses, one that is silent or one that is gone, and are not sent twice', async () => {
    const [good, refusing, silent] = [await startHttp(), await startHttp(500), await startHttp(0)]
    const url = (port: number) => new URL(`http://user:hunter2@127.0.0.1:${port}/secret-path`)
    const channels = [
      webhookChannel(url(refusing.port), options),
      webhookChannel(url(silent.port), { socks: null, timeoutMs: 300 }),
      webhookChannel(url(await freePort()), options),
      webhookChannel(url(good.port), options),
    ]
    const written: string[] = []
    const write = process.stderr.write.bind(process.stderr)
    process.stderr.write = (text) => {
      written.push(String(text))
      return true
    }
    const notify = startNotify({
      channels,
      cadenceMs,
      gatherMs: 0,
      clock: systemClock,
      read: async (at) => ({ state: 'all well', mayWait: false, at }),
    })
    try {
      await until(
        // Each channel has a random delay of its own.
        () => [good, refusing].every(({ heard }) => heard.length >= 2),
        () => 'two notes',
        30_000,
      )
      expect(notify.hasFailed()).toBe(true)
      notify.stop()
      expect([good, refusing].map(({ heard }) => heard.length)).toEqual([2, 2])
    } finally {
      process.stderr.write = write
    }
    expect(written).toEqual([])
    expect(inspect([notify, channels], { depth: 5 })).not.toContain('hunter2')
  })
})
