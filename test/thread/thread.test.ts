import { createHash, createHmac, hkdfSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import {
  formatRecipient,
  generateIdentity,
  parseRecipient,
  recipientOf,
} from '../../src/age/keys.ts'
import {
  checkReplyGroup,
  deriveThread,
  openedTag,
  replyGroupOf,
  replyTag,
  threadIdOf,
  wipeThread,
} from '../../src/thread/thread.ts'
import { providers } from '../age/providers.ts'

const secret = Uint8Array.from({ length: 16 }, (_, at) => at)
const dropId = Uint8Array.from({ length: 16 }, (_, at) => 255 - at)
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')

describe.each(providers)('with $provider', ({ primitives }) => {
  const thread = deriveThread(primitives, secret)

  it('derives what node:crypto derives', () => {
    const salt = 'tumen/thread/v1'
    const derive = (info: string) => Buffer.from(hkdfSync('sha256', secret, salt, info, 32))
    expect(hex(thread.identity.secret)).toBe(derive('identity').toString('hex'))
    expect(hex(thread.tagKey)).toBe(derive('tag').toString('hex'))
    const { publicKey } = parseRecipient(thread.recipient)
    const digest = createHash('sha256').update(salt).update(publicKey).update(thread.tagKey)
    expect(thread.id).toBe(digest.digest('hex').slice(0, 32))
    expect(thread.recipient).toHaveLength(1959)
  })

  it('computes the tags that node:crypto computes', () => {
    const tagOf = (...message: (string | Uint8Array)[]) =>
      message
        .reduce((hmac, part) => hmac.update(part), createHmac('sha256', thread.tagKey))
        .digest('hex')
        .slice(0, 32)
    for (const k of [0, 1, 14])
      expect(replyTag(primitives, thread.tagKey, dropId, k)).toBe(
        tagOf('tumen/reply/v1', dropId, Uint8Array.of(k)),
      )
    expect(openedTag(primitives, thread.tagKey, dropId)).toBe(tagOf('tumen/opened/v1', dropId))
  })

  it('gives the same thread as the other provider', () => {
    const others = providers.map((each) => deriveThread(each.primitives, secret))
    for (const other of others) {
      expect(other.recipient).toBe(thread.recipient)
      expect(other.tagKey).toEqual(thread.tagKey)
      expect(other.id).toBe(thread.id)
    }
  })

  it('wipes every secret', () => {
    const wiped = deriveThread(primitives, secret.slice())
    wipeThread(wiped)
    for (const bytes of [wiped.secret, wiped.tagKey, wiped.identity.secret])
      expect(bytes.every((byte) => byte === 0)).toBe(true)
  })

  describe('checkReplyGroup', () => {
    const good = replyGroupOf(thread, 'ko')
    const problemOf = (value: unknown) => {
      const checked = checkReplyGroup(primitives, value)
      return 'problem' in checked ? checked.problem : null
    }
    const withKey = (change: (publicKey: Uint8Array) => void) => {
      const publicKey = parseRecipient(good.recipient).publicKey.slice()
      change(publicKey)
      return { ...good, recipient: formatRecipient({ kind: 'hybrid', publicKey }) }
    }

    it('accepts the group of a thread, which names the thread', () => {
      expect(checkReplyGroup(primitives, JSON.parse(JSON.stringify(good)))).toEqual(good)
      expect(threadIdOf(primitives, thread)).toBe(thread.id)
    })

    it.each([
      0,
      1,
      325606250,
      39382357235489614581723060781553021112529911719440698176882885853963445705823n,
    ])('refuses the point of low order %s', (u) => {
      const point = BigInt(u).toString(16).padStart(64, '0')
      const littleEndian = Buffer.from(point, 'hex').reverse()
      const problem = problemOf(withKey((key) => key.set(littleEndian, 1184)))
      if (u === 325606250) expect(problem).toBeNull()
      else expect(problem).toContain('low order')
    })

    it('refuses a coefficient of the modulus, and accepts the one below', () => {
      // 3329 = 0xd01, 3328 = 0xd00: the low byte comes first.
      expect(problemOf(withKey((key) => key.set([0x00, 0x0d], 0)))).toBeNull()
      expect(problemOf(withKey((key) => key.set([0x01, 0x0d], 0)))).toContain('ML-KEM')
      expect(problemOf(withKey((key) => key.set([0x10, 0xd0], 1150)))).toContain('ML-KEM')
      expect(problemOf(withKey((key) => key.set([0x00, 0xd0], 1150)))).toBeNull()
    })

    it.each([
      ['nothing', null],
      ['a list', [good]],
      ['a text', 'reply'],
      ['no language', { recipient: good.recipient, tag_key: good.tag_key }],
      ['a field too many', { ...good, url: 'x' }],
      [
        'an upper-case tag key',
        { ...good, tag_key: good.tag_key.toUpperCase().replace(/\d/g, 'A') },
      ],
      ['a short tag key', { ...good, tag_key: good.tag_key.slice(2) }],
      ['an upper-case recipient', { ...good, recipient: good.recipient.toUpperCase() }],
      ['a huge recipient', { ...good, recipient: 'age1pq1'.padEnd(5_000_000, 'q') }],
      ['a huge tag key', { ...good, tag_key: 'a'.repeat(5_000_000) }],
      ['an unknown language', { ...good, language: 'xx' }],
      ['a number', { ...good, recipient: 5 }],
      ['a damaged recipient', { ...good, recipient: good.recipient.replace(/..$/, 'pz') }],
      [
        'an X25519 recipient',
        { ...good, recipient: recipientOf(generateIdentity(primitives, 'x25519')) },
      ],
    ])('refuses %s', (_, value) => {
      expect(problemOf(value)).toMatch(/^reply/)
    })
  })
})
