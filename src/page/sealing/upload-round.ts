import type { UploadOptions } from 'tus-js-client'
import BaseUpload from 'tus-js-client/lib/upload.js'
import { objectIn } from '../../json/object-in.ts'
import { envelopeType, keyringField, receiptHeader, submissionsPath } from '../../wire/names.ts'
import { noProofYet, proofHeader } from '../../wire/proof-header.ts'
import type { EnvelopeWindow } from './envelope-window.ts'
import type { TusSlice } from './tus-http.ts'
import { causeOf, createTusHttp } from './tus-http.ts'
import { UploadError } from './upload-error.ts'
import type { Exchange } from './xhr-exchange.ts'
import { failureOf } from './xhr-exchange.ts'

export interface Round {
  exchange: Exchange
  /** An absolute URL. */
  endpoint: string
  /** The URL at which the upload is resumed; null to create an upload. */
  uploadUrl: string | null
  /** SHA-256 of the keyring as 64 hex digits. */
  keyring: string
  /** A proof of work; null while the server has not asked for one. */
  proof: string | null
  window: EnvelopeWindow
  signal: AbortSignal
  sliceBytes: number
  onCreated: (uploadUrl: string) => void
  /** Receives the number of bytes of the envelope that the server has confirmed. */
  onConfirmed: (bytes: number) => void
  /** Receives the number of bytes of the envelope that have been sent. */
  onSent: (bytes: number) => void
}

/**
 * Makes one try: starts or resumes an upload and continues until all bytes are sent or an error
 * occurs.
 * @returns the server's receipt, or null if the answer has none
 * @throws UploadError; any error of sealing
 */
export async function uploadRound(round: Round): Promise<string | null> {
  const { window, signal } = round
  return await new Promise((resolve, reject) => {
    // A new object for each round: late results of an abandoned one reach only a settled promise.
    const upload = new BaseUpload(window, {
      ...BaseUpload.defaultOptions,
      ...fixedOptions(round),
      onUploadUrlAvailable: () => {
        if (isOurs(round, upload.url)) return round.onCreated(upload.url)
        // An answer must not redirect the envelope to another server.
        void upload.abort()
        reject(new UploadError('PROTOCOL', 'the address of the upload is on another server'))
      },
      onProgress: (bytes) => round.onSent(bytes),
      onError: (error) => reject(causeOf(error)),
      onSuccess: ({ lastResponse }) => resolve(lastResponse.getHeader(receiptHeader) ?? null),
    })
    signal.addEventListener(
      'abort',
      () => {
        void upload.abort()
        reject(new UploadError('ABORTED', 'the round was aborted'))
      },
      { once: true },
    )
    upload.start()
  })
}

/**
 * Sends the whole envelope in one request, for an address behind which each request may reach
 * another intake: there, no upload can be continued.
 * @returns the server's receipt, or null if the answer has none
 * @throws UploadError; any error of sealing
 */
export async function postWhole(round: Round): Promise<string | null> {
  const { window, exchange, proof, signal, onSent } = round
  const answer = await exchange({
    method: 'POST',
    url: new URL(submissionsPath, round.endpoint).href,
    headers: {
      Accept: 'application/json',
      'Content-Type': envelopeType,
      [proofHeader]: proof ?? noProofYet,
    },
    body: await window.slice(0, window.bytes),
    onSent,
    signal,
  })
  const failure = failureOf(answer, 'POST')
  if (failure) throw failure
  const { receipt } = objectIn(answer.text)
  return typeof receipt === 'string' ? receipt : null
}

function fixedOptions(round: Round): UploadOptions {
  const {
    exchange,
    endpoint,
    uploadUrl,
    keyring,
    proof,
    window,
    signal,
    sliceBytes: chunkSize,
  } = round
  return {
    endpoint,
    uploadUrl,
    chunkSize,
    metadata: { [keyringField]: keyring },
    onBeforeRequest: (request) => {
      if (request.getMethod() === 'POST') request.setHeader(proofHeader, proof ?? noProofYet)
    },
    uploadSize: window.bytes,
    retryDelays: null,
    storeFingerprintForResuming: false,
    fingerprint: async () => '',
    httpStack: createTusHttp(exchange, signal),
    fileReader: { openFile: async () => sourceOf(round) },
  }
}

function sourceOf({ window, onConfirmed }: Round) {
  return {
    size: window.bytes,
    async slice(start: number, end: number): Promise<{ value: TusSlice; done: boolean }> {
      onConfirmed(start)
      const bytes = await window.slice(start, end)
      return { value: { size: bytes.length, bytes }, done: end >= window.bytes }
    },
    close() {},
  }
}

function isOurs({ endpoint }: Round, url: string | null): url is string {
  return url !== null && new URL(url).origin === new URL(endpoint).origin
}
