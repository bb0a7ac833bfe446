import type { DetentionTip } from '../tip/schema.ts'
import type { OpenedAttachment } from './open-envelope.ts'

/**
 * What is odd about an envelope that did open. Nothing of it is thrown away: the analyst is told.
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
  detail: string
}

/** So many of one kind are told one by one; a made-up archive has ten thousand. */
const maxOfOneCode = 20

/**
 * The first of each kind, and how many more there are: each file is among the attachments anyway.
 */
export function boundProblems(problems: readonly OpenProblem[]): OpenProblem[] {
  return [...Map.groupBy(problems, ({ code }) => code)].flatMap(([code, group]) => {
    const more = group.length - maxOfOneCode
    return more > 0
      ? [...group.slice(0, maxOfOneCode), { code, detail: `and ${more} more like this` }]
      : group
  })
}

/** Holds what `tip.json` says of the attachments against what came. */
export function compareAttachments(
  tip: DetentionTip,
  opened: readonly OpenedAttachment[],
): OpenProblem[] {
  const listed = new Map(
    (tip.attachments ?? []).map((attachment) => [`attachments/${attachment.name}`, attachment]),
  )
  const problems: OpenProblem[] = []
  for (const { path, bytes, sha256 } of opened) {
    const promised = listed.get(path)
    listed.delete(path)
    if (!promised)
      problems.push({ code: 'ATTACHMENT_NOT_LISTED', detail: `${path} is not listed in tip.json` })
    else if (promised.bytes !== bytes || promised.sha256 !== sha256) {
      problems.push({
        code: 'ATTACHMENT_CHANGED',
        detail: `${path} is not the file tip.json describes`,
      })
    }
  }
  for (const path of listed.keys())
    problems.push({
      code: 'ATTACHMENT_MISSING',
      detail: `${path} is listed in tip.json and did not come`,
    })
  return problems
}
