import * as Type from 'typebox'
import { maxNameBytes } from './bounds.ts'
import { metadataStates } from './codes.ts'
import { code, group, high, line, low, note } from './fields.ts'

/** A file name, not a path: no separators, no control characters, not `.` or `..`. */
export const namePattern = '^(?!\\.{1,2}$)[^\\/\\\\\\u0000-\\u001f\\u007f]+$'
export const sha256Pattern = '^[0-9a-f]{64}$'

/** One file under `attachments/`, as it was when the tip was sealed. */
export const Attachment = group({
  name: Type.String({ minLength: 1, maxLength: maxNameBytes, pattern: namePattern, ...high }),
  media_type: line(low),
  bytes: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, ...low }),
  // Only inside the envelope: outside, the digest would identify a file that is also known from
  // elsewhere.
  sha256: Type.String({ pattern: sha256Pattern, maxLength: 64, ...high }),
  original_name: line(high),
  metadata: code(metadataStates, low),
  note: note(high),
})
export type Attachment = Type.Static<typeof Attachment>
