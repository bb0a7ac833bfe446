import { once } from 'node:events'
import { createServer as createHttpServer } from 'node:http'
import { createServer } from 'node:net'
import type { AddressInfo, Server, Socket } from 'node:net'
import { onTestFinished } from 'vitest'

export interface Heard {
  /** The time of the wall clock, in milliseconds. */
  atMs: number
  /** All bytes that the client sent on the connection, in order. */
  bytes: Buffer
  isOver: boolean
}

export interface Listener {
  port: number
  heard: Heard[]
}

/** Records every byte of every connection, whatever the protocol. */
function record(server: Server, heard: Heard[]): void {
  server.on('connection', (socket: Socket) => {
    const connection: Heard = { atMs: Date.now(), bytes: Buffer.alloc(0), isOver: false }
    heard.push(connection)
    socket.on('error', () => undefined)
    socket.on('close', () => {
      connection.isOver = true
    })
    socket.on('data', (piece: Buffer) => {
      connection.bytes = Buffer.concat([connection.bytes, piece])
    })
  })
}

/** Answers every request with `status`, or not at all if it is 0. */
export async function startHttp(status = 200): Promise<Listener> {
  const heard: Heard[] = []
  const server = createHttpServer((request, response) => {
    request.resume().on('end', () => {
      if (status !== 0) response.writeHead(status).end('{}')
    })
  })
  record(server, heard)
  return { port: await listen(server), heard }
}

/**
 * The part of RFC 5321 that a client needs to send one mail.
 * @param options.refused an address whose mail is not accepted
 * @param options.isEndless after the mail, sends a line of an answer now and then that never ends
 */
export async function startSmtp({ refused = '', isEndless = false } = {}): Promise<Listener> {
  const heard: Heard[] = []
  const server = createServer((socket) => {
    let isBody = false
    let rest = ''
    socket.write('220 mail ESMTP\r\n')
    socket.on('data', (piece: Buffer) => {
      rest += piece.toString('latin1')
      for (let end = rest.indexOf('\r\n'); end !== -1; end = rest.indexOf('\r\n')) {
        const line = rest.slice(0, end)
        rest = rest.slice(end + 2)
        if (isBody) {
          if (line !== '.') continue
          isBody = false
          if (isEndless) {
            const timer = setInterval(() => socket.write('250-wait\r\n'), 100)
            socket.on('close', () => clearInterval(timer))
          } else socket.write('250 taken\r\n')
        } else if (line.startsWith('EHLO'))
          socket.write('250-mail\r\n250-AUTH PLAIN\r\n250 8BITMIME\r\n')
        else if (line.startsWith('AUTH')) socket.write('235 welcome\r\n')
        else if (line === 'DATA') {
          isBody = true
          socket.write('354 go on\r\n')
        } else if (line === 'QUIT') socket.end('221 bye\r\n')
        else if (refused !== '' && line === `RCPT TO:<${refused}>`)
          socket.write('550 no such mailbox\r\n')
        else socket.write('250 ok\r\n')
      }
    })
  })
  record(server, heard)
  return { port: await listen(server), heard }
}

async function listen(server: Server): Promise<number> {
  await once(server.listen(0, '127.0.0.1'), 'listening')
  onTestFinished(() => {
    if ('closeAllConnections' in server) (server.closeAllConnections as () => void)()
    server.close()
  })
  return (server.address() as AddressInfo).port
}
