import { combine } from 'shamir-secret-sharing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { ShareError } from '../../src/keyring/errors.ts'
import { fingerprintGroups, recipientDigest, signerDigest } from '../../src/keyring/fingerprint.ts'
import {
  generateIdentityPair,
  parseIdentityFile,
  recipientsOf,
} from '../../src/keyring/identity-file.ts'
import {
  formatPublicKeyLine,
  generateSigningKey,
  parseSecretKey,
} from '../../src/keyring/minisign.ts'
import { Secret } from '../../src/keyring/secret.ts'
import { identitiesText, signingKeyText } from '../../src/keyring/secret-text.ts'
import type { SecretText } from '../../src/keyring/secret-text.ts'
import {
  formatShare,
  maxShareFileBytes,
  maxSharedSecretBytes,
  parseShare,
} from '../../src/keyring/share-format.ts'
import { combineShares, maxShares, splitSecret } from '../../src/keyring/shares.ts'
import { day, encode, primitives } from './fixtures.ts'

const pair = generateIdentityPair(primitives)
const makeIdentityText = () => identitiesText([pair.hybrid, pair.x25519])
const splitting = { of: '김 분석가', day, shares: 5, threshold: 3 }
const texts = (await splitSecret(primitives, makeIdentityText(), splitting)).map(formatShare)
const otherTexts = (await splitSecret(primitives, makeIdentityText(), splitting)).map(formatShare)

const read = (text: string) => parseShare(encode(text))
const give = (...from: string[]) =>
  from.map((text, index) => ({ from: `file-${index + 1}`, share: read(text) }))
const join = (...from: string[]) => combineShares(primitives, give(...from))
const text = (index: number) => texts[index] ?? ''

async function problemOf(action: () => unknown): Promise<{ code: string; message: string } | null> {
  try {
    await action()
    return null
  } catch (error) {
    if (error instanceof ShareError) return { code: error.code, message: error.message }
    throw error
  }
}

describe('splitSecret and combineShares', () => {
  it.each([
    [0, 1, 2],
    [4, 2, 0],
    [0, 1, 2, 3, 4],
  ])('restore an identity from shares %j, in any order', async (...numbers) => {
    const { text: secret, digest } = await join(...numbers.map(text))
    const identities = parseIdentityFile(primitives, secret.reveal())
    expect(identities.map(({ kind }) => kind)).toEqual(['hybrid', 'x25519'])
    expect(fingerprintGroups(digest)).toBe(fingerprintGroups(recipientDigest(recipientsOf(pair))))
  })

  it('restore a signing key', async () => {
    const key = generateSigningKey()
    const shares = (
      await splitSecret(primitives, signingKeyText(key), { ...splitting, of: 'root' })
    ).map(formatShare)
    const {
      kind,
      text: secret,
      digest,
    } = await join(shares[1] ?? '', shares[3] ?? '', shares[4] ?? '')
    const line = formatPublicKeyLine(parseSecretKey(secret.revealText()).publicKey)
    expect({ kind, line }).toEqual({ kind: 'signing', line: formatPublicKeyLine(key.publicKey) })
    expect(digest).toEqual(signerDigest({ public_key: line }))
  })

  it('use the bytes of the published scheme, so another program restores a file that age reads', async () => {
    const plain = await combine([read(text(0)).bytes, read(text(1)).bytes, read(text(4)).bytes])
    expect(new TextDecoder().decode(plain)).toMatch(
      /^AGE-SECRET-KEY-PQ-1[0-9A-Z]+\nAGE-SECRET-KEY-1[0-9A-Z]+\n$/,
    )
  })

  it('reveal nothing with too few shares: the joined bytes are not a key', async () => {
    const plain = await combine([read(text(0)).bytes, read(text(1)).bytes])
    expect(new TextDecoder('latin1').decode(plain)).not.toContain('AGE-SECRET-KEY')
  })

  it.each([
    [1, 2, 'there can be 2 to 255 shares'],
    [maxShares + 1, 2, 'there can be 2 to 255 shares'],
    [3, 1, 'the threshold is 2 or more'],
    [3, 4, 'nobody could ever restore the key'],
    [3, 2.5, 'the threshold is 2 or more'],
  ])('refuse %d shares with a threshold of %d', async (shares, threshold, expected) => {
    const problem = await problemOf(() =>
      splitSecret(primitives, makeIdentityText(), { ...splitting, shares, threshold }),
    )
    expect(problem).toMatchObject({ code: 'BOUNDS', message: expect.stringContaining(expected) })
  })

  it('accept a secret of the maximum length and none longer', async () => {
    const secretOf = (length: number): SecretText => ({
      kind: 'identity',
      text: new Secret(new Uint8Array(length).fill(7)),
      digest: new Uint8Array(32),
    })
    const split = (length: number) =>
      problemOf(() =>
        splitSecret(primitives, secretOf(length), { ...splitting, shares: 2, threshold: 2 }),
      )
    expect(await split(maxSharedSecretBytes - 1)).toBeNull()
    expect(await split(maxSharedSecretBytes)).toBeNull()
    expect(await split(maxSharedSecretBytes + 1)).toMatchObject({ code: 'BOUNDS' })
  })

  it('read a share of the longest secret', async () => {
    const longest: SecretText = {
      kind: 'identity',
      text: new Secret(new Uint8Array(maxSharedSecretBytes).fill(7)),
      digest: new Uint8Array(32),
    }
    for (const share of await splitSecret(primitives, longest, {
      ...splitting,
      shares: 255,
      threshold: 2,
    })) {
      if (share.number > 1 && share.number < 255) continue
      const file = encode(formatShare(share))
      expect(file.length).toBeLessThan(maxShareFileBytes)
      expect(parseShare(file)).toEqual(share)
    }
  })
})

