import { once } from 'node:events'
import { existsSync, readdirSync } from 'node:fs'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { EnvelopeWalker } from '../../../src/age/walk.ts'
import { createApp } from '../../../src/server/app.ts'
import { SpaceState } from '../../../src/server/space-state.ts'
import { Fairness } from '../../../src/server/fairness/fairness.ts'
import { limitsFor } from '../../../src/server/fairness/limits.ts'
import { createIntakeServer } from '../../../src/server/http-server.ts'
import { openUploads, type Uploads } from '../../../src/server/uploads/uploads.ts'
import { openFsStore } from '../../../src/store/fs-store.ts'
import type { Statfs } from '../../../src/store/space.ts'
import { FINGERPRINT } from '../harness.ts'

export const START = new Date('2026-11-23T17:45:12.345Z')

export interface UploadSiteOptions {
  dir: string
  maxBytes?: number
  maxUploads?: number
  maxUnfinished?: number
  idleSeconds?: number
  statfs?: Statfs
  now?: () => Date
}

export interface UploadSite {
  dir: string
  port: number
  url: string
  server: Server
  uploads: Uploads
  fairness: Fairness
  space: SpaceState
  announced: string[]
  oldKeyrings: () => number
  /** Names of the files in a folder of the data folder, except `boot` and `owner`. */
  files: (folder: 'incoming' | 'uploads' | 'tmp') => string[]
  stop: () => Promise<void>
}

const plenty: Statfs = () => ({ blocks: 10_000_000, bavail: 10_000_000, bsize: 4096 })

/** Starts a real intake on a real port. Its folder is kept when the intake stops. */
export async function startUploadSite(options: UploadSiteOptions): Promise<UploadSite> {
  const {
    dir,
    maxBytes = 4_000_000,
    maxUploads = 8,
    maxUnfinished = 8,
    idleSeconds = 30,
    statfs = plenty,
    now = () => START,
  } = options
  const clock = { now }
  const announced: string[] = []
  let oldKeyrings = 0
  const spool = await openFsStore({ dir, instance: 'test', reserveBytes: 0, clock, statfs })
  const space = new SpaceState({
    freeBytes: () => spool.space.freeBytes(),
    maxBytes,
    stepMinutes: 15,
    clock,
  })
  const shared = {
    clock,
    queue: { announce: (receipt: string) => void announced.push(receipt) },
    counters: { countOldKeyring: () => void (oldKeyrings += 1) },
  }
  const uploads = await openUploads({
    ...shared,
    dir,
    store: spool,
    createWalker: () => new EnvelopeWalker(),
    space,
    maxBytes,
    maxUnfinished,
    circuitUnfinished: 64,
    silentDays: 1,
  })
  const served = {
    fingerprint: FINGERPRINT,
    isDemo: true,
    json: Buffer.from('{}\n'),
    signature: Buffer.from('signature\n'),
    recipients: '',
    recipientsX25519: '',
    expires: '2027-11-23',
    staff: [],
    rootKey: 'RWroot',
  }
  const fairness = new Fairness(limitsFor(maxUploads))
  const app = createApp({
    ...shared,
    spool,
    space,
    uploads,
    keyring: { isDemo: true, current: () => served },
    page: new Map(),
    limits: { maxBytes, retentionDays: 30 },
    fairness,
  })
  const server = createIntakeServer(app, { idleSeconds, fairness })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    dir,
    port,
    server,
    uploads,
    fairness,
    space,
    announced,
    url: `http://127.0.0.1:${port}`,
    oldKeyrings: () => oldKeyrings,
    files: (folder) => namesIn(join(dir, folder)),
    stop: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await uploads.close()
    },
  }
}

export function namesIn(folder: string): string[] {
  if (!existsSync(folder)) return []
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map(({ name }) => name)
    .filter((name) => name !== 'boot' && name !== 'owner')
    .sort()
}

export const TUS = { 'Tus-Resumable': '1.0.0' }
export const CHUNK = { ...TUS, 'Content-Type': 'application/offset+octet-stream' }

export function announce(
  site: { url: string },
  bytes: number,
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(`${site.url}/uploads`, {
    method: 'POST',
    headers: { ...TUS, 'Upload-Length': `${bytes}`, ...headers },
  })
}

/** @returns the path of a new upload. */
export async function createUpload(
  site: { url: string },
  bytes: number,
  headers: Record<string, string> = {},
): Promise<string> {
  const answer = await announce(site, bytes, headers)
  if (answer.status !== 201) throw new Error(`not created: ${answer.status} ${await answer.text()}`)
  return answer.headers.get('location') ?? ''
}

export function patch(
  site: { url: string },
  path: string,
  offset: number,
  body: Uint8Array,
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(site.url + path, {
    method: 'PATCH',
    headers: { ...CHUNK, 'Upload-Offset': `${offset}`, ...headers },
    body: new Uint8Array(body),
  })
}

export function head(site: { url: string }, path: string): Promise<Response> {
  return fetch(site.url + path, { method: 'HEAD', headers: TUS })
}

export async function offsetOf(site: { url: string }, path: string): Promise<number> {
  const answer = await head(site, path)
  if (answer.status !== 200) throw new Error(`HEAD answered ${answer.status}`)
  return Number(answer.headers.get('upload-offset'))
}

/** The head of a PATCH request as text, for `RawClient`. */
export function patchHead(path: string, offset: number, length: number): string {
  const lines = [
    `PATCH ${path} HTTP/1.1`,
    'Host: x',
    'Tus-Resumable: 1.0.0',
    'Content-Type: application/offset+octet-stream',
    `Upload-Offset: ${offset}`,
    `Content-Length: ${length}`,
  ]
  return `${lines.join('\r\n')}\r\n\r\n`
}
