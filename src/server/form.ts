import { EventEmitter } from 'node:events'
import type { IncomingHttpHeaders } from 'node:http'
import type { Writable } from 'node:stream'
import type { Request, RequestHandler, Response } from 'express'
import multer, { MulterError } from 'multer'
import { envelopeField, keyringField } from '../wire/names.ts'
import { IntakeError } from './errors.ts'
import type { EnvelopeIntake } from './receive.ts'
import { SpoolStorage } from './spool-storage.ts'

/**
 * Maximum size of everything in the form except the file: boundaries, part headers and text fields.
 */
export const MAX_FORM_OVERHEAD_BYTES = 1024 * 1024

/**
 * A fingerprint has 64 digits. A slightly longer field is probably a mistake, which deserves a
 * specific error.
 */
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

/** The parser gets large pieces, so that there are fewer and larger writes to the disk. */
const PARSER_BYTES = 256 * 1024

/**
 * Given to multer in place of the request. multer does not get the real one: when it refuses a
 * form, it would read the body to the very end before it reports the refusal.
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
 * Reads a `multipart/form-data` body to its end and fills the intake with its one file. Returns the
 * text field `keyring`, or null. The caller has to commit.
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

/** Passes the body to the parser as fast as the parser takes it. */
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
   * Limits preambles, parts without a file name and the like, which would otherwise be read and
   * discarded without end.
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
      // multer removes the parser's listeners when it gives up, and calls `unpipe`
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

/** Turns any error of multer or its parser into one of ours; their messages are never passed on. */
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
