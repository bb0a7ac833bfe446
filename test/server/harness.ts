import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import type { Server } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { Encrypter, generateIdentity, identityToRecipient } from 'age-encryption'
import { createApp } from '../../src/server/app.ts'
import { SpaceState } from '../../src/server/space-state.ts'
import { Fairness } from '../../src/server/fairness/fairness.ts'
import { type FairnessLimits, limitsFor } from '../../src/server/fairness/limits.ts'
import { createIntakeServer } from '../../src/server/http-server.ts'
import type { KeyringSource } from '../../src/server/keyring-source.ts'
import { listenOn } from '../../src/server/listen.ts'
import { makeAsset, type PageAssets } from '../../src/server/page-assets.ts'
import { createProxyLineServer } from '../../src/server/proxy-line.ts'
import type { ReplyShelf } from '../../src/server/replies/shelf.ts'
import type { BlobStore } from '../../src/store/blob-store.ts'
import { openFsStore } from '../../src/store/fs-store.ts'
import type { Statfs } from '../../src/store/space.ts'

export const FINGERPRINT = 'f'.repeat(64)

export interface Intake {
  dir: string
  url: string
  port: number
  /** A socket on which the intake listens as it does for tor. */
  onionPath: string
  server: Server
  spool: BlobStore
  announced: string[]
  oldKeyrings: () => number
  /** Makes the keyring expired: from then on the keyring source returns null. */
  close: () => void
  /** Names of all envelope files, complete or partial, at any depth below a folder. */
  files: (folder: 'incoming' | 'tmp') => string[]
  stop: () => Promise<void>
}

export interface IntakeOptions {
  maxBytes?: number
  maxUploads?: number
  idleSeconds?: number
  /** Limits of the circuits that differ from those of `limitsFor`. */
  fairness?: Partial<FairnessLimits>
  statfs?: Statfs
  isDemo?: boolean
  isDraining?: () => boolean
  replies?: Pick<ReplyShelf, 'find'>
}

/**
 * Starts a real intake on a real port with a real folder. Only Redis and the keyring file are
 * replaced.
 */
export async function startIntake(options: IntakeOptions = {}): Promise<Intake> {
  const { maxBytes = 1_000_000, maxUploads = 8, idleSeconds = 30, isDemo = true } = options
  const dir = await mkdtemp(join(tmpdir(), 'tumen-intake-'))
  const clock = { now: () => new Date('2026-11-23T17:45:12.345Z') }
  const spool = await openFsStore({
    dir,
    instance: 'test',
    reserveBytes: 0,
    clock,
    ...(options.statfs ? { statfs: options.statfs } : {}),
  })
  const space = new SpaceState({
    freeBytes: () => spool.space.freeBytes(),
    maxBytes,
    stepMinutes: 15,
    clock,
  })
  const announced: string[] = []
  let oldKeyrings = 0
  let isClosed = false
  const fairness = new Fairness(limitsFor(maxUploads, options.fairness))
  const app = createApp({
    spool,
    space,
    queue: { announce: (receipt) => void announced.push(receipt) },
    keyring: keyringSource(isDemo, () => isClosed),
    page: pageStub,
    limits: { maxBytes, retentionDays: 30 },
    fairness,
    clock,
    counters: { countOldKeyring: () => void (oldKeyrings += 1) },
    isDraining: options.isDraining ?? (() => false),
    ...(options.replies === undefined ? {} : { replies: options.replies }),
  })
  const server = createIntakeServer(app, { idleSeconds, fairness })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const onion = createProxyLineServer({
    accept: (socket, source) => {
      fairness.circuits.bind(socket, source)
      server.emit('connection', socket)
    },
    maxConnections: 64,
  })
  const onionPath = join(dir, '..', `${basename(dir)}.sock`)
  await listenOn(onion, { path: onionPath }, 'TUMEN_ONION_SOCKET')
  return {
    dir,
    port,
    onionPath,
    server,
    spool,
    announced,
    url: `http://127.0.0.1:${port}`,
    oldKeyrings: () => oldKeyrings,
    close: () => void (isClosed = true),
    files: (folder) => filesUnder(join(dir, folder)),
    stop: async () => {
      server.closeAllConnections()
      onion.close()
      await new Promise((resolve) => server.close(resolve))
      await rm(dir, { recursive: true, force: true })
    },
  }
}

