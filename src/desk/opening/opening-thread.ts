import { parentPort, workerData } from 'node:worker_threads'
import { Identity } from '../../age/keys.ts'
import { nodeChunkCipher } from '../../age/node-cipher.ts'
import { loadSodiumPrimitives } from '../../age/sodium.ts'
import { inlineEngine } from '../../age/stream.ts'
import type {
  EnvelopeOnStick,
  ImportResult,
  ImportTools,
  KnownIdentity,
} from './import-envelope.ts'
import { importEnvelope } from './import-envelope.ts'

/** The data a thread starts with. Its copy of the secrets disappears with the thread. */
export interface ThreadBeginning {
  casebook: string
  tool: string
  openedAt: string
  identities: readonly ({
    kind: Identity['kind']
    secret: Uint8Array
    publicKey: Uint8Array
  } & Omit<KnownIdentity, 'identity'>)[]
}

export type ToThread = { envelope: EnvelopeOnStick } | 'end'
/** `failure`: an error of the casebook's disk, with its code. */
export type FromThread =
  | { bytes: number }
  | { result: ImportResult }
  | { failure: { code: string; message: string } }

const port = parentPort
const { casebook, tool, openedAt, identities } = workerData as ThreadBeginning
const tools: ImportTools = {
  primitives: await loadSodiumPrimitives(),
  engine: inlineEngine(nodeChunkCipher),
  identities: identities.map(({ kind, secret, publicKey, ...known }) => ({
    identity: new Identity(kind, secret, publicKey),
    ...known,
  })),
  tool,
  openedAt,
  onBytes: (bytes) => say({ bytes }),
}

port?.on('message', (message: ToThread) => {
  if (message !== 'end') return void open(message.envelope)
  for (const { identity } of tools.identities) identity.wipe()
  port.close()
})

async function open(envelope: EnvelopeOnStick): Promise<void> {
  try {
    say({ result: await importEnvelope(tools, envelope, casebook) })
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    say({ failure: { code: code ?? 'UNKNOWN', message } })
  }
}

function say(message: FromThread): void {
  port?.postMessage(message)
}
