import type { Identity } from '../age/keys.ts'
import type { TipError } from '../tip/errors.ts'
import type { DetentionTip } from '../tip/schema.ts'

export interface OpenedAttachment {
  path: string
  bytes: number
  sha256: string
}

/**
 * An oddity of an envelope that did open. No content is dropped: the analyst sees the problem next
 * to the tip.
 */
export interface OpenProblem {
  code:
    | 'NOT_TAR'
    | 'TIP_MISSING'
    | 'TIP_REFUSED'
    | 'NAME_CHANGED'
    | 'ATTACHMENT_MISSING'
    | 'ATTACHMENT_CHANGED'
    | 'ATTACHMENT_NOT_LISTED'
    | 'FIELD_UNKNOWN'
    | 'FIELD_LEFT_OUT'
    | 'TIP_EDITION'
    | TipError['code']
  detail: string
}

export interface OpenedEnvelope {
  /** Null if `tip.json` is missing or refused; `problems` says which. */
  tip: DetentionTip | null
  attachments: OpenedAttachment[]
  problems: OpenProblem[]
  /** SHA-256 of `tip.json` as received, in hex; null without one. */
  tipSha256: string | null
  /** The identity that opened the envelope. */
  identity: Identity
}
