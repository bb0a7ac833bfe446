import { randomBytes } from 'node:crypto'
import { createTransport } from 'nodemailer'
import { isLoopback, isNearHost } from '../../../config/parsers.ts'
import { connectThrough } from '../../net/connect-through.ts'
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
    ...(socks === null || isLoopback(url.hostname)
      ? {}
      : {
          getSocket(_options: unknown, callback: (error: Error | null, options?: object) => void) {
            connectThrough(socks, { hostname: host, port }, { timeoutMs }).then(
              (connection) => callback(null, { connection }),
              callback,
            )
          },
        }),
  })
  return {
    async send(note) {
      // A raw message, so that we write every header and each has a fixed length.
      await transport.sendMail({
        envelope: { from: addresses.from, to: [...addresses.to] },
        raw: mailText(note, addresses),
      })
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
