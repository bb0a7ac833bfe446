import { onTestFinished } from 'vitest'
import { openFile, unwrapWith } from '../../../src/age/file.ts'
import { inlineEngine } from '../../../src/age/stream.ts'
import { formatKeyring } from '../../../src/keyring/keyring.ts'
import { formatPublicKeyLine, generateSigningKey } from '../../../src/keyring/minisign.ts'
import { signKeyring } from '../../../src/keyring/sign.ts'
import { Backoff } from '../../../src/page/sealing/backoff.ts'
import type { ChunkThread } from '../../../src/page/sealing/chunk-threads.ts'
import { startChunkEngine } from '../../../src/page/sealing/chunk-engine.ts'
import type { FromWorker, ToWorker, WorkerPort } from '../../../src/page/sealing/protocol.ts'
import type { Sealer, SendingProgress } from '../../../src/page/sealing/sealer.ts'
import type { SealingWorker } from '../../../src/page/sealing/sealer-client.ts'
import { connectSealer } from '../../../src/page/sealing/sealer-client.ts'
import { fetchKeyring } from '../../../src/page/sealing/fetch-keyring.ts'
import type { SealerDependencies } from '../../../src/page/sealing/sealer-host.ts'
import { SealerHost } from '../../../src/page/sealing/sealer-host.ts'
import { serveChunks } from '../../../src/page/sealing/serve-chunks.ts'
import { serveWorker } from '../../../src/page/sealing/worker-host.ts'
import { createExchange } from '../../../src/page/sealing/xhr-exchange.ts'
import type { DetentionTip } from '../../../src/tip/schema.ts'
import { parseTip } from '../../../src/tip/tip-json.ts'
import { day, holdCeremony, primitives } from '../../support/ceremony.ts'
import { pieces } from '../../age/pieces.ts'
import { readAll } from '../../tip/streams.ts'
import { newXhr } from './fake-xhr.ts'

export const ceremony = holdCeremony()
export const root = generateSigningKey()
export const keyringJson = formatKeyring(ceremony.keyring)
export const keyringSignature = signKeyring(keyringJson, root)
export const rootKey = formatPublicKeyLine(root.publicKey)

/** A `fetch` that serves these files as a real intake would. */
export function serveFiles(files: Record<string, string | Uint8Array>): typeof fetch {
  return async (url) => {
    const body = files[new URL(String(url)).pathname]
    return body === undefined ? new Response(null, { status: 404 }) : new Response(body as BodyInit)
  }
}

export const keyringFiles = {
  '/keyring.json': keyringJson,
  '/keyring.json.minisig': keyringSignature,
}

/** Both ends of a worker's channel, in this thread. */
export function startWorkerHere(
  serve: (port: WorkerPort) => void,
): SealingWorker & { die(): void } {
  const [page, inside] = [new EventTarget(), new EventTarget()]
  let isEnded = false
  const post = (to: EventTarget, data: ToWorker | FromWorker) =>
    queueMicrotask(
      () => void (isEnded || to.dispatchEvent(Object.assign(new Event('message'), { data }))),
    )
  const listen = (target: EventTarget) => (type: string, listener: unknown) =>
    target.addEventListener(type, listener as EventListener)
  serve({ postMessage: (message) => post(page, message), addEventListener: listen(inside) })
  return {
    // A real channel copies. Files are not copied here: Node cannot copy every kind of them.
    postMessage: (message) =>
      post(inside, message.type === 'openAnswers' ? structuredClone(message) : message),
    addEventListener: listen(page),
    terminate: () => void (isEnded = true),
    die: () => void page.dispatchEvent(new Event('error')),
  }
}

/** A chunk worker that receives buffers by transfer, as a real one does. */
export function spawnChunkThread(): ChunkThread {
  const { port1, port2 } = new MessageChannel()
  void serveChunks(port2)
  onTestFinished(() => port1.close())
  return Object.assign(port1, { terminate: () => port1.close() })
}

export interface SiteOptions {
  hasKeyring?: boolean
  loadRest?: () => Promise<void>
}

export interface Site {
  sealer: Sealer
  online: EventTarget
  worker: ReturnType<typeof startWorkerHere>
}

/**
 * The whole path from the form to the network, with a real socket to `origin`.
 * @param options.hasKeyring whether the worker has the keyring already
 * @param options.loadRest called before the worker's code is loaded
 */
export function startSite(
  origin: string,
  changes: Partial<SealerDependencies> = {},
  { hasKeyring = true, loadRest = async () => undefined }: SiteOptions = {},
): Site {
  const online = new EventTarget()
  const parts: SealerDependencies = {
    origin,
    online,
    fetch: serveFiles(keyringFiles),
    exchange: createExchange(newXhr),
    startEngine: (cipher) => startChunkEngine(spawnChunkThread, cipher),
    backoff: quickBackoff(),
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    indexWaitMs: 60_000,
    clean: async (content) => ({ outcome: 'none_found', content }),
    today: () => day,
    now: () => performance.now(),
    sliceBytes: 256 * 1024,
    ...changes,
  }
  const worker = startWorkerHere((port) =>
    serveWorker(port, {
      today: parts.today,
      startThreads: async () => [],
      async loadRest() {
        await loadRest()
        return (ownPort) => new SealerHost(ownPort, parts)
      },
    }),
  )
  if (hasKeyring)
    worker.postMessage({
      type: 'loadKeyring',
      call: 0,
      files: { bytes: keyringJson, signature: Buffer.from(keyringSignature) },
      rootKey,
    })
  const source = { rootKey, fetchKeyring: () => fetchKeyring({ fetch: parts.fetch, origin }) }
  return { sealer: connectSealer(worker, source), online, worker }
}

/** Retries after milliseconds, so that no test waits for seconds. */
export function quickBackoff(): Backoff {
  const backoff = new Backoff()
  backoff.nextMs = () => 5
  return backoff
}

export interface Opened {
  tip: DetentionTip
  files: Map<string, Uint8Array>
}

/** Opens an envelope as the desk does: with the desk's primitives and the complete schema. */
export async function openSealed(envelope: Uint8Array): Promise<Opened> {
  const plaintext = openFile(
    { primitives, engine: inlineEngine(primitives) },
    unwrapWith(primitives, [ceremony.identity]),
    pieces(envelope, 100_000),
  )
  const files = await readAll(plaintext)
  return { tip: parseTip(files.get('tip.json') ?? new Uint8Array(0)), files }
}

/** Sends the tip and collects each progress report. */
export async function sendAll(
  sealer: Sealer,
  tip: DetentionTip,
  fileIds: readonly number[] = [],
): Promise<{ receipt: string; progress: SendingProgress[] }> {
  const progress: SendingProgress[] = []
  const { receipt } = await sealer.send(tip, fileIds, (report) => progress.push(report)).done
  return { receipt, progress }
}
