import { randomBytes } from 'node:crypto'
import type { Socket } from 'node:net'
import { createTransport } from 'nodemailer'
import { isLoopback, isNearHost } from '../../../config/parsers.ts'
import { connectDirectly, connectThrough } from '../../net/connect-through.ts'
import type { Channel, ChannelOptions } from './channel.ts'
import type { Note } from './note.ts'
import { noteText, noteTitle } from './note.ts'

export interface MailAddresses {
  from: string
  to: readonly string[]
}

const tlsPort = 465
/** RFC 6409: the port where a mail server accepts mail from its own users, with STARTTLS. */
const submissionPort = 587
/** The default port of a mail server on this machine. */
const localPort = 25

/**
 * A server may greet late on purpose and be slow after that, but one that keeps a connection busy
 * with a byte now and then must not keep a note for ever.
 */
const wholeTimeouts = 3

/** Sends each note over a new connection. */
export function smtpChannel(
  url: URL,
  addresses: MailAddresses,
  { socks, timeoutMs }: ChannelOptions,
): Channel {
  const secure = url.protocol === 'smtps:'
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const isNear = isNearHost(url.hostname)
  const port = Number(url.port) || (secure ? tlsPort : isNear ? localPort : submissionPort)
  const isDirect = socks === null || isLoopback(url.hostname)
  const connect = async (): Promise<Socket> => {
    const connection = isDirect
      ? await connectDirectly({ host, port }, timeoutMs)
      : await connectThrough(socks, { hostname: host, port }, { timeoutMs })
    const late = setTimeout(() => connection.destroy(), wholeTimeouts * timeoutMs)
    connection.once('close', () => clearTimeout(late))
    return connection
  }
  const transport = createTransport({
    host,
    port,
    secure,
    requireTLS: !secure && !isNear,
    // A mail server on this machine has a self-signed certificate, which proves nothing.
    ignoreTLS: !secure && isNear,
    // Without this, nodemailer sends the name of this machine.
    name: '[127.0.0.1]',
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
    ...(url.username === ''
      ? {}
      : {
          auth: { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) },
        }),
    getSocket(_options: unknown, callback: (error: Error | null, options?: object) => void) {
      connect().then((connection) => callback(null, { connection }), callback)
    },
  })
  return {
    async send(note) {
      // A raw message, so that we write every header and each has a fixed length.
      const { rejected } = await transport.sendMail({
        envelope: { from: addresses.from, to: [...addresses.to] },
        raw: mailText(note, addresses),
      })
      if (rejected.length > 0) throw new Error('the mail server refused a recipient')
    },
  }
}

/** The message in the format of RFC 5322, in ASCII. */
export function mailText(note: Note, { from, to }: MailAddresses): string {
  const domain = from.slice(from.indexOf('@') + 1)
  return [
    `From: ${noteTitle} <${from}>`,
    `To: ${to.map((address) => `<${address}>`).join(', ')}`,
    `Subject: ${noteTitle}`,
    // The boundary of the note, not the moment it was written. The day always has two digits.
    `Date: ${note.at.toUTCString().replace('GMT', '+0000')}`,
    `Message-ID: <${randomBytes(16).toString('hex')}@${domain}>`,
    'Auto-Submitted: auto-generated',
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=us-ascii',
    'Content-Transfer-Encoding: 7bit',
    '',
    noteText(note).replaceAll('\n', '\r\n'),
  ].join('\r\n')
}
