import type { Field } from './document.ts'
import { ownLines, saidLines } from './document.ts'
import type { Submitter } from './submitter.ts'
import type { ReportWords } from './words/words.ts'

/** Names the organisation as author; no field names its sources. */
export function submitterFields({ submitter: labels }: ReportWords, submitter: Submitter): Field[] {
  return [
    { label: labels.organisation, lines: saidLines(submitter.organisation) },
    { label: labels.person, lines: saidLines(submitter.person) },
    { label: labels.address, lines: saidLines(submitter.address) },
    { label: labels.phone, lines: saidLines(submitter.phone) },
    { label: labels.email, lines: saidLines(submitter.email) },
    { label: labels.family, lines: ownLines(labels.familyYes) },
    { label: labels.confidential, lines: ownLines(labels.confidentialYes) },
  ]
}
