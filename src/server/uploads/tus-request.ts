import type { IncomingHttpHeaders } from 'node:http'
import type { RequestHandler } from 'express'
import { Metadata } from '@tus/server'
import { AgeError } from '../../age/errors.ts'
import { chunkType, keyringField, tusVersion, tusVersionHeader } from '../../wire/names.ts'
import { IntakeError } from '../errors.ts'
import { mediaTypeOf } from '../media-type.ts'

/**
 * All request headers that tus needs. Others, such as `Forwarded` and `Origin`, can have no effect.
 */
const PASSED_ON = [
  'content-length',
  'content-type',
  'tus-resumable',
  'upload-concat',
  'upload-defer-length',
  'upload-length',
  'upload-offset',
] as const

function isChunk({ 'content-type': type }: IncomingHttpHeaders): boolean {
  return mediaTypeOf(type) === chunkType
}

/** The request without its body and without anything that could identify its sender. */
export function tusRequest(method: string, path: string, headers: IncomingHttpHeaders): Request {
  const passedOn = new Headers()
  for (const name of PASSED_ON) {
    const value = headers[name]
    if (typeof value === 'string') passedOn.set(name, value)
  }
  // RFC 9110 §8.3.1: media types are case-insensitive; `@tus/server` compares them exactly
  if (isChunk(headers)) passedOn.set('content-type', chunkType)
  return new Request(`http://intake${path}`, { method, headers: passedOn })
}

/**
 * Makes the checks for which `@tus/server` uses other statuses than the protocol requires: 400 for
 * a wrong version, 403 for a wrong type.
 */
export function checkTusHeaders(method: string, headers: IncomingHttpHeaders): void {
  if (method === 'OPTIONS') return
  // tus 1.0.0, Tus-Resumable: anything else MUST be answered with 412
  if (headers[tusVersionHeader] !== tusVersion)
    throw new IntakeError('TUS_VERSION', 'another version of tus')
  if (method !== 'PATCH') return
  // tus 1.0.0, PATCH: any other type is answered with 415
  if (!isChunk(headers))
    throw new IntakeError('UNSUPPORTED_TYPE', 'the content type is not that of a chunk')
}

/**
 * Checks the announced length before the request counts as a tip.
 * @throws IntakeError `UPLOAD_HEADERS`, `TOO_LARGE`; AgeError `PAYLOAD_TRUNCATED` if it is 0.
 */
export function checkCreation(headers: IncomingHttpHeaders, maxBytes: number): number {
  const length = headers['upload-length']?.toString() ?? ''
  const isOther = headers['upload-concat'] !== undefined
  // tus 1.0.0, Upload-Length: a non-negative integer
  if (isOther || !/^\d{1,16}$/.test(length))
    throw new IntakeError('UPLOAD_HEADERS', 'the length of the upload is not announced')
  const bytes = Number(length)
  if (!Number.isSafeInteger(bytes))
    throw new IntakeError('UPLOAD_HEADERS', 'the announced length is no safe integer')
  if (bytes === 0) throw new AgeError('PAYLOAD_TRUNCATED', 'no envelope is empty')
  if (bytes > maxBytes) throw new IntakeError('TOO_LARGE', 'the announced length is over the limit')
  return bytes
}

/**
 * The fingerprint of the keyring, the only part of `Upload-Metadata` that is used. File names and
 * everything else are forgotten with the request. Unreadable metadata is not a reason to refuse a
 * tip.
 */
export function readKeyringField(header: string | undefined): string | null {
  if (header === undefined) return null
  try {
    const fields: Readonly<Record<string, string | null>> = Metadata.parse(header)
    return Object.hasOwn(fields, keyringField) ? (fields[keyringField] ?? null) : null
  } catch {
    return null
  }
}

const METHODS: ReadonlySet<string> = new Set(['POST', 'HEAD', 'PATCH', 'DELETE', 'OPTIONS'])

/**
 * tus 1.0.0, X-HTTP-Method-Override: if the header is present, the server MUST use its value as the
 * method. An unknown value becomes a method that no route has.
 */
export const overrideMethod: RequestHandler = (request, _response, next) => {
  const method = request.headers['x-http-method-override']
  if (method !== undefined) request.method = METHODS.has(String(method)) ? String(method) : 'NONE'
  next()
}