const pageStub: PageAssets = new Map([
  ['/assets/app.js', makeAsset('text/javascript; charset=utf-8', Buffer.from('0\n'.repeat(500)))],
  [
    '/assets/words-ko-first-x.js',
    makeAsset('text/javascript; charset=utf-8', Buffer.from('export {}\n')),
  ],
  ['/assets/offline.js', makeAsset('text/javascript; charset=utf-8', Buffer.from('run()\n'))],
  ['/assets/style.css', makeAsset('text/css; charset=utf-8', Buffer.from('p{}\n'))],
])

function keyringSource(isDemo: boolean, isClosed: () => boolean): KeyringSource {
  const served = {
    fingerprint: FINGERPRINT,
    isDemo,
    json: Buffer.from('{}\n'),
    signature: Buffer.from('signature\n'),
    recipients: '# list\n',
    recipientsX25519: '# classic list\n',
    expires: '2027-11-23',
    staff: [{ name: 'Kim', role: 'analyst' }],
    rootKey: 'RWroot',
  }
  return { isDemo, current: () => (isClosed() ? null : served) }
}

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== 'owner')
    .map((entry) => join(entry.parentPath, entry.name))
}

export const digest = (bytes: Uint8Array): string =>
  createHash('sha256').update(bytes).digest('hex')

const identity = await generateIdentity()
const recipient = await identityToRecipient(identity)

/** A real age file of about this many bytes. */
export async function sealRandom(bytes = 5000): Promise<Buffer> {
  const encrypter = new Encrypter()
  encrypter.addRecipient(recipient)
  return Buffer.from(await encrypter.encrypt(randomBytes(bytes)))
}

export async function sealWithPassphrase(): Promise<Buffer> {
  const encrypter = new Encrypter()
  encrypter.setPassphrase('correct horse')
  encrypter.setScryptWorkFactor(4)
  return Buffer.from(await encrypter.encrypt(randomBytes(10)))
}

export const JSON_ACCEPT = { Accept: 'application/json' }
export const RAW = { ...JSON_ACCEPT, 'Content-Type': 'application/octet-stream' }

export function postRaw(
  intake: Intake,
  body: Uint8Array,
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(`${intake.url}/submissions`, {
    method: 'POST',
    headers: { ...RAW, ...headers },
    body: new Uint8Array(body),
  })
}

export function postForm(
  intake: Intake,
  form: FormData,
  headers: Record<string, string> = JSON_ACCEPT,
): Promise<Response> {
  return fetch(`${intake.url}/submissions`, {
    method: 'POST',
    headers,
    body: form,
    redirect: 'manual',
  })
}

export function formOf(bytes: Uint8Array, fields: Record<string, string> = {}): FormData {
  const form = new FormData()
  form.append('envelope', new Blob([new Uint8Array(bytes)]), 'secret-name-of-file.age')
  for (const [name, value] of Object.entries(fields)) form.append(name, value)
  return form
}

/** A TCP connection whose bytes the test writes and reads itself. */
export class RawClient {
  readonly socket
  #seen = ''
  #wake: () => void = () => {}
  isClosed = false

  constructor(target: number | string) {
    this.socket = typeof target === 'number' ? connect(target, '127.0.0.1') : connect(target)
    this.socket.on('data', (bytes) => {
      this.#seen += bytes.toString('latin1')
      this.#wake()
    })
    this.socket.on('close', () => {
      this.isClosed = true
      this.#wake()
    })
    this.socket.on('error', () => {})
  }

  get seen(): string {
    return this.#seen
  }

  write(bytes: string | Uint8Array): void {
    this.socket.write(bytes)
  }

  /** Waits until the bytes received so far match. @throws when the connection ends first. */
  async until(pattern: RegExp): Promise<string> {
    while (!pattern.test(this.#seen)) {
      if (this.isClosed) throw new Error(`closed after ${JSON.stringify(this.#seen)}`)
      await this.#next()
    }
    return this.#seen
  }

  async closed(): Promise<string> {
    while (!this.isClosed) await this.#next()
    return this.#seen
  }

  #next(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve
    })
  }
}