describe('combineShares', () => {
  it.each([
    [
      'of too few',
      [text(0), text(3)],
      'TOO_FEW',
      ['3 shares restore this key', 'file-1, file-2', '1 more is needed'],
    ],
    ['of one alone', [text(2)], 'TOO_FEW', ['only 1 was given', '2 more are needed']],
    ['of none', [], 'TOO_FEW', ['no share was given']],
    [
      'of one given twice',
      [text(0), text(1), text(0)],
      'DUPLICATE',
      ['file-1 and file-3 are both share 1'],
    ],
    [
      'of two splittings of one key',
      [text(0), otherTexts[1] ?? '', text(2)],
      'MIXED',
      ['file-1 is share 1', 'file-2 is share 2'],
    ],
  ])('refuses shares %s, naming the files', async (_what, given, code, expected) => {
    const problem = await problemOf(() => join(...given))
    expect(problem?.code).toBe(code)
    for (const part of expected) expect(problem?.message).toContain(part)
  })

  it.each([
    ['of', 'lee'],
    ['threshold', 2],
    ['fingerprint', '12345 '.repeat(8).trim()],
  ])('refuses shares of one set that differ in %s', async (field, value) => {
    const changed = read(formatShare({ ...read(text(1)), [field]: value }))
    const given = [...give(text(0)), { from: 'forged', share: changed }, ...give(text(2))]
    expect(await problemOf(() => combineShares(primitives, given))).toMatchObject({
      code: 'MIXED',
      message: expect.stringContaining('forged'),
    })
  })

  it('refuses a forged share whose checks are valid', async () => {
    const share = read(text(1))
    share.bytes[0] = (share.bytes[0] ?? 0) ^ 1
    const problem = await problemOf(() => join(text(0), formatShare(share), text(2)))
    expect(problem).toMatchObject({
      code: 'NOT_RESTORED',
      message: expect.stringContaining('file-1, file-2, file-3'),
    })
  })
})

