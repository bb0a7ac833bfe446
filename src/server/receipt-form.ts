import type { Request, Response } from 'express'
import { IntakeError } from './errors.ts'
import { RequestBody } from './request-body.ts'

/** A receipt is 64 characters; with every one escaped and spaced it is still far below. */
export const MAX_RECEIPT_FORM_BYTES = 4096

/** More than any receipt: what is longer is a mistake and is not shown again in full. */
const MAX_ASKED_CHARACTERS = 200

/**
 * The field `receipt` of an `application/x-www-form-urlencoded` body, as `tidyReceipt` makes it.
 * @throws IntakeError `UNSUPPORTED_TYPE`, `FORM_LIMITS`, or as `RequestBody`
 */
export async function readReceiptForm(request: Request, response: Response): Promise<string> {
  const type = (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase()
  if (type !== 'application/x-www-form-urlencoded')
    throw new IntakeError('UNSUPPORTED_TYPE', 'not a form')
  const announcedBytes = Number(request.headers['content-length'] ?? 0)
  if (announcedBytes > MAX_RECEIPT_FORM_BYTES) throw tooLarge()
  const body = new RequestBody(request, response)
  try {
    return tidyReceipt(new URLSearchParams(await readText(body)).get('receipt') ?? '')
  } finally {
    body.stop()
  }
}

/**
 * People copy by hand: spaces, line breaks, dashes, capitals and full-width digits all mean the
 * same.
 */
export function tidyReceipt(text: string): string {
  const tidy = text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s\p{P}\p{C}]/gu, '')
  return [...tidy].slice(0, MAX_ASKED_CHARACTERS).join('')
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
