/**
 * `npm run bench:peers`: receipts per second, compared with other programs that receive files. Each
 * is optional, is never a dependency, and is left out where it is not installed:
 *
 *     npm install --prefix var/peers @tus/server @tus/file-store
 *     apt-get install onionshare-cli
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { join } from 'node:path'
import type { Load } from './intake.ts'
import { measure, rateOf, withServer } from './intake.ts'
import type { BenchRow } from './report.ts'
import { runSections } from './report.ts'

const clients = 16
const rounds = 3
const peersDir = join(import.meta.dirname, '..', 'var', 'peers')
const boundary = '------------------------4f2a1c9be87d3a60f15e2c'

interface Peer {
  name: string
  /** What is durable once the client has its response. */
  promise: string
  isInstalled: boolean
  serve<T>(dir: string, use: (port: number) => Promise<T>): Promise<T>
  /** Resolves with whether the server says that it has everything. */
  send(port: number, agent: Agent, bytes: Buffer): Promise<boolean>
}

const tumen: Peer = {
  name: 'Tumen, form',
  promise: 'file and folder are on the disk (fsync) before the receipt',
  isInstalled: true,
  serve(dir, use) {
    mkdirSync(dir)
    return withServer('intake', dir, use)
  },
  send: (port, agent, bytes) =>
    post(port, agent, '/submissions', form('envelope', bytes), { accept: 'application/json' }, 201),
}

const tus: Peer = {
  name: '@tus/server with its file store, creation with upload',
  promise: 'none: the file is in the page cache',
  isInstalled: existsSync(join(peersDir, 'node_modules', '@tus', 'file-store')),
  serve: (dir, use) => withProgram(process.execPath, ['-e', tusServer, dir], /port (\d+)/, use),
  send: (port, agent, bytes) =>
    post(
      port,
      agent,
      '/files',
      { type: 'application/offset+octet-stream', body: [bytes] },
      { 'tus-resumable': '1.0.0', 'upload-length': String(bytes.length) },
      201,
    ),
}

const tusServer = `
  const { createRequire } = require('node:module')
  const load = createRequire('${peersDir}/index.js')
  const { Server } = load('@tus/server')
  const { FileStore } = load('@tus/file-store')
  const server = new Server({ path: '/files', datastore: new FileStore({ directory: process.argv[1] }) })
  const listener = server.listen({ host: '127.0.0.1', port: 0 }, () => console.log('port ' + listener.address().port))`

const onionShare: Peer = {
  name: 'OnionShare in receive mode, without Tor',
  promise: 'none: the file is in the page cache',
  isInstalled: (process.env['PATH'] ?? '')
    .split(':')
    .some((folder) => existsSync(join(folder, 'onionshare-cli'))),
  serve: (dir, use) =>
    withProgram(
      'onionshare-cli',
      ['--receive', '--local-only', '--public', '--data-dir', dir],
      /Running on http:\/\/127\.0\.0\.1:(\d+)/,
      use,
    ),
  send: (port, agent, bytes) => post(port, agent, '/upload-ajax', form('file[]', bytes), {}, 200),
}

interface Body {
  type: string
  body: readonly Buffer[]
}

function form(field: string, bytes: Buffer): Body {
  const head = `--${boundary}\r\nContent-Disposition: form-data; name="${field}"; filename="f"\r\nContent-Type: application/octet-stream\r\n\r\n`
  return {
    type: `multipart/form-data; boundary=${boundary}`,
    body: [Buffer.from(head), bytes, Buffer.from(`\r\n--${boundary}--\r\n`)],
  }
}

async function post(
  port: number,
  agent: Agent,
  path: string,
  { type, body }: Body,
  headers: Record<string, string>,
  expected: number,
): Promise<boolean> {
  const length = body.reduce((sum, part) => sum + part.length, 0)
  const sending = request({
    port,
    agent,
    path,
    method: 'POST',
    headers: { ...headers, 'content-type': type, 'content-length': length },
  })
  for (const part of body) sending.write(part)
  sending.end()
  try {
    const [response] = (await once(sending, 'response')) as [import('node:http').IncomingMessage]
    response.resume()
    await once(response, 'end')
    return response.statusCode === expected
  } catch {
    return false
  }
}

async function withProgram<T>(
  program: string,
  args: string[],
  announcement: RegExp,
  use: (port: number) => Promise<T>,
): Promise<T> {
  const [dir = ''] = args.slice(-1)
  mkdirSync(dir, { recursive: true })
  const child = spawn(program, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, HOME: dir },
  })
  try {
    return await use(await portOf(child, announcement))
  } finally {
    child.kill('SIGKILL')
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  }
}

function portOf(child: ChildProcess, announcement: RegExp): Promise<number> {
  let said = ''
  return new Promise((resolve, reject) => {
    const read = (text: Buffer) => {
      const port = announcement.exec((said += text))?.[1]
      if (port !== undefined) resolve(Number(port))
    }
    child.stdout?.on('data', read)
    child.stderr?.on('data', read)
    child.on('exit', () => reject(new Error(`a peer ended: ${said}`)))
  })
}

async function measureOne(peer: Peer, dir: string): Promise<Load> {
  return await peer.serve(join(dir, randomBytes(6).toString('hex')), async (port) => {
    const agent = new Agent({ keepAlive: true, maxSockets: clients })
    try {
      return await measure(clients, (bytes) => peer.send(port, agent, bytes))
    } finally {
      agent.destroy()
    }
  })
}

async function benchPeers(): Promise<BenchRow[]> {
  mkdirSync('var', { recursive: true })
  const dir = mkdtempSync(join(import.meta.dirname, '..', 'var', 'bench-peers-'))
  const peers = [tumen, tus, onionShare].filter(({ isInstalled }) => isInstalled)
  const loads = new Map(peers.map((peer) => [peer, [] as Load[]]))
  try {
    for (let round = 0; round < rounds; round += 1)
      for (const peer of peers) loads.get(peer)?.push(await measureOne(peer, dir))
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
  const median = (values: readonly number[]) =>
    values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? NaN
  const ours = median((loads.get(tumen) ?? []).map(rateOf))
  return [...loads].flatMap(([{ name, promise }, measured]) => {
    const value = median(measured.map(rateOf))
    const errors = measured.reduce((sum, load) => sum + load.errors, 0)
    return [
      {
        name: `${name} (${promise})`,
        value,
        unit: 'per s',
        baseline: null,
        ratio: ours / value,
        goal: '',
      },
      { name: `${name}: errors`, value: errors, unit: '', baseline: null, ratio: null, goal: '' },
    ]
  })
}

await runSections(
  [
    {
      title: 'Against other programs',
      how: `Files of 64 KiB from ${clients} clients, by the same client program; medians of ${rounds} rounds in turns. The ratio is Tumen's figure divided by this one. GlobaLeaks is not among them: neither Debian nor npm has it. \`npm run bench:peers\`.`,
      measure: benchPeers,
    },
  ],
  [],
)
