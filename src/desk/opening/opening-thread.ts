import { parentPort, workerData } from 'node:worker_threads'
import type { EnvelopeOnStick, ImportResult } from './import-envelope.ts'
import { importEnvelope } from './import-envelope.ts'
import type { ThreadBeginning } from './thread-tools.ts'
import { toolsOf } from './thread-tools.ts'

export type ToThread = { envelope: EnvelopeOnStick } | 'end'
/** `failure`: an error of the casebook's disk, with what Node says about it. */
export type FromThread = { bytes: number } | { result: ImportResult } | { failure: ThreadFailure }

/** An `Error` loses its own properties when it is sent to another thread. */
type ThreadFailure = {
  [Key in 'message' | 'code' | 'errno' | 'syscall' | 'path']: NodeJS.ErrnoException[Key]
}

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
    const { message, code, errno, syscall, path } = error as NodeJS.ErrnoException
    say({ failure: { message, code, errno, syscall, path } })
  }
}

function say(message: FromThread): void {
  port?.postMessage(message)
}
