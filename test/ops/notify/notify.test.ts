import { join } from 'node:path'
import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { loadSettings } from '../../../config/settings.ts'
import { channelsOf } from '../../../src/ops/notify/from-settings.ts'
import { ntfyChannel, webhookChannel } from '../../../src/ops/notify/http-channel.ts'
import type { Note } from '../../../src/ops/notify/note.ts'
import { smtpChannel } from '../../../src/ops/notify/smtp-channel.ts'
import { startNotify } from '../../../src/ops/notify/start.ts'
import { systemClock } from '../../../src/time/clock.ts'
import { startFakeSocksProxy } from '../../cli/support/fake-intake.ts'
import { makeTempDir } from '../../support/temp-dir.ts'
import { freePort, until } from '../../supervise/start.ts'
import type { Heard } from './servers.ts'
import { startHttp, startSmtp } from './servers.ts'

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

describe('notes', { timeout: 90_000 }, () => {
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

  it('name no machine, no time of day finer than their boundary, and one title', async () => {
    const {
      channels,
      listeners: [webhook, ntfy, smtp],
    } = await startAll()
    const at = new Date('2026-11-03T04:15:00.000Z')
    for (const channel of channels) await channel.send({ state: 'look now', mayWait: true, at })
    const [hook = '', topic = '', mail = ''] = [webhook, ntfy, smtp].map(
      (listener) => listener?.heard[0]?.bytes.toString('latin1') ?? '',
    )
    expect(hook).toContain('"state":2,"waiting":1,"text":"LOOK NOW.')
    expect(topic).toMatch(/^POST \/topic HTTP\/1\.1\r\n/)
    expect(topic).toContain('title: Tumen\r\npriority: 5\r\n')
    expect(mail).toContain('EHLO [127.0.0.1]\r\n')
    expect(mail).toContain('Subject: Tumen\r\nDate: Tue, 03 Nov 2026 04:15:00 +0000\r\n')
    expect(mail).toContain('MAIL FROM:<tumen@example.org>')
    expect(hook + topic + mail).not.toMatch(
      /user-agent|x-mailer|\bdate: (?!Tue, 03 Nov 2026 04:15:00)/i,
    )
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
        () => good.heard.length === 2,
        () => 'two notes',
        30_000,
      )
      expect(notify.hasFailed()).toBe(true)
      notify.stop()
      expect(refusing.heard).toHaveLength(2)
    } finally {
      process.stderr.write = write
    }
    expect(written).toEqual([])
    expect(inspect([notify, channels], { depth: 5 })).not.toContain('hunter2')
  })

  it('that were not taken are no problem any more once one is', async () => {
    const good = await startHttp()
    let isDown = true
    const channel = webhookChannel(new URL(`http://127.0.0.1:${good.port}/`), options)
    const flaky = {
      send: (note: Note) => (isDown ? Promise.reject(new Error('down')) : channel.send(note)),
    }
    const notify = startNotify({
      channels: [flaky],
      cadenceMs: 200,
      gatherMs: 0,
      clock: systemClock,
      read: async (at) => ({ state: 'all well', mayWait: false, at }),
    })
    await until(
      () => notify.hasFailed(),
      () => 'a failure',
    )
    isDown = false
    await until(
      () => !notify.hasFailed(),
      () => 'a note',
    )
    notify.stop()
  })

  it('go through the proxy when they leave this machine, by name', async () => {
    const [http, smtp] = [await startHttp(), await startSmtp()]
    const [webProxy, mailProxy] = [
      await startFakeSocksProxy(http.port),
      await startFakeSocksProxy(smtp.port),
    ]
    const onion = `${'b'.repeat(56)}.onion`
    const at = new Date()
    const through = (port: number) => ({ socks: { host: '127.0.0.1', port }, timeoutMs: 20_000 })
    await webhookChannel(new URL(`http://${onion}/hook`), through(webProxy.port)).send({
      state: 'all well',
      mayWait: false,
      at,
    })
    await smtpChannel(new URL(`smtp://${onion}`), addresses, through(mailProxy.port)).send({
      state: 'all well',
      mayWait: false,
      at,
    })
    expect([...webProxy.asked, ...mailProxy.asked]).toEqual([
      { type: 3, address: onion, port: 80 },
      { type: 3, address: onion, port: 25 },
    ])
    expect(smtp.heard[0]?.bytes.toString()).toContain('ALL WELL')
  })

  it('go by the socket that tor shares when no proxy is set', async () => {
    const http = await startHttp()
    const torDir = await makeTempDir()
    const proxy = await startFakeSocksProxy(http.port, 0, join(torDir, 'socks'))
    const onion = `${'b'.repeat(56)}.onion`
    const [channel] = channelsOf(
      loadSettings({ TUMEN_NOTIFY_WEBHOOK: `http://${onion}/hook`, TUMEN_TOR_DIR: torDir }),
    )
    await channel?.send({ state: 'all well', mayWait: false, at: new Date() })
    expect(http.heard).toHaveLength(1)
    expect(proxy.asked).toEqual([{ type: 3, address: onion, port: 80 }])
  })

  it('refuse a mail server or a web server that cannot prove who it is', async () => {
    const [http, smtp] = [await startHttp(), await startSmtp()]
    const note: Note = { state: 'look now', mayWait: true, at: new Date() }
    await expect(
      webhookChannel(new URL(`https://127.0.0.1:${http.port}/`), options).send(note),
    ).rejects.toThrow()
    await expect(
      smtpChannel(new URL(`smtps://127.0.0.1:${smtp.port}`), addresses, {
        socks: null,
        timeoutMs: 2_000,
      }).send(note),
    ).rejects.toThrow()
    expect(
      Buffer.concat([...http.heard, ...smtp.heard].map(({ bytes }) => bytes)).toString('latin1'),
    ).not.toContain('LOOK')
  })
})
