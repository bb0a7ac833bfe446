import type { ChangeDraft } from '../casebook/append-changes.ts'
import type { ConsentProposal } from '../files/case-view.ts'

const maxReasonChars = 1_900

/**
 * The changes by which an analyst takes over the consent of a follow-up.
 * @param control the control question and how it was answered
 */
export function acceptedConsent(
  proposals: readonly ConsentProposal[],
  control: string,
): Extract<ChangeDraft, { kind: 'consent' }>[] {
  return proposals.map(({ recipient, level, receipt }) => ({
    kind: 'consent',
    recipient,
    level,
    given_by: `the source, by the follow-up ${receipt.slice(0, 8)}`,
    reason: `control question: ${control}`.slice(0, maxReasonChars),
  }))
}
