import { randomBytes } from 'node:crypto'
import { createTransport } from 'nodemailer'
import { isLoopback } from '../../../config/parsers.ts'
import { connectThrough } from '../../net/connect-through.ts'
import type { Channel, ChannelOptions } from './channel.ts'
import type { Note } from './note.ts'
import { noteText, noteTitle } from './note.ts'

export interface MailAddresses {
  from: string
  to: string
}

const ports = { 'smtps:': 465, 'smtp:': 25 } as const

/** A connection for each note, closed after it. */
export function smtpChannel(
  url: URL,
  addresses: MailAddresses,
  { socks, timeoutMs }: ChannelOptions,
): Channel {
  const secure = url.protocol === 'smtps:'
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const port = Number(url.port) || ports[secure ? 'smtps:' : 'smtp:']
  const transport = createTransport({
    host,
    port,
    secure,
    // nodemailer would give away the name of this machine.
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
      // Raw: every header is ours, and of one length.
      await transport.sendMail({ envelope: { ...addresses }, raw: mailText(note, addresses) })
    },
  }
}

/** RFC 5322, in ASCII. */
export function mailText(note: Note, { from, to }: MailAddresses): string {
  const domain = from.slice(from.indexOf('@') + 1)
  return [
    `From: ${noteTitle} <${from}>`,
    `To: <${to}>`,
    `Subject: ${noteTitle}`,
    // The boundary it is for, not the moment it got ready; the day always has two digits.
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
