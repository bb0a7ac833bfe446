import type { Request, Response } from 'express'
import { maxPastedUnits } from '../page/view/ask-receipt.ts'
import { IntakeError } from './errors.ts'
import { mediaTypeOf } from './media-type.ts'
import { RequestBody } from './request-body.ts'

/** An escaped character of three bytes, such as Hangul, takes nine. */
const BYTES_PER_UNIT = 9

/** Enough for all that the field accepts, with every character escaped. */
export const MAX_RECEIPT_FORM_BYTES = maxPastedUnits * BYTES_PER_UNIT + 1024

/**
 * Reads the field `receipt` of an `application/x-www-form-urlencoded` body.
 * @throws IntakeError `UNSUPPORTED_TYPE`, `FORM_LIMITS`, or those of `RequestBody`
 */
export async function readReceiptForm(request: Request, response: Response): Promise<string> {
  const type = mediaTypeOf(request.headers['content-type'])
  if (type !== 'application/x-www-form-urlencoded')
    throw new IntakeError('UNSUPPORTED_TYPE', 'not a form')
  const announcedBytes = Number(request.headers['content-length'] ?? 0)
  if (announcedBytes > MAX_RECEIPT_FORM_BYTES) throw tooLarge()
  const body = new RequestBody(request, response)
  try {
    const pasted = new URLSearchParams(await readText(body)).get('receipt') ?? ''
    // The field counts a line break as one character. What it does not accept is not searched.
    return pasted.replaceAll('\r\n', '\n').slice(0, maxPastedUnits)
  } finally {
    body.stop()
  }
}

/** The pasted text as it is shown again: bounded, without control characters. */
export function shownAgain(pasted: string): string {
  return [...pasted.replace(/[\p{Cc}\p{Cf}]/gu, ' ')].slice(0, maxPastedUnits).join('')
}

async function readText(body: RequestBody): Promise<string> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of body) {
    bytes += chunk.length
    if (bytes > MAX_RECEIPT_FORM_BYTES) throw tooLarge()
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function tooLarge(): IntakeError {
  return new IntakeError('FORM_LIMITS', 'the form is larger than one with a receipt')
}
