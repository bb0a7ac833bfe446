import { expect } from 'vitest'
import { dayOf } from '../../../src/page/app/vague-date.ts'
import { consentRecipients } from '../../../src/tip/codes.ts'

/** The tip of a relative in a hurry. */
export const quick = {
  narrative:
    '11월 4일 새벽 선양에서 세 사람이 잡혀갔습니다. “어디로 갔는지 모릅니다.” 네 살 아이도 있습니다.',
  name: '리영희',
  age: '27',
  when: '십일월 초, 토요일 새벽',
  where: '선양 북쪽 버스 역',
}

/**
 * Checks the way back that a tip offers, if it does: the page makes words only once an index of
 * answers has come.
 * @returns the rest of the tip.
 */
export function withoutReply(tip: object): object {
  const { reply, schema, ...rest } = tip as { reply?: unknown; schema?: unknown }
  // A person who seals by hand may leave the edition out.
  const edition = `urn:tumen:detention_tip:${reply === undefined ? 1 : 2}`
  expect([undefined, edition]).toContain(schema)
  if (reply !== undefined)
    expect(reply).toEqual({
      recipient: expect.stringMatching(/^age1pq1[0-9a-z]{1952}$/),
      tag_key: expect.stringMatching(/^[0-9a-f]{64}$/),
      language: expect.stringMatching(/^(?:ko|zh|en)$/),
    })
  return rest
}

/** The tip that the Korean form makes of it, as `withoutReply` gives it. */
export function quickTipOf(attachments: readonly object[]): object {
  return {
    narrative: quick.narrative,
    lang: 'ko',
    urgent_now: 'yes',
    persons: [
      {
        names: [{ text: quick.name, script: 'Hang', by: 'source' }],
        age: { value: 27, unit: 'years', as_of: `${dayOf(new Date())}~`, reckoning: 'unknown' },
        minor: 'no',
        status: 'held',
      },
    ],
    event: { when_text: quick.when, where_taken: { text: quick.where } },
    source: expect.anything(),
    // "Ask me first, here".
    consent: consentRecipients.map((recipient) => ({ recipient, level: 'ask_first' })),
    consent_meta: { text_version: expect.any(String), date: `${dayOf(new Date())}~` },
    attachments,
  }
}