describe('parseShare', () => {
  it('reads back a written share', () => {
    for (const written of texts) expect(formatShare(read(written))).toBe(written)
  })

  it('accepts lower case, missing blanks, look-alike digits, remarks and other line ends', () => {
    const typed = `\ufeff# by hand\r\n${text(0)}`
      .split('\n')
      .map((line) => {
        const [, label, body] = /^(\s*(?:\d+|check|set):)(.*)$/.exec(line) ?? []
        return body === undefined
          ? line
          : `${label}${body.replaceAll(' ', '').replaceAll('O', '0').replaceAll('I', '1').replaceAll('B', '8').toLowerCase()}`
      })
      .join('\r\n')
    expect(read(typed)).toEqual(read(text(0)))
  })

  it('finds every single wrong character in the lines, and names the line', async () => {
    const lines = text(0).split('\n')
    const first = lines.findIndex((line) => /^\s*1: /.test(line))
    for (let at = 4; at < (lines[first]?.length ?? 0); at += 1) {
      const line = lines[first] ?? ''
      if (!/[A-Z2-7]/.test(line[at] ?? '')) continue
      const slip = lines
        .with(first, line.slice(0, at) + (line[at] === 'A' ? 'Q' : 'A') + line.slice(at + 1))
        .join('\n')
      expect(await problemOf(() => read(slip))).toMatchObject({
        code: 'DAMAGED',
        message: expect.stringContaining('line 1 of share 1'),
      })
    }
  })

  it.each([
    [
      'a line taken out',
      (lines: string[]) => lines.filter((line) => !/^\s*2: /.test(line)),
      'MALFORMED',
    ],
    [
      'the last line taken out',
      (lines: string[]) =>
        lines.filter((line, index) => !(/^\s*\d+: /.test(line) && lines[index + 1] === '')),
      'DAMAGED',
    ],
    [
      'two lines of it exchanged',
      (lines: string[]) =>
        lines.map((line) =>
          line
            .replace(/^\s*1: /, ' x: ')
            .replace(/^\s*2: /, ' 1: ')
            .replace(/^\s*x: /, ' 2: '),
        ),
      'DAMAGED',
    ],
    [
      'another name',
      (lines: string[]) => lines.map((line) => line.replace('of: 김 분석가', 'of: 이 분석가')),
      'DAMAGED',
    ],
    [
      'another threshold',
      (lines: string[]) => lines.map((line) => line.replace('any 3 restore', 'any 2 restore')),
      'DAMAGED',
    ],
    [
      'a line twice',
      (lines: string[]) => lines.flatMap((line) => (/^\s*1: /.test(line) ? [line, line] : [line])),
      'MALFORMED',
    ],
    [
      'no check',
      (lines: string[]) => lines.filter((line) => !line.startsWith('check:')),
      'MALFORMED',
    ],
    [
      'a name that leaves the folder',
      (lines: string[]) => lines.map((line) => line.replace('of: 김 분석가', 'of: a\u202eb')),
      'MALFORMED',
    ],
  ])('refuses a share with %s', async (_what, change, code) => {
    expect(await problemOf(() => read(change(text(0).split('\n')).join('\n')))).toMatchObject({
      code,
    })
  })

  it('bounds the bytes', async () => {
    const sized = (length: number) => {
      const bytes = new Uint8Array(length).fill(0x0a)
      bytes.set(encode(text(0)))
      return bytes
    }
    for (const length of [maxShareFileBytes - 1, maxShareFileBytes])
      expect(await problemOf(() => parseShare(sized(length)))).toBeNull()
    expect(await problemOf(() => parseShare(sized(maxShareFileBytes + 1)))).toMatchObject({
      code: 'MALFORMED',
    })
  })

  it('throws only ShareError, whatever the bytes, and never quotes the share', () => {
    const secretLine = /1: (\S+)/.exec(text(0))?.[1] ?? ''
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 200 }),
        fc.nat(text(0).length),
        fc.string({ maxLength: 3 }),
        (bytes, at, insert) => {
          for (const source of [
            bytes,
            encode(text(0).slice(0, at) + insert + text(0).slice(at + 1)),
          ]) {
            try {
              parseShare(source)
            } catch (error) {
              expect(error).toBeInstanceOf(ShareError)
              expect((error as Error).message).not.toContain(secretLine)
            }
          }
        },
      ),
      { numRuns: 300 },
    )
  })
})
