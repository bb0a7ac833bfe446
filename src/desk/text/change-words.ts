import type { Change } from '../files/case-file.ts'
import { asText } from './as-text.ts'

/** What a change of a case did. It may quote the source: show it as untrusted text. */
export function changeWords(change: Change): string {
  switch (change.kind) {
    case 'set':
      return change.value === null
        ? `took back ${change.field}`
        : `set ${change.field}: ${asText(change.value).slice(0, 500)}`
    case 'note':
      return 'wrote a note'
    case 'link':
      return `linked ${change.to.slice(0, 16)}… as ${change.as.replaceAll('_', ' ')}`
    case 'unlink':
      return `took back the link to ${change.to.slice(0, 16)}…`
    case 'consent':
      return `consent for ${change.recipient}: ${change.level.replaceAll('_', ' ')}, given by ${change.given_by}`
    case 'contact':
      return `contact of ${change.day}, ${change.with.replaceAll('_', ' ')}`
    case 'confirm':
      return `${change.sha256 === null ? 'no longer confirms' : 'confirmed'} the source's words in ${change.field}`
    case 'release':
      return change.as === 'nothing'
        ? `took back the release of the file ${change.file.slice(0, 16)}…`
        : `released the file ${change.file.slice(0, 16)}… (${change.as})`
    case 'reply':
      return `wrote the answer ${change.id.slice(0, 8)}`
    case 'withdraw_reply':
      return `took back the answer ${change.id.slice(0, 8)}`
    case 'close_thread':
      return change.closed ? 'closed the conversation' : 'opened the conversation again'
    case 'tier_reached':
      return `reached tier ${change.tier}`
  }
}
