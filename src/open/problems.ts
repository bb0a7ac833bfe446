import type { DetentionTip } from '../tip/schema.ts'
import type { OpenedAttachment, OpenProblem } from './opened-envelope.ts'

/** The maximum number of problems listed for one code; a hostile archive can cause ten thousand. */
const maxOfOneCode = 20

/**
 * The first problems of each code, and the number of further ones. No file is lost by that: all
 * files are listed among the attachments.
 */
export function boundProblems(problems: readonly OpenProblem[]): OpenProblem[] {
  return [...Map.groupBy(problems, ({ code }) => code)].flatMap(([code, group]) => {
    const more = group.length - maxOfOneCode
    return more > 0
      ? [...group.slice(0, maxOfOneCode), { code, detail: `and ${more} more like this` }]
      : group
  })
}

/** Compares the attachments that `tip.json` describes with those in the archive. */
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
