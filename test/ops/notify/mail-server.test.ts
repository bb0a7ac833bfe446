import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import { smtpChannel } from '../../../src/ops/notify/smtp-channel.ts'
import { startFakeSocksProxy } from '../../cli/support/fake-intake.ts'
import { makeTempDir } from '../../support/temp-dir.ts'
import { freePort } from '../../supervise/start.ts'

const hasServer = spawnSync('aiosmtpd', ['--version']).status === 0
if (!hasServer)
  console.warn('skipped: a real mail server, because there is none (apt: python3-aiosmtpd)')

const host = 'mail.example.org'
const addresses = { from: 'tumen@example.org', to: ['one@example.org', 'two@example.org'] }
const note = { state: 'look now', mayWait: true, at: new Date('2026-11-03T04:15:00Z') } as const

interface MailServer {
  port: number
  certificate: string
  mails(): Promise<string[]>
}

/** Starts aiosmtpd with a self-signed certificate. It offers STARTTLS, or requires it. */
async function startMailServer(isTlsRequired: boolean): Promise<MailServer> {
  const dir = await makeTempDir()
  const [certificate, key, box] = [join(dir, 'cert'), join(dir, 'key'), join(dir, 'box')]
  const made = spawnSync('openssl', [
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-nodes',
    '-days',
    '2',
    '-subj',
    `/CN=${host}`,
    '-addext',
    `subjectAltName=DNS:${host}`,
    '-keyout',
    key,
    '-out',
    certificate,
  ])
  expect(made.status, String(made.stderr)).toBe(0)
  const port = await freePort()
  const server = spawn(
    'aiosmtpd',
    [
      '-n',
      '-l',
      `127.0.0.1:${port}`,
      '--tlscert',
      certificate,
      '--tlskey',
      key,
      ...(isTlsRequired ? [] : ['--no-requiretls']),
      '-c',
      'aiosmtpd.handlers.Mailbox',
      box,
    ],
    { stdio: 'ignore' },
  )
  onTestFinished(() => void server.kill('SIGKILL'))
  await untilListening(port)
  return { port, certificate, mails: () => readMails(join(box, 'new')) }
}

async function untilListening(port: number): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    const socket = connect(port, '127.0.0.1')
    const isOpen = await once(socket, 'connect').then(
      () => true,
      () => false,
    )
    socket.destroy()
    if (isOpen) return
    await sleep(100)
  }
  throw new Error('the mail server does not listen')
}

async function readMails(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => [])
  return await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')))
}

/**
 * Sends a note to a host that is not on this machine, from a process of its own that trusts
 * `certificate`.
 */
async function sendFromAfar(
  { certificate }: MailServer,
  proxyPort: number,
): Promise<{ status: number; stderr: string }> {
  const module = pathToFileURL('src/ops/notify/smtp-channel.ts').href
  const options = { socks: { host: '127.0.0.1', port: proxyPort }, timeoutMs: 20_000 }
  const code = `const { smtpChannel } = await import(${JSON.stringify(module)})
await smtpChannel(new URL('smtp://${host}'), ${JSON.stringify(addresses)}, ${JSON.stringify(options)}).send({ ...${JSON.stringify(note)}, at: new Date() })`
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
    env: { ...process.env, NODE_EXTRA_CA_CERTS: certificate },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let stderr = ''
  child.stderr.on('data', (piece: Buffer) => (stderr += piece.toString()))
  const [status] = (await once(child, 'close')) as [number]
  return { status, stderr }
}

describe.runIf(hasServer)('a note by a real mail server', () => {
  it('reaches everybody through one on this machine whose certificate proves nothing', async () => {
    const server = await startMailServer(false)
    const channel = smtpChannel(new URL(`smtp://127.0.0.1:${server.port}`), addresses, {
      socks: null,
      timeoutMs: 20_000,
    })
    await channel.send(note)
    const [mail = '', ...more] = await server.mails()
    expect(more).toEqual([])
    expect(mail).toContain('LOOK NOW.')
    expect(mail).toContain('To: <one@example.org>, <two@example.org>')
    expect(mail).toMatch(/^X-RcptTo: one@example\.org, two@example\.org$/m)
  })

  it('goes to port 587 of another host by STARTTLS, through the proxy', async () => {
    const server = await startMailServer(true)
    const proxy = await startFakeSocksProxy(server.port)
    expect(await sendFromAfar(server, proxy.port)).toEqual({ status: 0, stderr: '' })
    expect(proxy.asked).toEqual([{ type: 3, address: host, port: 587 }])
    expect(await server.mails()).toEqual([expect.stringContaining('LOOK NOW.')])
  })

  it('is not sent to another host whose certificate is not trusted', async () => {
    const server = await startMailServer(false)
    const other = await startMailServer(false)
    const proxy = await startFakeSocksProxy(server.port)
    const { status } = await sendFromAfar(other, proxy.port)
    expect(status).toBe(1)
    expect(await server.mails()).toEqual([])
  })

  it('is not sent to another host that offers no STARTTLS', async () => {
    const dir = await makeTempDir()
    const port = await freePort()
    const server = spawn(
      'aiosmtpd',
      ['-n', '-l', `127.0.0.1:${port}`, '-c', 'aiosmtpd.handlers.Mailbox', join(dir, 'box')],
      { stdio: 'ignore' },
    )
    onTestFinished(() => void server.kill('SIGKILL'))
    await untilListening(port)
    const proxy = await startFakeSocksProxy(port)
    const channel = smtpChannel(new URL(`smtp://${host}`), addresses, {
      socks: { host: '127.0.0.1', port: proxy.port },
      timeoutMs: 20_000,
    })
    await expect(channel.send(note)).rejects.toThrow()
    expect(await readMails(join(dir, 'box', 'new'))).toEqual([])
  })
})
