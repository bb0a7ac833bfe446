import type { DetentionTip } from '../tip/schema.ts'
import type { OpenedAttachment } from './open-envelope.ts'

/** What is odd about an envelope that did open. Nothing of it is thrown away: the analyst is told. */
export interface OpenProblem {
  code:
    | 'NOT_TAR'
    | 'TIP_MISSING'
    | 'TIP_REFUSED'
    | 'NAME_CHANGED'
    | 'ATTACHMENT_MISSING'
    | 'ATTACHMENT_CHANGED'
    | 'ATTACHMENT_NOT_LISTED'
  detail: string
}

/** Holds what `tip.json` says of the attachments against what came. */
export function compareAttachments(tip: DetentionTip, opened: readonly OpenedAttachment[]): OpenProblem[] {
  const listed = new Map((tip.attachments ?? []).map((attachment) => [`attachments/${attachment.name}`, attachment]))
  const problems: OpenProblem[] = []
  for (const { path, bytes, sha256 } of opened) {
    const promised = listed.get(path)
    listed.delete(path)
    if (!promised) problems.push({ code: 'ATTACHMENT_NOT_LISTED', detail: `${path} is not listed in tip.json` })
    else if (promised.bytes !== bytes || promised.sha256 !== sha256) {
      problems.push({ code: 'ATTACHMENT_CHANGED', detail: `${path} is not the file tip.json describes` })
    }
  }
  for (const path of listed.keys()) problems.push({ code: 'ATTACHMENT_MISSING', detail: `${path} is listed in tip.json and did not come` })
  return problems
}
