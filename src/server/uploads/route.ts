import { type Lock, Server } from '@tus/server'
import type {
  Express,
  Request as ExpressRequest,
  RequestHandler,
  Response as ExpressResponse,
} from 'express'
import { isUploadId } from '../../store/upload-folder.ts'
import { pathBelow, receiptHeader, tusVersion, uploadsPath } from '../../wire/names.ts'
import { IntakeError } from '../errors.ts'
import type { KeyringSource } from '../keyring-source.ts'
import { RequestBody, whenGone } from '../request-body.ts'
import type { SpaceState } from '../space-state.ts'
import type { Admission, Fairness } from '../fairness/fairness.ts'
import { expiryOf } from './expiry.ts'
import { type Exchange, SpoolDataStore } from './spool-data-store.ts'
import { problemOfFailure, problemOfStatus } from './tus-failure.ts'
import { checkCreation, checkTusHeaders, readKeyringField, tusRequest } from './tus-request.ts'
import type { UploadLocks } from './locks.ts'
import type { Uploads } from './uploads.ts'

export interface UploadRouteParts {
  uploads: Uploads
  fairness: Fairness
  keyring: KeyringSource
  space: SpaceState
  maxBytes: number
}

const ID_BYTES = 16

/**
 * The only headers of `@tus/server` that are sent; its `Access-Control-*` headers would admit any
 * site.
 */
const ANSWERED = [
  'Location',
  'Tus-Extension',
  'Tus-Max-Size',
  'Tus-Version',
  'Upload-Length',
  'Upload-Offset',
] as const

/** Adds `/uploads`: tus 1.0.0 over the spool. There is no `GET`: envelopes cannot be read here. */
export function addUploads(app: Express, parts: UploadRouteParts): void {
  const handle = (request: ExpressRequest, response: ExpressResponse): Promise<void> =>
    answerUpload(parts, request, response)
  app.route(uploadsPath).post(handle).options(handle).all(allowOnly('POST, OPTIONS'))
  app
    .route(pathBelow(uploadsPath, ':id'))
    .head(handle)
    .patch(handle)
    .delete(handle)
    .options(handle)
    .all(allowOnly('HEAD, PATCH, DELETE, OPTIONS'))
}

async function answerUpload(
  parts: UploadRouteParts,
  request: ExpressRequest,
  response: ExpressResponse,
): Promise<void> {
  response.set('Tus-Resumable', tusVersion)
  const body = new RequestBody(request, response)
  const { gone } = whenGone(request)
  const stop = (): void => {
    exchange.isStopped = true
    body.stop()
    gone.abort()
  }
  const exchange: Exchange = {
    request,
    body,
    stop,
    signal: gone.signal,
    isStopped: false,
    isOldKeyring: false,
    upload: null,
    admission: null,
  }
  try {
    const answer = await runTus(parts, request, exchange)
    copyAnswer(answer, exchange, { response, silentDays: parts.uploads.silentDays })
  } catch (cause) {
    if (exchange.admission !== null)
      await removeUnnamed(parts.uploads, exchange, exchange.admission)
    if (cause instanceof IntakeError && cause.code === 'TUS_VERSION')
      response.set('Tus-Version', tusVersion)
    if (!isBrokenOff(cause)) throw cause
    // a client that is still connected sees the connection end; every tus client then asks for the
    // offset
    request.socket.destroy()
  }
}

async function runTus(
  parts: UploadRouteParts,
  request: ExpressRequest,
  exchange: Exchange,
): Promise<Response> {
  const { method, headers } = request
  const id = request.params['id']
  checkTusHeaders(method, headers)
  if (id !== undefined && !isUploadId(String(id)))
    throw new IntakeError('NOT_FOUND', 'no such upload')
  if (method === 'POST') parts.space.admit(checkCreation(headers, parts.maxBytes))
  if (method === 'POST') exchange.admission = await parts.fairness.admitEnvelope(request)
  if (method === 'POST')
    exchange.isOldKeyring = isOld(
      readKeyringField(headers['upload-metadata']?.toString()),
      parts.keyring,
    )
  let failure: unknown = null
  const server = new Server({
    path: uploadsPath,
    relativeLocation: true,
    maxSize: parts.maxBytes,
    namingFunction: () =>
      parts.fairness.random(parts.fairness.circuitOf(request), ID_BYTES).toString('hex'),
    datastore: new SpoolDataStore(parts.uploads, parts.fairness, exchange),
    locker: { newLock: (of) => lockOf(parts.uploads.locks, of, exchange.stop) },
    onResponseError: (_request, error) => {
      failure = error
      return undefined
    },
  })
  const answer = await server.handleWeb(
    tusRequest(
      method,
      id === undefined ? uploadsPath : pathBelow(uploadsPath, String(id)),
      headers,
    ),
  )
  if (failure !== null) throw problemOfFailure(failure)
  if (answer.status >= 300) throw problemOfStatus(answer.status)
  return answer
}

/** Removes an upload whose creation failed after all: its sender will never learn the id. */
async function removeUnnamed(
  uploads: Uploads,
  { upload }: Exchange,
  { giveBack }: Admission,
): Promise<void> {
  if (upload === null) giveBack()
  else if (!upload.isWhole) await uploads.remove(upload)
}

function lockOf(locks: UploadLocks, id: string, stop: () => void): Lock {
  let release = (): void => {}
  return {
    lock: async () => {
      release = await locks.acquire(id, stop)
    },
    unlock: async () => release(),
  }
}

/**
 * Whether the tip is sealed to another keyring than the current one. This is neither logged nor
 * refused: the server cannot know better than the sender which keyring it is.
 */
function isOld(fingerprint: string | null, keyring: KeyringSource): boolean {
  return fingerprint !== null && fingerprint !== keyring.current()?.fingerprint
}

function isBrokenOff(cause: unknown): boolean {
  return cause instanceof IntakeError && (cause.code === 'ABORTED' || cause.code === 'BODY_TIMEOUT')
}

function copyAnswer(
  answer: Response,
  { upload }: Exchange,
  { response, silentDays }: { response: ExpressResponse; silentDays: number },
): void {
  for (const name of ANSWERED) {
    const value = answer.headers.get(name)
    if (value !== null) response.set(name, value)
  }
  if (upload !== null && upload.receipt !== null) response.set(receiptHeader, upload.receipt)
  // tus 1.0.0, Expiration: the header is in every answer for as long as the upload may expire
  else if (upload !== null)
    response.set('Upload-Expires', expiryOf(upload.day, silentDays).toUTCString())
  if (answer.status !== 204) response.set('Content-Length', '0')
  response.status(answer.status).end()
}

function allowOnly(methods: string): RequestHandler {
  return (_request, response) => {
    response.set('Allow', methods)
    throw new IntakeError('METHOD_NOT_ALLOWED', `only ${methods}`)
  }
}
