import type { IncomingHttpHeaders } from 'node:http'
import { Metadata } from '@tus/server'
import { chunkType, keyringField, tusVersion, tusVersionHeader } from '../../wire/names.ts'
import { IntakeError } from '../errors.ts'

/**
 * All that tus needs to see: what is not here (`Forwarded`, `Origin`, method overrides) can have no
 * effect.
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

/** The request without its body and without anything that could tell who sent it. */
export function tusRequest(method: string, path: string, headers: IncomingHttpHeaders): Request {
  const passedOn = new Headers()
  for (const name of PASSED_ON) {
    const value = headers[name]
    if (typeof value === 'string') passedOn.set(name, value)
  }
  return new Request(`http://intake${path}`, { method, headers: passedOn })
}

/**
 * What `@tus/server` answers otherwise than the protocol says: 400 for a wrong version, 403 for a
 * wrong type.
 */
export function checkTusHeaders(method: string, headers: IncomingHttpHeaders): void {
  if (method === 'OPTIONS') return
  // tus 1.0.0, Tus-Resumable: anything else MUST be answered with 412
  if (headers[tusVersionHeader] !== tusVersion)
    throw new IntakeError('TUS_VERSION', 'another version of tus')
  if (method !== 'PATCH') return
  // tus 1.0.0, PATCH: any other type is answered with 415
  if (headers['content-type'] !== chunkType)
    throw new IntakeError('UNSUPPORTED_TYPE', 'the content type is not that of a chunk')
}

/**
 * The fingerprint of the keyring, the only thing looked at in `Upload-Metadata`. File
 * names and whatever else is there are forgotten with the request.
 * @throws IntakeError `UPLOAD_HEADERS`.
 */
export function readKeyringField(header: string | undefined): string | null {
  if (header === undefined) return null
  try {
    const fields: Readonly<Record<string, string | null>> = Metadata.parse(header)
    return Object.hasOwn(fields, keyringField) ? (fields[keyringField] ?? null) : null
  } catch (cause) {
    throw new IntakeError('UPLOAD_HEADERS', 'Upload-Metadata cannot be read', cause)
  }
}
