import { objectIn } from '../../json/object-in.ts'
import { ExchangeError } from '../../net/http-exchange.ts'
import type { HttpAnswer } from '../../net/http-exchange.ts'
import { challengeIn } from '../../proof-of-work/challenge.ts'
import { mayRetry } from '../../wire/may-retry.ts'
import {
  chunkType,
  envelopeType,
  keyringField,
  pathBelow,
  receiptHeader,
  submissionsPath,
  tusVersion,
  tusVersionHeader,
  uploadsPath,
} from '../../wire/names.ts'
import { noProofYet, proofHeader } from '../../wire/proof-header.ts'
import { solveInNode } from '../../proof-of-work/solve-in-node.ts'
import type { Receipt } from '../../store/blob-store.ts'
import { CanaryError } from './errors.ts'
import type { PublicRequest, PublicWay } from './public-way.ts'
import type { SealedCanary } from './seal-canary.ts'

/** `post` as in `tumen send`; `tus` as in the page. */
export type SendingMethod = 'post' | 'tus'

/**
 * Sends a canary once, without retry: a second attempt could bring it back after it was removed.
 *
 * @throws CanaryError `UNSENT`, `REFUSED`, `UNCERTAIN` or `WRONG_RECEIPT`.
 */
export async function sendCanary(
  way: PublicWay,
  canary: SealedCanary,
  options: { method: SendingMethod; keyring: string },
): Promise<void> {
  const answered =
    options.method === 'post'
      ? await post(way, canary)
      : await uploadWithTus(way, canary, options.keyring)
  // The receipt in the response is only compared, never used.
  if (answered !== canary.receipt)
    throw new CanaryError('WRONG_RECEIPT', 'the answer is not the receipt of what was sent')
}

async function post(way: PublicWay, { bytes }: SealedCanary): Promise<Receipt | null> {
  const headers = {
    'content-type': envelopeType,
    accept: 'application/json',
    expect: '100-continue',
  }
  const { body } = await begin(way, { method: 'POST', path: submissionsPath, headers, body: bytes })
  return receiptIn(body)
}

/** tus 1.0.0: creation, then one PATCH request with the whole envelope. */
async function uploadWithTus(
  way: PublicWay,
  canary: SealedCanary,
  keyring: string,
): Promise<Receipt | null> {
  const { bytes } = canary
  const version = { [tusVersionHeader]: tusVersion, accept: 'application/json' }
  const metadata = `${keyringField} ${Buffer.from(keyring).toString('base64')}`
  const creation = {
    ...version,
    'upload-length': String(bytes.length),
    'upload-metadata': metadata,
  }
  // A failure here is certain: no byte of the envelope was sent yet, so it cannot arrive.
  const created = await begin(way, { method: 'POST', path: uploadsPath, headers: creation }).catch(
    (error: unknown) => {
      throw error instanceof CanaryError && error.code === 'UNCERTAIN'
        ? new CanaryError('UNSENT', 'the upload was not begun', error)
        : error
    },
  )
  const path = uploadPath(created.header('location'))
  const headers = {
    ...version,
    'content-type': chunkType,
    'upload-offset': '0',
  }
  const request = { method: 'PATCH', path, headers, body: bytes }
  const answer = await reach(way, request)
  // Another intake answered, which has not begun this upload. One request goes to one intake.
  if (answer.status === 404 || answer.status === 410) return await post(way, canary)
  const receipt = expectStatus(request, answer, 204).header(receiptHeader)
  // Removes only the record of the finished upload, which would otherwise stay for days. If this
  // fails, the record expires.
  await way({ method: 'DELETE', path, headers: version }).catch(() => null)
  return receipt
}

/**
 * Creates the upload. Under load the intake asks for a proof of work first; it has accepted nothing
 * when it answers with a challenge.
 */
async function begin(way: PublicWay, request: PublicRequest): Promise<HttpAnswer> {
  const withProof = (proof: string): PublicRequest => ({
    ...request,
    headers: { ...request.headers, [proofHeader]: proof },
  })
  const answer = await reach(way, withProof(noProofYet))
  const challenge = challengeIn(Buffer.from(answer.body).toString())
  const proof = challenge === null ? null : await solveInNode(challenge)
  return expectStatus(request, proof === null ? answer : await reach(way, withProof(proof)), 201)
}

async function reach(way: PublicWay, request: PublicRequest): Promise<HttpAnswer> {
  return await way(request).catch((cause: unknown) => {
    if (!(cause instanceof ExchangeError)) throw cause
    throw new CanaryError(
      cause.code === 'NOT_CONNECTED' ? 'UNSENT' : 'UNCERTAIN',
      'the connection broke',
      cause,
    )
  })
}

function expectStatus(request: PublicRequest, answer: HttpAnswer, expected: number): HttpAnswer {
  if (answer.status !== expected) {
    const { code } = objectIn(Buffer.from(answer.body).toString())
    throw new CanaryError(
      mayRetry(answer.status, typeof code === 'string' ? code : null) ? 'NOT_NOW' : 'REFUSED',
      `${request.method} was answered with ${answer.status}`,
    )
  }
  return answer
}

/** The path of the upload. An answer must not redirect the envelope to another place. */
function uploadPath(location: string | null): string {
  const path = location === null ? null : URL.parse(location, 'http://intake')?.pathname
  if (!path?.startsWith(pathBelow(uploadsPath, '')))
    throw new CanaryError('REFUSED', 'the upload was given no address of its own')
  return path
}

function receiptIn(body: Uint8Array): string | null {
  const { receipt } = objectIn(Buffer.from(body).toString())
  return typeof receipt === 'string' ? receipt : null
}
