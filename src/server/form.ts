import { EventEmitter } from 'node:events'
import type { IncomingHttpHeaders } from 'node:http'
import type { Writable } from 'node:stream'
import type { Request, RequestHandler, Response } from 'express'
import multer, { MulterError } from 'multer'
import { envelopeField, keyringField } from '../wire/names.ts'
import { IntakeError } from './errors.ts'
import type { EnvelopeIntake } from './receive.ts'
import { SpoolStorage } from './spool-storage.ts'

/** Boundaries, part headers, text fields and whatever else is not the file, in bytes. */
export const MAX_FORM_OVERHEAD_BYTES = 1024 * 1024

/** A fingerprint has 64 digits; a field of a few hundred bytes is a mistake worth naming. */
export const MAX_FIELD_BYTES = 256

const LIMITS = {
  files: 1,
  fields: 1,
  parts: 2,
  fieldSize: MAX_FIELD_BYTES,
  fieldNameSize: 32,
  fieldNestingDepth: 0,
  headerPairs: 16,
}

/** Large pieces through the parser: fewer, bigger writes to the disk. */
const PARSER_BYTES = 256 * 1024

/**
 * What multer takes for the request. The real one stays ours: when a form is
 * refused, multer would read its body to the very end before it says so.
 */
class FormSource extends EventEmitter {
  readonly headers: IncomingHttpHeaders
  // multer waits for the rest of a body only while this is true
  readonly readable = false
  readonly destroyed = false
  readonly readableEnded = false
  body: Record<string, unknown> = {}
  isStopped = false

  constructor(headers: IncomingHttpHeaders) {
    super()
    this.headers = headers
  }

  unpipe(): void {
    this.isStopped = true
    this.emit('stopped')
  }

  read(): null {
    return null
  }

  resume(): void {}
}

/** A body whose reading can be ended from outside. */
export interface StoppableBody extends AsyncIterable<Uint8Array> {
  stop: () => void
}

/**
 * Reads a `multipart/form-data` body to its end and fills the intake with its one
 * file. Returns the text field `keyring`, or null. Committing is up to the caller.
 * @throws IntakeError, AgeError, StoreError; the intake is empty then.
 */
export async function readForm(
  headers: IncomingHttpHeaders,
  body: StoppableBody,
  intake: EnvelopeIntake,
): Promise<string | null> {
  const storage = new SpoolStorage(intake)
  const source = new FormSource(headers)
  const feeder = new Feeder(source, body, storage)
  try {
    await runMulter(source, storage, (parser) => feeder.start(parser))
    return checkForm(source.body, storage)
  } catch (cause) {
    throw feeder.failure ?? storage.failure ?? asFormError(cause)
  } finally {
    source.unpipe()
    body.stop()
    await Promise.all([storage.settled, feeder.settled])
  }
}

/** Carries the body into the parser, at the parser's pace. */
class Feeder {
  readonly #source: FormSource
  readonly #body: StoppableBody
  readonly #storage: SpoolStorage
  #settled: Promise<void> = Promise.resolve()
  #failure: unknown = null
  #fedBytes = 0

  constructor(source: FormSource, body: StoppableBody, storage: SpoolStorage) {
    this.#source = source
    this.#body = body
    this.#storage = storage
  }

  get settled(): Promise<void> {
    return this.#settled
  }

  get failure(): unknown {
    return this.#failure
  }

  start(parser: Writable): void {
    this.#settled = this.#feed(parser).catch((cause: unknown) => {
      this.#failure = cause
      this.#source.emit('error', cause)
    })
  }

  async #feed(parser: Writable): Promise<void> {
    for await (const chunk of this.#body) {
      if (this.#source.isStopped) return
      this.#count(chunk)
      if (!parser.write(chunk)) await this.#drained(parser)
    }
    if (!this.#source.isStopped) parser.end()
  }

  /**
   * Preambles, parts without a file name and the like would else be read and thrown away for ever.
   */
  #count(chunk: Uint8Array): void {
    this.#fedBytes += chunk.length
    if (this.#fedBytes - this.#storage.bytes <= MAX_FORM_OVERHEAD_BYTES) return
    throw new IntakeError('FORM_LIMITS', 'the form holds too much beside the file')
  }

  #drained(parser: Writable): Promise<void> {
    return new Promise((resolve) => {
      if (this.#source.isStopped || parser.destroyed) return resolve()
      const done = (): void => {
        parser.off('drain', done).off('close', done)
        this.#source.off('stopped', done)
        resolve()
      }
      parser.on('drain', done).on('close', done)
      // multer takes the parser's listeners away when it gives up; `unpipe` tells us
      this.#source.on('stopped', done)
    })
  }
}

function runMulter(
  source: FormSource,
  storage: SpoolStorage,
  feed: (parser: Writable) => void,
): Promise<void> {
  const options = {
    storage,
    limits: LIMITS,
    highWaterMark: PARSER_BYTES,
    fileHwm: PARSER_BYTES,
    streamHandler: (_request: unknown, parser: Writable) => feed(parser),
  }
  const parse: RequestHandler = multer(options).single(envelopeField)
  return new Promise((resolve, reject) => {
    const done = (cause?: unknown): void =>
      cause === undefined || cause === null ? resolve() : reject(cause)
    void parse(source as unknown as Request, {} as Response, done)
  })
}

function checkForm(fields: Record<string, unknown>, storage: SpoolStorage): string | null {
  const names = Object.keys(fields)
  if (!storage.hasFile && names.length === 0)
    throw new IntakeError('FORM_INVALID', 'the form has no part')
  // an `envelope` without a file name arrives as text
  if (!storage.hasFile) throw new IntakeError('MISSING_FILE', 'the form has no file')
  if (names.some((name) => name !== keyringField))
    throw new IntakeError('UNKNOWN_FIELD', 'the form has an unknown field')
  const keyring = fields[keyringField]
  return typeof keyring === 'string' ? keyring : null
}

/** Whatever multer and its parser say about the form; their own words are never passed on. */
function asFormError(cause: unknown): IntakeError {
  if (cause instanceof IntakeError) return cause
  if (!(cause instanceof MulterError))
    return new IntakeError('FORM_INVALID', 'the form cannot be parsed', cause)
  switch (cause.code) {
    case 'LIMIT_FILE_COUNT':
      return new IntakeError('TOO_MANY_FILES', 'the form has more than one file', cause)
    case 'LIMIT_UNEXPECTED_FILE':
      return cause.field === envelopeField
        ? new IntakeError('TOO_MANY_FILES', 'the form has more than one file', cause)
        : new IntakeError('UNKNOWN_FIELD', 'the form has a file in an unknown field', cause)
    default:
      return new IntakeError('FORM_LIMITS', 'the form is over a limit', cause)
  }
}
