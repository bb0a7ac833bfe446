import { parentPort, workerData } from 'node:worker_threads'
import type { EnvelopeOnStick, ImportResult } from './import-envelope.ts'
import { importEnvelope } from './import-envelope.ts'
import type { ThreadBeginning } from './thread-tools.ts'
import { toolsOf } from './thread-tools.ts'

export type ToThread = { envelope: EnvelopeOnStick } | 'end'
/** `failure`: an error of the casebook's disk, with its code. */
export type FromThread =
  | { bytes: number }
  | { result: ImportResult }
  | { failure: { code: string; message: string } }

const port = parentPort
const beginning = workerData as ThreadBeginning
const { tools, close } = await toolsOf(beginning, (bytes) => say({ bytes }))

port?.on('message', (message: ToThread) => {
  if (message !== 'end') return void open(message.envelope)
  void close().then(() => port.close())
})

async function open(envelope: EnvelopeOnStick): Promise<void> {
  try {
    say({ result: await importEnvelope(tools, envelope, beginning.casebook) })
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    say({ failure: { code: code ?? 'UNKNOWN', message } })
  }
}

function say(message: FromThread): void {
  port?.postMessage(message)
}
