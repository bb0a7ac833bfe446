import { inspect } from 'node:util'
import { generateHybridIdentity, generateX25519Identity, identityToRecipient } from 'age-encryption'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AgeError } from '../../src/age/errors.ts'
import {
  formatRecipient,
  generateIdentity,
  parseIdentity,
  parseRecipient,
  recipientOf,
  revealIdentity,
} from '../../src/age/keys.ts'
import { providers } from './providers.ts'

describe.each(providers)('keys with the $provider provider', ({ primitives }) => {
  it.each([
    ['post-quantum', generateHybridIdentity],
    ['classic', generateX25519Identity],
  ])('derives the same recipient from a %s identity as typage', async (_kind, generate) => {
    const theirs = await generate()
    const identity = parseIdentity(primitives, theirs)
    expect(recipientOf(identity)).toBe(await identityToRecipient(theirs))
    expect(revealIdentity(identity)).toBe(theirs)
  })

  it('never prints a secret', () => {
    const identity = generateIdentity(primitives, 'hybrid')
    expect(
      [String(identity), JSON.stringify({ identity }), inspect({ identity })].join(),
    ).not.toContain('AGE-SECRET')
    expect(JSON.stringify({ identity })).toBe('{"identity":"<redacted>"}')
    expect(inspect(identity)).toBe('<redacted>')
  })

  it('throws only AgeError, and never the text itself', () => {
    const identity = revealIdentity(generateIdentity(primitives, 'x25519'))
    const damaged = fc
      .tuple(fc.nat(identity.length - 1), fc.constantFrom(...'QPZRY9Xq1 B'))
      .map(([at, letter]) => identity.slice(0, at) + letter + identity.slice(at + 1))
    fc.assert(
      fc.property(fc.oneof(fc.string(), damaged), (text) => {
        if (text === identity) return
        try {
          parseIdentity(primitives, text)
          expect.unreachable()
        } catch (error) {
          expect(error).toBeInstanceOf(AgeError)
          if (text.length > 8) expect(inspect(error)).not.toContain(text)
        }
      }),
    )
  })
})

describe('parseRecipient', () => {
  it('reads both kinds back', async () => {
    for (const generate of [generateHybridIdentity, generateX25519Identity]) {
      const text = await identityToRecipient(await generate())
      expect(formatRecipient(parseRecipient(text))).toBe(text)
    }
  })

  it.each(['', 'age1', 'AGE1QQQ', 'age1qqqqqqqqqqqq', 'ssh-ed25519 AAAA', 'age1pq1'])(
    'throws RECIPIENT_INVALID for %j',
    (text) => {
      expect(() => parseRecipient(text)).toThrow(
        expect.objectContaining({ code: 'RECIPIENT_INVALID' }) as AgeError,
      )
    },
  )

  it('throws RECIPIENT_INVALID for upper case', async () => {
    const text = (await identityToRecipient(await generateX25519Identity())).toUpperCase()
    expect(() => parseRecipient(text)).toThrow(
      expect.objectContaining({ code: 'RECIPIENT_INVALID' }) as AgeError,
    )
  })
})
