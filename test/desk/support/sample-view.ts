import { createHash } from 'node:crypto'
import type { CaseView, PersonView } from '../../../src/desk/files/case-view.ts'
import { consentRecipients } from '../../../src/tip/codes.ts'
import { consentFor } from '../../../src/tip/consent.ts'
import { parseEdtf } from '../../../src/tip/edtf.ts'
import type { Person } from '../../../src/tip/person.ts'
import type { DetentionTip } from '../../../src/tip/schema.ts'

/**
 * The case in docs/domain.md, section 1: ten people, one of them four years old, were seized on 4
 * November 2017.
 */
export const seedTip: DetentionTip = {
  narrative:
    '아내와 네 살 아들이 다른 여덟 사람과 함께 선양에서 중국 공안에 잡혔습니다. 북송될까 두렵습니다.',
  lang: 'ko',
  topic: 'return_feared',
  urgent_now: 'yes',
  people_count: { min: 10, max: 10 },
  persons: [
    {
      names: [{ text: '리영희', script: 'Hang', kind: 'legal', by: 'source' }],
      sex: 'female',
      nationality: ['KP'],
      status: 'held',
    },
    {
      names: [{ text: '이민준', script: 'Hang', kind: 'legal', by: 'source' }],
      sex: 'male',
      age: { value: 4, unit: 'years', as_of: '2017-11-04' },
      nationality: ['KP'],
      status: 'held',
    },
  ],
  event: {
    when_text: '11월 4일',
    detained_when: '2017-11-04',
    where_taken: { text: '선양', country: 'CN' },
    authority: ['cn_public_security'],
    how_taken: 'raid',
    return_risk: { to_country: 'KP' },
    companions: 8,
  },
  source: {
    relation: 'spouse',
    basis: 'told_by_other',
    inside_risk_country: 'no',
    contact: { way: 'other', text: '+82 10 0000 0000' },
  },
  consent: [
    { recipient: 'un', level: 'named' },
    { recipient: 'embassy', level: 'named_photo' },
    { recipient: 'media', level: 'no' },
  ],
}

/**
 * A view as `loadViews` would return it, for tests of code that uses views. `change` overrides the
 * neutral defaults.
 */
export function sampleView(
  tip: DetentionTip | null = seedTip,
  change: Partial<CaseView> = {},
): CaseView {
  const receipt = createHash('sha256').update(JSON.stringify(tip)).digest('hex')
  const when = tip?.event?.detained_when
  return {
    receipt,
    id: receipt.slice(0, 8),
    title: tip?.persons?.[0]?.names?.[0]?.text ?? 'unnamed',
    opened: {
      schema: 'tumen-opened/1',
      receipt,
      opened_at: '2017-11-05T09:00:00Z',
      tool: 'tumen 0.1.0',
      identity: { kind: 'hybrid', name: 'kim', retired: null },
      export: { signer: 'server', comment: 'tumen export' },
      envelope_bytes: 66_000,
      attachments: [],
      problems: [],
    },
    original: tip,
    tip,
    unknownFields: [],
    state: {
      status: 'new',
      readAt: null,
      tier: null,
      reachedTier: null,
      reliability: null,
      assigned: null,
      deadline: null,
      group: null,
      title: null,
      corrections: new Map(),
      persons: new Map(),
      notes: [],
      links: [],
      contacts: [],
      consent: [],
      formAnswers: new Map(),
      confirmations: new Map(),
      releases: new Map(),
    },
    changes: [],
    triage: {
      tier: 0,
      computed: 0,
      decidedBy: 'rules',
      reasons: [
        { code: 'RETURN_RISK', text: 'could be returned to KP' },
        { code: 'MINOR', text: 'a child of 4' },
      ],
      window: {
        custody: 'CN',
        destination: 'KP',
        days: 14,
        source: 'docs/domain.md, section 2',
        elapsedDays: 1,
        leftDays: 13,
        endsOn: '2017-11-18',
      },
      actBy: { day: '2017-11-18', why: 'window', leftDays: 13 },
      dueAt: '2017-11-05T11:00:00Z',
      isOverdue: false,
      priority: 'Urgent',
    },
    persons: (tip?.persons ?? []).map((person, index) => samplePerson(receipt, person, index)),
    peopleCount: {
      min: tip?.people_count?.min ?? tip?.persons?.length ?? 1,
      max: tip?.people_count?.max ?? tip?.persons?.length ?? 1,
    },
    detained: when === undefined || when === null ? null : parseEdtf(when),
    consent: consentRecipients.map((recipient) => ({
      recipient,
      level: tip === null ? 'ask_first' : consentFor(tip, recipient),
    })),
    conversation: null,
    alike: [],
    ...change,
  }
}

function samplePerson(receipt: string, person: Person, index: number): PersonView {
  const years = person.age?.unit === 'months' ? 0 : person.age?.value
  return {
    key: `${receipt}#${index}`,
    index,
    person,
    personId: null,
    confirmed: null,
    guide: null,
    displayName: person.names?.[0]?.text ?? `unnamed person ${index + 1}`,
    age: years === undefined ? null : { min: years, max: years },
    minor: years === undefined ? 'unknown' : years < 18 ? 'yes' : 'no',
    elderly: years === undefined ? 'unknown' : years >= 60 ? 'yes' : 'no',
  }
}
