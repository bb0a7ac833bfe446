import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ReplyError } from '../../src/replies/errors.ts'
import type { ReplyAsk } from '../../src/replies/message.ts'
import {
  formatMessage,
  messageBytes,
  parseMessage,
  replyAsks,
  splitMessage,
} from '../../src/replies/message.ts'
import { replyLanguages } from '../../src/thread/reply-group.ts'
import { consentRecipients, languages } from '../../src/tip/codes.ts'
import { sampleMessage } from './samples.ts'

const encode = (value: unknown) => {
  const padded = new Uint8Array(messageBytes).fill(0x20)
  padded.set(new TextEncoder().encode(JSON.stringify(value)))
  return padded
}

function codeOf(action: () => unknown): string | null {
  try {
    action()
  } catch (error) {
    if (error instanceof ReplyError) return error.code
    throw error
  }
  return null
}

describe('formatMessage', () => {
  it('writes 6,533 bytes that are read again', () => {
    const bytes = formatMessage(sampleMessage())
    expect(bytes).toHaveLength(6533)
    expect(parseMessage(bytes)).toEqual(sampleMessage())
  })

  it('is JSON for any other program', () => {
    expect(JSON.parse(new TextDecoder().decode(formatMessage(sampleMessage())))).toEqual(
      sampleMessage(),
    )
  })

  it('uses the codes of the tip', () => {
    expect(replyAsks).toEqual(consentRecipients)
    expect(replyLanguages).toEqual(languages)
  })

  it('holds a text up to the last byte, and not one more', () => {
    const room = messageBytes - JSON.stringify(sampleMessage({ text: '' })).length
    expect(formatMessage(sampleMessage({ text: 'a'.repeat(room) }))).toHaveLength(messageBytes)
    expect(codeOf(() => formatMessage(sampleMessage({ text: 'a'.repeat(room + 1) })))).toBe(
      'MESSAGE_TOO_LONG',
    )
  })
})

describe('parseMessage', () => {
  it.each([
    ['another schema', { schema: 'urn:tumen:detention_reply:2' }],
    ['a short id', { id: 'ab' }],
    ['an upper-case thread', { thread: 'A'.repeat(32) }],
    ['a day that does not exist', { day: '2027-02-30' }],
    ['part 0', { part: 0 }],
    ['part 2 of 1', { part: 2 }],
    ['five parts', { parts: 5 }],
    ['half a part', { part: 1.5, parts: 2 }],
    ['no text', { text: undefined }],
    ['an empty text', { text: ' ' }],
    ['a text that is turned around', { text: 'a\u202eb' }],
    ['a direction mark', { text: 'a\u200fb' }],
    ['an isolate', { text: 'a\u2066b' }],
    ['an escape sequence', { text: '\u001b[2J' }],
    ['a carriage return', { text: 'a\rb' }],
    ['hidden tags', { text: 'a\u{e0041}' }],
    ['an unknown ask', { asks: ['police'] }],
    ['an ask twice', { asks: ['un', 'un'] }],
    ['asks that are no list', { asks: 'un' }],
    ['an unknown language', { language: 'xx' }],
  ])('refuses %s', (_, changes) => {
    const bytes = encode({ ...sampleMessage(), ...changes })
    expect(codeOf(() => parseMessage(bytes))).toBe('MESSAGE_INVALID')
  })

  it('ignores fields of later editions', () => {
    expect(parseMessage(encode({ ...sampleMessage(), mood: 'x' }))).toEqual(sampleMessage())
  })

  it('refuses any other length', () => {
    const bytes = formatMessage(sampleMessage())
    expect(codeOf(() => parseMessage(bytes.subarray(1)))).toBe('MESSAGE_INVALID')
    expect(codeOf(() => parseMessage(new Uint8Array(messageBytes + 1)))).toBe('MESSAGE_INVALID')
  })

  it('throws nothing but ReplyError', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ minLength: messageBytes, maxLength: messageBytes }),
      fc.json().map((text) => {
        const padded = new Uint8Array(messageBytes).fill(0x20)
        padded.set(new TextEncoder().encode(text).subarray(0, messageBytes))
        return padded
      }),
    )
    fc.assert(
      fc.property(bytes, (each) => {
        expect(codeOf(() => parseMessage(each))).toBe('MESSAGE_INVALID')
      }),
      { numRuns: 50 },
    )
  })
})

describe('splitMessage', () => {
  const partsFit = (parts: readonly string[], asks: ReplyAsk[]) => {
    for (const [index, text] of parts.entries())
      formatMessage(
        sampleMessage({
          asks,
          language: 'other',
          part: index + 1,
          parts: parts.length,
          text,
        }),
      )
  }

  it('holds about 2,000 Hangul in one part', () => {
    expect(splitMessage('가'.repeat(2000), [...replyAsks])).toHaveLength(1)
    expect(splitMessage('가'.repeat(2200), [])).toHaveLength(2)
  })

  it('gives parts that fit, joined again to the text', () => {
    const units = ['가나다', ' ', 'word', '\n', '"', '\\', '한글 낱말', '👩‍👩‍👧', 'é', '中文', '.']
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...units), { minLength: 200, maxLength: 4000 }),
        fc.subarray([...replyAsks]),
        (words, asks) => {
          let parts: string[]
          try {
            parts = splitMessage(words.join(''), asks)
          } catch (error) {
            expect(error).toBeInstanceOf(ReplyError)
            return
          }
          expect(parts.length).toBeLessThanOrEqual(4)
          partsFit(parts, asks)
          const squeeze = (text: string) => text.normalize('NFC').replace(/\s+/gu, '')
          expect(squeeze(parts.join(''))).toBe(squeeze(words.join('')))
        },
      ),
      { numRuns: 40 },
    )
  })

  it('divides after a line, else after a word, else after a whole character', () => {
    const line = `${'가'.repeat(99)}\n`
    expect(splitMessage(line.repeat(30), [])[0]).toMatch(/\n$/)
    const word = `${'나'.repeat(30)} `
    expect(splitMessage(word.repeat(80), [])[0]).toMatch(/ $/)
    const family = '👩‍👩‍👧'
    const parts = splitMessage(family.repeat(600), [])
    expect(parts.every((part) => part.replaceAll(family, '') === '')).toBe(true)
  })

  it('divides even one endless character', () => {
    const parts = splitMessage(`a${'\u0301'.repeat(8000)}`, [])
    partsFit(parts, [])
    expect(parts.length).toBeGreaterThan(1)
  })

  it('keeps no run of blanks that would fill a part', () => {
    const parts = splitMessage(`a${' \n'.repeat(20_000)}b`, [])
    expect(parts).toEqual(['a\n\nb'])
  })

  it.each([
    ['nothing', '', 'MESSAGE_INVALID'],
    ['only blanks', ' \n ', 'MESSAGE_INVALID'],
    ['a text that is turned around', 'a\u202eb', 'MESSAGE_INVALID'],
    ['more than four parts', '가'.repeat(9000), 'MESSAGE_TOO_LONG'],
    ['a book', 'a'.repeat(10_000_000), 'MESSAGE_TOO_LONG'],
  ])('refuses %s', (_, text, code) => {
    expect(codeOf(() => splitMessage(text, []))).toBe(code)
  })
})
