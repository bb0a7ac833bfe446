import type { Request, Response } from 'express'
import { AgeError } from '../age/errors.ts'
import type { BlobStore } from '../store/blob-store.ts'
import { envelopeType, pathBelow, receiptsPath } from '../wire/names.ts'
import { IntakeError } from './errors.ts'
import type { Fairness } from './fairness/fairness.ts'
import { MAX_FORM_OVERHEAD_BYTES, readForm } from './form.ts'
import type { KeyringSource } from './keyring-source.ts'
import { type EnvelopeIntake, openIntake, type Received, type Walker } from './receive.ts'
import { frameOf } from './page-routes.ts'
import { receivedPage } from './received-page.ts'
import { mediaTypeOf } from './media-type.ts'
import { sendPage } from './routing.ts'
import { RequestBody, waitWhileConnected } from './request-body.ts'
import type { SpaceState } from './space-state.ts'

export interface SubmissionParts {
  spool: Pick<BlobStore, 'stage'>
  space: SpaceState
  queue: { announce(receipt: string): void }
  counters: { countOldKeyring(): void }
  keyring: KeyringSource
  fairness: Fairness
  maxBytes: number
  createWalker: () => Walker
}

type BodyKind = 'form' | 'raw'

/**
 * `POST /submissions`. Every check that the head of the request allows comes before its body is
 * asked for, and before the request counts as a tip.
 */
export async function submit(
  parts: SubmissionParts,
  request: Request,
  response: Response,
): Promise<void> {
  const kind = kindOf(request)
  const announcedBytes = checkLength(request, kind, parts.maxBytes)
  parts.space.admit(announcedBytes ?? 0)
  const { entry, giveBack } = await parts.fairness.admitEnvelope(request)
  const body = new RequestBody(request, response)
  const release = await waitWhileConnected(request, (signal) =>
    parts.fairness.takeSlot({
      request,
      kind: 'whole',
      entry,
      receivedBytes: () => body.receivedBytes,
      cut: () => body.fail('TOO_MANY_UPLOADS'),
      signal,
    }),
  ).catch((cause: unknown) => {
    giveBack()
    throw cause
  })
  try {
    const received = await receiveBody(parts, request, { body, kind, announcedBytes })
    parts.queue.announce(received.receipt)
    answerReceived(parts, request, response, received)
  } finally {
    release()
  }
}

async function receiveBody(
  parts: SubmissionParts,
  request: Request,
  posted: { body: RequestBody; kind: BodyKind; announcedBytes: number | null },
): Promise<Received> {
  const { spool, space, maxBytes } = parts
  const { body, kind, announcedBytes } = posted
  const length =
    announcedBytes === null
      ? {}
      : kind === 'raw'
        ? { expectedBytes: announcedBytes }
        : { announcedBytes }
  const intake = await openIntake({
    spool,
    space,
    maxBytes,
    walker: parts.createWalker(),
    ...length,
  })
  try {
    if (kind === 'raw') await intake.fill(body)
    else await fillFromForm(parts, request, body, intake)
    return await intake.commit()
  } finally {
    body.stop()
    await intake.discard()
  }
}

async function fillFromForm(
  parts: SubmissionParts,
  request: Request,
  body: RequestBody,
  intake: EnvelopeIntake,
): Promise<void> {
  const fingerprint = await readForm(request.headers, body, intake)
  // neither logged nor refused: the server cannot know better than the sender which keyring the tip
  // is sealed to
  if (fingerprint === null || fingerprint === parts.keyring.current()?.fingerprint) return
  parts.counters.countOldKeyring()
}

function kindOf(request: Request): BodyKind {
  const encoding = request.headers['content-encoding'] ?? 'identity'
  const type = mediaTypeOf(request.headers['content-type'])
  if (encoding.toLowerCase() === 'identity') {
    if (type === 'multipart/form-data') return 'form'
    if (type === envelopeType) return 'raw'
  }
  throw new IntakeError('UNSUPPORTED_TYPE', 'the content type is neither a form nor octets')
}

/** The announced length of the body, or null when it comes in chunks. */
function checkLength(request: Request, kind: BodyKind, maxBytes: number): number | null {
  const header = request.headers['content-length']
  if (header === undefined) return null
  const bytes = Number(header)
  if (bytes === 0) throw emptyBody(kind)
  if (bytes > maxBytes + (kind === 'form' ? MAX_FORM_OVERHEAD_BYTES : 0)) {
    throw new IntakeError('TOO_LARGE', 'the announced length is over the limit')
  }
  return bytes
}

function emptyBody(kind: BodyKind): Error {
  if (kind === 'form') return new IntakeError('FORM_INVALID', 'the form is empty')
  return new AgeError('HEADER_INVALID', 'the envelope is empty')
}

/**
 * Programs get the address of the receipt. Browsers do not, because they would keep it in their
 * history.
 */
function answerReceived(
  { keyring }: SubmissionParts,
  request: Request,
  response: Response,
  received: Received,
): void {
  if (request.accepts(['html', 'json']) === 'json') {
    // a text goes to the socket together with the headers, in one write
    const body = `${JSON.stringify(received)}\n`
    response
      .status(201)
      .type('application/json')
      .location(pathBelow(receiptsPath, received.receipt))
      .set('Content-Length', String(body.length))
      .end(body)
    return
  }
  sendPage(request, response, receivedPage(frameOf(request, response, keyring), received.receipt))
}
