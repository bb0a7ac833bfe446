import type { DetentionTip } from '../../src/tip/schema.ts'

/** A tip with every group filled in, about invented people. */
export const sampleTip: DetentionTip = {
  schema: 'urn:tumen:detention_tip:1',
  narrative:
    '11월 4일 선양에서 열 명이 잡혀갔습니다. 네 살짜리 아이도 있습니다.\n\n十一月四日在沈阳有十个人被带走了。\n\nئون ئادەم تۇتۇپ كېتىلدى.',
  lang: 'ko',
  topic: 'return_feared',
  urgent_now: 'yes',
  people_count: { min: 10, max: null },
  persons: [
    {
      names: [
        { text: '리영희', script: 'Hang', kind: 'legal', by: 'source' },
        { text: 'Ri Yong-hui', script: 'Latn', kind: 'legal', by: 'analyst' },
      ],
      sex: 'female',
      birth: '1989~',
      age: { value: 29, unit: 'years', as_of: '2017-11', reckoning: 'counting' },
      minor: 'no',
      nationality: ['KP'],
      origin_place: '회령',
      ethnicity: null,
      risk_flags: ['pregnant', 'contact_south_korea'],
      medical: '임신 7개월',
      id_docs: [{ type: '공민증', number: '000000' }],
      status: 'held',
    },
    {
      names: [{ text: 'ئابدۇللا', script: 'Arab' }],
      sex: 'unknown',
      birth: 'unknown',
      status: 'unknown',
    },
  ],
  event: {
    when_text: '11월 초 새벽',
    detained_when: '2017-11-04~',
    last_contact: '2017-11-03',
    where_taken: {
      text: '沈阳站附近',
      country: 'CN',
      admin: '辽宁',
      lat: 41.79,
      lon: 123.4,
      precision_km: 5,
    },
    held_where: null,
    transfers: [
      { when: '2017-11-10/..', from: { text: '沈阳' }, to: { text: '图们', country: 'CN' } },
    ],
    how_taken: 'raid',
    authority: ['cn_public_security', 'unknown'],
    authority_text: '公安',
    warrant: 'no',
    reasons_given: null,
    acknowledged: 'not_located',
    return_risk: {
      to_country: 'KP',
      expected: '../2017-11-20',
      basis: '국경 쪽으로 옮긴다고 들었습니다',
    },
    companions: 9,
    guides_held: 1,
  },
  steps: {
    actions: [{ action: 'embassy', when: '2017-11-05', result: '답 없음' }],
    already_public: 'no',
  },
  source: {
    relation: 'spouse',
    basis: 'told_by_detainee',
    inside_risk_country: 'prefer_not',
    contact: { way: 'return_here', text: null, safe_times: null },
  },
  consent: [
    { recipient: 'un', level: 'named' },
    { recipient: 'media', level: 'no' },
  ],
  consent_meta: {
    given_by: '남편',
    family_agrees: 'yes',
    detainee_wish: null,
    text_version: '1',
    date: '2017-11-05',
    withdrawn: 'no',
  },
  attachments: [
    {
      name: '체포 장면.jpg',
      media_type: 'image/jpeg',
      bytes: 1_048_576,
      sha256: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
      original_name: 'IMG_0001.JPG',
      metadata: 'removed',
      note: null,
    },
  ],
}
