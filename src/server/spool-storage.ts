import type { Readable } from 'node:stream'
import type { StorageEngine } from 'multer'
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
      await this.#intake.fill(file.stream)
    } catch (cause) {
      this.#failure = cause
      throw cause
    }
  }
}
