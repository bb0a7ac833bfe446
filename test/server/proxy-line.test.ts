import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { link, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import type { Server as NetServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { listenOn } from '../../src/server/listen.ts'
import {
  createProxyLineServer,
  MAX_PROXY_LINE_BYTES,
  parseProxyLine,
} from '../../src/server/proxy-line.ts'
import { RawClient } from './harness.ts'

// A PROXY line as tor writes it: the address contains the circuit's number.
const LINE = 'PROXY TCP6 fc00:dead:beef:4dad::0:29 ::1 41 443\r\n'

describe('parseProxyLine', () => {
  it.each([
    [LINE, 'fc00:dead:beef:4dad::0:29'],
    ['PROXY TCP4 1.2.3.4 5.6.7.8 1 65535\r\n', '1.2.3.4'],
    ['PROXY UNKNOWN\r\n', null],
  ])('reads %j', (line, source) => {
    expect(parseProxyLine(Buffer.from(`${line}GET / HTTP/1.1\r\n`))).toEqual({
      state: 'read',
      bytes: line.length,
      source,
    })
  })

  it.each([
    'GET / HTTP/1.1\r\n',
    'PROXY\r\n',
    'PROXY TCP4 1.2.3.4\r\n',
    'PROXY TCP5 a b 1 2\r\n',
    `${LINE.trimEnd()}\n`,
    '\n',
    '\r\n\r\n\0\r\nQUIT\n',
  ])('refuses %j', (line) =>
    expect(parseProxyLine(Buffer.from(line))).toEqual({ state: 'invalid' }),
  )

  it.each([
    [106, 'read'],
    [107, 'read'],
    [108, 'invalid'],
  ])('at %i bytes: %s', (length, state) => {
    const line = `PROXY UNKNOWN ${'x'.repeat(length - 16)}\r\n`
    expect(line).toHaveLength(length)
    expect(parseProxyLine(Buffer.from(line))).toMatchObject({ state })
  })

  it.each([
    [106, 'more'],
    [107, 'invalid'],
  ])('without an end after %i bytes: %s', (length, state) => {
    expect(parseProxyLine(Buffer.alloc(length, 'P'))).toEqual({ state })
    expect(MAX_PROXY_LINE_BYTES).toBe(107)
  })

  it('never throws', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(['more', 'invalid', 'read']).toContain(parseProxyLine(bytes).state)
      }),
    )
  })
})

describe('createProxyLineServer', () => {
  let dir: string
  let path: string
  let http: Server
  let onion: NetServer

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'tumen-onion-'))
    path = join(dir, 'onion.sock')
    http = createServer((request, response) => {
      const parts: Buffer[] = []
      request.on('data', (part: Buffer) => parts.push(part))
      request.on('end', () => response.end(`<${Buffer.concat(parts).toString()}>`))
    })
    onion = createProxyLineServer({
      accept: (socket) => http.emit('connection', socket),
      maxConnections: 10,
    })
    await listenOn(onion, { path }, 'TUMEN_ONION_SOCKET')
  })

  afterEach(async () => {
    http.closeAllConnections()
    onion.close()
    await rm(dir, { recursive: true })
  })

  const REQUEST = 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello'

  it('passes on what comes with the line, after it, and byte by byte', async () => {
    for (const pieces of [
      [LINE + REQUEST],
      [LINE, REQUEST],
      [...(LINE + REQUEST)],
      [LINE + REQUEST.slice(0, 30), REQUEST.slice(30)],
    ]) {
      const client = new RawClient(path)
      await once(client.socket, 'connect')
      for (const piece of pieces) {
        client.write(piece)
        await new Promise((resolve) => setImmediate(resolve))
      }
      expect(await client.until(/<.*>/)).toContain('<hello>')
      // The connection stays open, and a second request on it has no PROXY line.
      client.write(REQUEST.replace('hello', 'again'))
      expect(await client.until(/<again>/)).toContain('200 OK')
      client.socket.destroy()
    }
  })

  it('cuts a connection without the line, and continues with others', async () => {
    const client = new RawClient(path)
    client.write(REQUEST)
    expect(await client.closed()).toBe('')
    const other = new RawClient(path)
    other.write(LINE + REQUEST)
    await other.until(/<hello>/)
    other.socket.destroy()
  })

  it('survives a connection that ends in the middle of the line', async () => {
    const client = new RawClient(path)
    client.socket.end('PROXY TC')
    expect(await client.closed()).toBe('')
  })
})

describe('listenOn', () => {
  let dir: string

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'tumen-listen-'))
  })

  afterEach(() => rm(dir, { recursive: true }))

  it('replaces a socket nobody answers on', async () => {
    const path = join(dir, 'a.sock')
    const stale = createServer()
    await listenOn(stale, { path }, 'TUMEN_LISTEN')
    // The state that `kill -9` leaves behind: the socket's file exists, but nothing listens on it.
    await link(path, `${path}.kept`)
    await new Promise((resolve) => stale.close(resolve))
    await link(`${path}.kept`, path)
    const server = createServer((_request, response) => response.end('here'))
    await listenOn(server, { path }, 'TUMEN_LISTEN')
    const client = new RawClient(path)
    client.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
    await client.until(/here/)
    client.socket.destroy()
    server.close()
  })

  it('does not take the socket of a living server, nor another file', async () => {
    const path = join(dir, 'a.sock')
    const living = createServer()
    await listenOn(living, { path }, 'TUMEN_LISTEN')
    await expect(listenOn(createServer(), { path }, 'TUMEN_LISTEN')).rejects.toMatchObject({
      code: 'ADDRESS_IN_USE',
      message: /TUMEN_LISTEN/,
    })
    living.close()
    await writeFile(join(dir, 'file'), 'precious')
    await expect(
      listenOn(createServer(), { path: join(dir, 'file') }, 'TUMEN_LISTEN'),
    ).rejects.toMatchObject({ name: 'ListenError' })
    expect(await readFile(join(dir, 'file'), 'utf8')).toBe('precious')
  })

  it('says what is wrong with a path that does not exist', async () => {
    await expect(
      listenOn(createServer(), { path: join(dir, 'no', 'a.sock') }, 'TUMEN_LISTEN'),
    ).rejects.toMatchObject({ code: 'LISTEN_FAILED' })
  })
})
