import type { Readable } from 'node:stream'
import type { StorageEngine } from 'multer'
import { IntakeError } from './errors.ts'
import type { EnvelopeIntake } from './receive.ts'

/** The part of multer's file that is used here: never its name, never its type. */
interface FilePart {
  stream: Readable
}

/**
 * A multer storage engine that streams the file into the spool. It does not commit: what follows
 * the file in the form may still be refused, and then nothing may be kept. The form commits after
 * it has been read to its end.
 */
export class SpoolStorage {
  readonly #intake: EnvelopeIntake
  #settled: Promise<void> = Promise.resolve()
  #failure: unknown = null
  #hasFile = false

  constructor(intake: EnvelopeIntake) {
    this.#intake = intake
  }

  /** Whether a file part was seen. */
  get hasFile(): boolean {
    return this.#hasFile
  }

  get bytes(): number {
    return this.#intake.bytes
  }

  /**
   * An error of our own, which multer would confuse with those of the form; null when there is
   * none.
   */
  get failure(): unknown {
    return this.#failure
  }

  /** Resolves when nothing is being written any more. */
  get settled(): Promise<void> {
    return this.#settled
  }

  readonly _handleFile: StorageEngine['_handleFile'] = (_request, file, callback) => {
    this.#hasFile = true
    this.#settled = this.#fill(file).then(
      () => callback(null, {}),
      (cause: unknown) => callback(cause),
    )
  }

  readonly _removeFile: StorageEngine['_removeFile'] = (_request, _file, callback) => {
    this.#intake.discard().then(() => callback(null), callback)
  }

  async #fill(file: FilePart): Promise<void> {
    try {
      await this.#intake.fill(piecesOf(file.stream))
    } catch (cause) {
      this.#failure = cause
      throw cause
    }
  }
}

/**
 * The pieces of a stream as they were pushed into it. The stream's own iterator joins all pieces
 * that wait, which copies nearly every byte of a large file.
 */
async function* piecesOf(stream: Readable): AsyncGenerator<Uint8Array> {
  const waiting: Uint8Array[] = []
  let wake = (): void => {}
  const woken = (): void => wake()
  stream.on('data', (piece: Uint8Array) => {
    stream.pause()
    waiting.push(piece)
    wake()
  })
  stream.on('end', woken).on('error', woken).on('close', woken)
  try {
    for (;;) {
      const piece = waiting.shift()
      if (piece !== undefined) yield piece
      else if (stream.readableEnded) return
      else if (stream.destroyed) throw stream.errored ?? endedEarly()
      else {
        stream.resume()
        await new Promise<void>((resolve) => (wake = resolve))
      }
    }
  } finally {
    stream.destroy()
  }
}

function endedEarly(): IntakeError {
  return new IntakeError('FORM_INVALID', 'the file in the form ended early')
}
