import type { Change } from '../../../src/desk/files/case-file.ts'
import { stateOf } from '../../../src/desk/casebook/state.ts'
import { personsOf } from '../../../src/desk/view/persons-of.ts'
import type { CaseView } from '../../../src/desk/files/case-view.ts'
import type { ConsentLevel, ConsentRecipient } from '../../../src/tip/consent.ts'
import { consentRecipients } from '../../../src/tip/codes.ts'
import type { DetentionTip } from '../../../src/tip/schema.ts'
import { sampleView } from '../support/sample-view.ts'

/** A tip with a value in every text field. Each marker `Marker-NAME` occurs in one field only. */
export const fullTip: DetentionTip = {
  narrative: 'Marker-narrative',
  lang: 'en',
  topic: 'return_feared',
  urgent_now: 'yes',
  people_count: { min: 2, max: 3 },
  persons: [
    {
      names: [
        { text: 'Marker-name', script: 'Latn', kind: 'legal', by: 'source' },
        { text: 'Marker-nickname', kind: 'nickname' },
      ],
      sex: 'female',
      birth: '1987-03-02',
      age: { value: 30, unit: 'years', reckoning: 'international' },
      nationality: ['KP'],
      origin_place: 'Marker-origin',
      ethnicity: 'Marker-ethnicity',
      risk_flags: ['pregnant', 'contact_south_korea', 'official_family'],
      medical: 'Marker-medical',
      id_docs: [{ type: 'Marker-doc-type', number: 'Marker-doc-number' }],
      status: 'held',
    },
  ],
  event: {
    when_text: 'Marker-when',
    detained_when: '2017-11-04',
    last_contact: '2017-11-03',
    where_taken: {
      text: 'Marker-taken',
      country: 'CN',
      admin: 'Marker-taken-admin',
      lat: 41.123456,
      lon: 123.654321,
    },
    held_where: { text: 'Marker-held', country: 'CN', admin: 'Marker-held-admin' },
    transfers: [{ when: '2017-11-05', from: { text: 'Marker-from' }, to: { text: 'Marker-to' } }],
    how_taken: 'raid',
    authority: ['cn_public_security'],
    authority_text: 'Marker-authority',
    warrant: 'no',
    reasons_given: 'Marker-reasons',
    acknowledged: 'denied',
    return_risk: { to_country: 'KP', expected: '2017-11-20', basis: 'Marker-basis' },
    companions: 2,
    guides_held: 1,
  },
  steps: {
    actions: [{ action: 'embassy', when: '2017-11-06', result: 'Marker-result' }],
    already_public: 'no',
  },
  source: {
    relation: 'spouse',
    basis: 'saw',
    inside_risk_country: 'no',
    contact: { way: 'other', text: 'Marker-contact', safe_times: 'Marker-times' },
  },
  consent_meta: {
    given_by: 'Marker-given-by',
    family_agrees: 'yes',
    detainee_wish: 'Marker-wish',
    text_version: 'Marker-version',
  },
  attachments: [
    {
      name: 'Marker-clean.jpg',
      media_type: 'image/jpeg',
      bytes: 5,
      sha256: 'a'.repeat(64),
      original_name: 'Marker-original',
      metadata: 'removed',
      note: 'Marker-file-note',
    },
    {
      name: 'Marker-kept.jpg',
      media_type: 'image/jpeg',
      bytes: 5,
      sha256: 'b'.repeat(64),
      metadata: 'kept',
    },
    { name: 'Marker-unsaid.pdf', media_type: 'application/pdf', bytes: 5, sha256: 'c'.repeat(64) },
  ],
}

const stamp = { at: '2017-11-05T10:00:00Z', by: 'Marker-analyst' }
export const fullChanges: Change[] = [
  { kind: 'note', ...stamp, text: 'Marker-note' },
  { kind: 'contact', ...stamp, with: 'from_source', day: '2017-11-06', text: 'Marker-contact-log' },
  { kind: 'link', ...stamp, to: 'd'.repeat(64), as: 'related', reason: 'Marker-link' },
  { kind: 'set', ...stamp, field: 'title', value: 'Marker-title' },
  { kind: 'set', ...stamp, field: 'group', value: 'Marker-group' },
  { kind: 'set', ...stamp, field: 'assigned', value: 'Marker-assigned' },
  { kind: 'set', ...stamp, field: 'persons.0.person_id', value: 'Marker-person-id' },
]

/**
 * A view of the full tip. `level` is the consent for every recipient; null means that the source
 * did not say.
 */
export function fullView(level: ConsentLevel | null, change: Partial<CaseView> = {}): CaseView {
  const state = stateOf(fullChanges)
  const view = sampleView(fullTip)
  return {
    ...view,
    state,
    changes: fullChanges,
    title: 'Marker-title',
    persons: personsOf(fullTip, view.receipt, state, '2017-11-05'),
    opened: {
      ...view.opened,
      attachments: (fullTip.attachments ?? []).map(({ name, bytes, sha256 }) => ({
        path: `attachments/${name}`,
        bytes,
        sha256,
      })),
    },
    consent: consentRecipients.map((recipient: ConsentRecipient) => ({
      recipient,
      level: level ?? 'ask_first',
    })),
    ...change,
  }
}

/** The markers that occur anywhere in `output`, each once and sorted. */
export function markersIn(output: unknown): string[] {
  return [...new Set(JSON.stringify(output).match(/Marker-[a-z-]+/g) ?? [])].sort()
}
