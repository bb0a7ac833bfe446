/**
 * Seals and sends one file of zeros in a separate process: `node seal-in-child.mjs PATH`. Prints
 * the digest of the envelope, and the memory and time that it took, as JSON. Its randomness is a counter so that
 * two runs can be compared; only a test may seal like this.
 */
import { createHash } from 'node:crypto'
import { openAsBlob } from 'node:fs'
import { generateIdentity, recipientOf } from '../../../src/age/keys.ts'
import { noblePrimitives } from '../../../src/age/noble.ts'
import { Backoff } from '../../../src/page/sealing/backoff.ts'
import { engineInThisThread } from '../../../src/page/sealing/chunk-engine.ts'
import { fastBulk as bulk } from '../../../src/page/sealing/fast-bulk.ts'
import { PreparedFiles } from '../../../src/page/sealing/prepared-files.ts'
import { ProgressMeter } from '../../../src/page/sealing/progress-meter.ts'
import { sealEnvelope } from '../../../src/page/sealing/seal-envelope.ts'
import { sendEnvelope } from '../../../src/page/sealing/send-envelope.ts'
import { SendingControl } from '../../../src/page/sealing/sending-control.ts'
import type { Exchange } from '../../../src/page/sealing/xhr-exchange.ts'
import type { Report } from './bundle-child.ts'

const [, , path = ''] = process.argv
let counter = 0
globalThis.crypto.getRandomValues = <Bytes extends ArrayBufferView | null>(bytes: Bytes): Bytes => {
  if (bytes)
    new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength).forEach(
      (_byte, at, all) => void (all[at] = counter++),
    )
  return bytes
}

/** A server that accepts everything and stores nothing. */
const received = createHash('sha256')
let offset = 0
let length = 0
const exchange: Exchange = async ({ method, headers, body }) => {
  if (method === 'POST') length = Number(headers['Upload-Length'])
  received.update(body ?? new Uint8Array(0))
  offset += body?.length ?? 0
  const receipt = offset === length ? received.copy().digest('hex') : null
  const answered: Record<string, string | null> = {
    Location: '/uploads/1',
    'Upload-Offset': String(offset),
    'Tumen-Receipt': receipt,
  }
  // Yields, so that memory is freed as it would be with a real connection.
  await new Promise((resolve) => setTimeout(resolve, 1))
  return {
    status: method === 'POST' ? 201 : 204,
    header: (name) => answered[name] ?? null,
    text: '',
  }
}

async function openFile(): Promise<File> {
  const blob = await openAsBlob(path)
  return Object.assign(blob, { name: 'zeros', lastModified: 0, webkitRelativePath: '' }) as File
}

const identity = generateIdentity(noblePrimitives, 'hybrid')
const baseline = process.memoryUsage.rss()
const start = performance.now()
const cpuBefore = process.cpuUsage()
const prepared = new PreparedFiles(async (content) => ({ outcome: 'none_found', content }))
const files = [await prepared.add(1, await openFile(), 'keep')]
const engine = engineInThisThread(bulk.cipher)
const seal = () => sealEnvelope({ engine, tip: { narrative: 'x' }, files, recipients: [identity] })
const meter = new ProgressMeter(
  'preparing',
  0,
  () => undefined,
  () => performance.now(),
)
const parts = {
  exchange,
  origin: 'http://x.onion',
  online: new EventTarget(),
  backoff: new Backoff(),
}
const receipt = await sendEnvelope(parts, {
  seal,
  keyring: '0'.repeat(64),
  startSha256: bulk.startSha256,
  control: new SendingControl(),
  meter,
})
meter.stop()
const { user, system } = process.cpuUsage(cpuBefore)
const peakBytes = process.resourceUsage().maxRSS * 1024
console.log(
  JSON.stringify({
    receipt,
    recipient: recipientOf(identity),
    addedMebibytes: (peakBytes - baseline) / 1024 ** 2,
    hasWebAssembly: typeof WebAssembly !== 'undefined',
    seconds: (performance.now() - start) / 1000,
    cpuSeconds: (user + system) / 1e6,
  } satisfies Report),
)
