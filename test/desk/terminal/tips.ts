import type { DetentionTip } from '../../../src/tip/schema.ts'

export const uyghurTip: DetentionTip = {
  narrative: 'ئۇ تۇتۇلدى. ھازىر قەيەردە ئىكەنلىكى نامەلۇم.',
  lang: 'ug',
  persons: [{ names: [{ text: 'ئايگۈل' }] }],
  event: { where_taken: { text: 'ئۈرۈمچى', country: 'CN' } },
}

const escapes =
  '\u{1B}[2J\u{1B}]0;title\u{7}\u{9B}31m\u{1B}[?1049l\u{1B}P\u{90}\u{202E}\u{2066}\u{200B}\u{FEFF}\u{E000}'

/** A tip in which every text tries to control the terminal. */
export const hostileTip: DetentionTip = {
  narrative: `hostile ${escapes} line\r\u{85}two ${'\u{301}'.repeat(500)} ${'가'.repeat(500)} 👨‍👩‍👧‍👦 \u{2028}${'word '.repeat(200)}`,
  persons: [
    {
      names: [{ text: `name${escapes}` }],
      medical: escapes,
      origin_place: escapes,
      ethnicity: `x${escapes}`,
    },
  ],
  event: {
    where_taken: { text: `place${escapes}`, country: 'CN' },
    when_text: escapes,
    authority_text: escapes,
    return_risk: { basis: escapes },
  },
  source: { contact: { way: 'other', text: escapes, safe_times: escapes } },
  attachments: [],
}
