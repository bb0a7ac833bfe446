import { join } from 'node:path'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { loadSettings } from '../../../config/settings.ts'
import { channelsOf } from '../../../src/ops/notify/from-settings.ts'
import { ntfyChannel, webhookChannel } from '../../../src/ops/notify/http-channel.ts'
import type { Note } from '../../../src/ops/notify/note.ts'
import { smtpChannel } from '../../../src/ops/notify/smtp-channel.ts'
import { startNotify } from '../../../src/ops/notify/start.ts'
import { systemClock } from '../../../src/time/clock.ts'
import { startFakeSocksProxy } from '../../cli/support/fake-intake.ts'
import { makeTempDir } from '../../support/temp-dir.ts'
import { until } from '../../supervise/start.ts'
import { startHttp, startSmtp } from './servers.ts'

const addresses = { from: 'tumen@example.org', to: ['staff@example.org'] }
const options = { socks: null, timeoutMs: 20_000 }

async function startAll() {
  const [webhook, ntfy, smtp] = [await startHttp(), await startHttp(), await startSmtp()]
  const channels = [
    webhookChannel(new URL(`http://user:hunter2@127.0.0.1:${webhook.port}/hook`), options),
    ntfyChannel(new URL(`http://127.0.0.1:${ntfy.port}/topic`), options),
    smtpChannel(new URL(`smtp://user:hunter2@127.0.0.1:${smtp.port}`), addresses, options),
  ]
  return { channels, listeners: [webhook, ntfy, smtp] }
}

describe('notes', { timeout: 90_000 }, () => {
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

  it('that were refused are no longer a problem once one is accepted', async () => {
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

  it('of which the mail server refuses one recipient have failed, and are not sent again', async () => {
    const smtp = await startSmtp({ refused: 'gone@example.org' })
    const channel = smtpChannel(
      new URL(`smtp://127.0.0.1:${smtp.port}`),
      { from: 'tumen@example.org', to: ['staff@example.org', 'gone@example.org'] },
      options,
    )
    const note = { state: 'look now', mayWait: true, at: new Date() } as const
    await expect(channel.send(note)).rejects.toThrow('the mail server refused a recipient')
    expect(smtp.heard).toHaveLength(1)
    expect(smtp.heard[0]?.bytes.toString('latin1')).toContain('LOOK NOW.')
  })

  it('are given up when the mail server answers without end', async () => {
    const smtp = await startSmtp({ isEndless: true })
    const channel = smtpChannel(new URL(`smtp://127.0.0.1:${smtp.port}`), addresses, {
      ...options,
      timeoutMs: 500,
    })
    const note = { state: 'look now', mayWait: true, at: new Date() } as const
    await expect(channel.send(note)).rejects.toMatchObject({ code: 'ECONNECTION' })
    await until(
      () => smtp.heard[0]?.isOver === true,
      () => 'the end of the connection',
    )
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

describe('the moments of notes', () => {
  const cadenceMs = 900_000
  const gatherMs = 10_000

  /** How long after its boundary each of 200 notes to each of two channels was sent. */
  async function collectDelays(note: (at: Date) => Promise<Note>): Promise<number[][]> {
    vi.useFakeTimers({ now: Date.parse('2026-11-23T12:00:01Z') })
    onTestFinished(() => void vi.useRealTimers())
    const delays: number[][] = [[], []]
    const channels = delays.map((sent) => ({
      send: async ({ at }: Note) => void sent.push(Date.now() - at.getTime()),
    }))
    const notify = startNotify({ channels, cadenceMs, gatherMs, clock: systemClock, read: note })
    await vi.advanceTimersByTimeAsync(201 * cadenceMs - 1000)
    notify.stop()
    vi.useRealTimers()
    return delays.map((sent) => sent.slice(0, 200))
  }

  it.each([
    [
      'nothing happens',
      async (at: Date): Promise<Note> => ({ state: 'all well', mayWait: false, at }),
    ],
    ['figures cannot be read', async (): Promise<Note> => Promise.reject(new Error('no figures'))],
  ])('are random within a quarter of the cadence, even when %s', async (_, note) => {
    for (const delays of await collectDelays(note)) {
      expect(delays).toHaveLength(200)
      for (const delay of delays) {
        expect(delay).toBeGreaterThanOrEqual(gatherMs)
        expect(delay).toBeLessThanOrEqual(gatherMs + cadenceMs / 4)
      }
      const tenths = new Set(
        delays.map((delay) => Math.floor((delay - gatherMs) / (cadenceMs / 40))),
      )
      expect(tenths.size).toBeGreaterThanOrEqual(10)
    }
  })

  it('are not the same for two channels', async () => {
    const [one = [], other = []] = await collectDelays(async (at) => ({
      state: 'look now',
      mayWait: true,
      at,
    }))
    expect(one.filter((delay, index) => delay === other[index]).length).toBeLessThan(20)
  })
})
