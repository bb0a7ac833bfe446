/**
 * The page's own code from choosing a file to the receipt, without a network: `PATH` is the file.
 * Prints the seconds and the CPU seconds that it took as JSON.
 */
import { createHash } from 'node:crypto'
import { openAsBlob } from 'node:fs'
import { generateIdentity } from '../../src/age/keys.ts'
import { noblePrimitives } from '../../src/age/noble.ts'
import { Backoff } from '../../src/page/sealing/backoff.ts'
import { engineInThisThread } from '../../src/page/sealing/chunk-engine.ts'
import { fastBulk as bulk } from '../../src/page/sealing/fast-bulk.ts'
import { PreparedFiles } from '../../src/page/sealing/prepared-files.ts'
import { ProgressMeter } from '../../src/page/sealing/progress-meter.ts'
import { sealEnvelope } from '../../src/page/sealing/seal-envelope.ts'
import { sendEnvelope } from '../../src/page/sealing/send-envelope.ts'
import { SendingControl } from '../../src/page/sealing/sending-control.ts'
import type { Exchange } from '../../src/page/sealing/xhr-exchange.ts'

const [, , path = ''] = process.argv
const recipients = [generateIdentity(noblePrimitives, 'hybrid')]

/** A server that accepts everything and stores nothing. */
const received = createHash('sha256')
let offset = 0
let length = 0
const exchange: Exchange = async ({ method, headers, body }) => {
  if (method === 'POST') length = Number(headers['Upload-Length'])
  received.update(body ?? new Uint8Array(0))
  offset += body?.length ?? 0
  const answered: Record<string, string | null> = {
    Location: '/uploads/1',
    'Upload-Offset': String(offset),
    'Tumen-Receipt': offset === length ? received.copy().digest('hex') : null,
  }
  return {
    status: method === 'POST' ? 201 : 204,
    header: (name) => answered[name] ?? null,
    text: '',
  }
}

const start = performance.now()
const cpuBefore = process.cpuUsage()
const prepared = new PreparedFiles(
  async (content) => ({ outcome: 'none_found', content }),
  async () => bulk,
)
const chosen = Object.assign(await openAsBlob(path), {
  name: 'video.mp4',
  lastModified: 0,
  webkitRelativePath: '',
})
const files = [await prepared.add(1, chosen as File, 'keep')]
const engine = engineInThisThread(bulk.cipher)
const meter = new ProgressMeter(
  'preparing',
  0,
  () => undefined,
  () => performance.now(),
)
await sendEnvelope(
  {
    exchange,
    loadUpload: () => import('../../src/page/sealing/upload-round.ts'),
    loadSolver: () => import('../../src/page/sealing/solve-in-page.ts'),
    origin: 'http://x.onion',
    online: new EventTarget(),
    backoff: new Backoff(),
  },
  {
    seal: () => sealEnvelope({ engine, tip: { narrative: 'x' }, files, recipients }),
    keyring: '0'.repeat(64),
    startSha256: bulk.startSha256,
    control: new SendingControl(),
    meter,
  },
)
meter.stop()
const { user, system } = process.cpuUsage(cpuBefore)
console.log(
  JSON.stringify({
    seconds: (performance.now() - start) / 1000,
    cpuSeconds: (user + system) / 1e6,
  }),
)
