import { gzipSync } from 'node:zlib'
import { generateIdentity } from '../../src/age/keys.ts'
import type { Recipient } from '../../src/age/keys.ts'
import { sealWithPassphrase } from '../../src/age/passphrase.ts'
import { primitives } from '../support/ceremony.ts'
import { plainTip, sealWhole } from '../support/sealed.ts'
import type { HostileEnvelope } from './hostile-envelope.ts'
import { refused } from './hostile-envelope.ts'

const sealedChunkBytes = 65_552

/** Envelopes whose age file is damaged, forged or sealed to another recipient. */
export async function ageEnvelopes(recipients: readonly Recipient[]): Promise<HostileEnvelope[]> {
  const envelope = await sealWhole(primitives, recipients, plainTip, [longFile])
  return [
    ...headerDefects(envelope),
    ...stanzaDefects(envelope),
    ...payloadDefects(envelope),
    ...bitFlips(envelope),
    ...cuts(envelope),
    ...(await otherPeoples(envelope)),
  ]
}

/** Four chunks, so that their order can be changed. */
const longFile = {
  name: 'long.bin',
  bytes: 200_000,
  mediaType: null,
  sha256: () => 'f4c6c0fc6f8c2b5f3e4cd8b4ddbd1a4ff3bc0f8b0f6bd61cd0e8ef7bc9ed1d0a',
  async *content() {
    yield new Uint8Array(200_000).fill(7)
  },
}

interface Parts {
  /** Everything before the line of the MAC. */
  stanzas: string
  mac: string
  /** The nonce and the chunks. */
  payload: Buffer
}

function partsOf(envelope: Buffer): Parts {
  const macAt = envelope.indexOf('\n--- ') + 1
  const end = envelope.indexOf('\n', macAt) + 1
  return {
    stanzas: envelope.toString('latin1', 0, macAt),
    mac: envelope.toString('latin1', macAt, end),
    payload: envelope.subarray(end),
  }
}

const join = ({ stanzas, mac, payload }: Parts): Buffer =>
  Buffer.concat([Buffer.from(stanzas + mac, 'latin1'), payload])

function headerDefects(envelope: Buffer): HostileEnvelope[] {
  const parts = partsOf(envelope)
  const rest = parts.stanzas.slice(parts.stanzas.indexOf('\n') + 1)
  const withVersion = (line: string) => join({ ...parts, stanzas: line + rest })
  const notAge: [string, Uint8Array][] = [
    ['one byte', Buffer.from('x')],
    ['a photo', Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.alloc(70_000, 7)])],
    ['a PDF', Buffer.from(`%PDF-1.7\n${'x'.repeat(500)}`)],
    ['a program', Buffer.concat([Buffer.from('\x7fELF'), Buffer.alloc(1000)])],
    ['a shell script', Buffer.from('#!/bin/sh\ntouch /tmp/ran\n')],
    ['a tar archive, not sealed', Buffer.alloc(10_240)],
    ['zeros only', Buffer.alloc(66_000)],
    ['ones only', Buffer.alloc(66_000, 0xff)],
    ['compressed with gzip', gzipSync(envelope)],
    ['version 2', withVersion('age-encryption.org/v2\n')],
    ['version 11', withVersion('age-encryption.org/v11\n')],
    ['no version', join({ ...parts, stanzas: rest })],
    ['a version line in capitals', withVersion('AGE-ENCRYPTION.ORG/V1\n')],
    ['a space before the version', withVersion(' age-encryption.org/v1\n')],
    ['a space after the version', withVersion('age-encryption.org/v1 \n')],
    ['a byte order mark before the version', Buffer.concat([Buffer.from('\ufeff'), envelope])],
    ['a version line that ends in CR LF', withVersion('age-encryption.org/v1\r\n')],
    ['an ssh-style prefix', withVersion('SSHSIG\n')],
    [
      'an OpenPGP message',
      Buffer.from('-----BEGIN PGP MESSAGE-----\n\nhF4D\n-----END PGP MESSAGE-----\n'),
    ],
  ]
  const invalid: [string, Uint8Array][] = [
    ['nothing in it', Buffer.alloc(0)],
    [
      'all lines in CR LF',
      Buffer.from(
        envelope.toString('latin1').replaceAll('\n', '\r\n').replace('v1\r\n', 'v1\n'),
        'latin1',
      ),
    ],
    ['no MAC', join({ ...parts, mac: '' })],
    ['an empty MAC', join({ ...parts, mac: '--- \n' })],
    ['a MAC without a space', join({ ...parts, mac: parts.mac.replace('--- ', '---') })],
    [
      'a MAC one byte short',
      join({
        ...parts,
        mac: `--- ${Buffer.alloc(31, 1).toString('base64').replaceAll('=', '')}\n`,
      }),
    ],
    [
      'a MAC one byte long',
      join({
        ...parts,
        mac: `--- ${Buffer.alloc(33, 1).toString('base64').replaceAll('=', '')}\n`,
      }),
    ],
    ['a MAC with padding', join({ ...parts, mac: parts.mac.replace('\n', '=\n') })],
    ['a MAC that is no base64', join({ ...parts, mac: `--- ${'*'.repeat(43)}\n` })],
    ['a MAC that is not canonical', join({ ...parts, mac: `--- ${'A'.repeat(42)}B\n` })],
    ['a space after the MAC', join({ ...parts, mac: parts.mac.replace('\n', ' \n') })],
    ['a line between stanzas', join({ ...parts, stanzas: `${parts.stanzas}\n` })],
    ['its header twice', join({ ...parts, stanzas: parts.stanzas + parts.mac.slice(4) })],
    ['NUL bytes in the header', join({ ...parts, stanzas: parts.stanzas.replace('-> ', '-> \0') })],
  ]
  return [
    ...notAge.map(([name, bytes]) => ({ name, bytes, expected: refused('NOT_AGE') })),
    ...invalid.map(([name, bytes]) => ({ name, bytes, expected: refused('HEADER_INVALID') })),
    {
      name: 'armored',
      bytes: Buffer.from(
        `-----BEGIN AGE ENCRYPTED FILE-----\n${envelope.toString('base64')}\n-----END AGE ENCRYPTED FILE-----\n`,
      ),
      expected: refused('ARMORED'),
    },
    {
      name: 'stanzas without an end',
      bytes: Buffer.from(`age-encryption.org/v1\n${'-> x\n\n'.repeat(20_000)}`),
      expected: refused('TOO_MANY_STANZAS'),
    },
    {
      name: 'a stanza body without an end',
      bytes: Buffer.from(`age-encryption.org/v1\n-> x\n${`${'A'.repeat(64)}\n`.repeat(2_000)}`),
      expected: refused('HEADER_TOO_LARGE'),
    },
    {
      name: 'a stanza line without an end',
      bytes: Buffer.from(`age-encryption.org/v1\n-> ${'x'.repeat(100_000)}`),
      expected: refused('HEADER_TOO_LARGE'),
    },
  ]
}

function stanzaDefects(envelope: Buffer): HostileEnvelope[] {
  const parts = partsOf(envelope)
  const [version = '', ...lines] = parts.stanzas.split('\n')
  const withStanzas = (text: string) => join({ ...parts, stanzas: `${version}\n${text}` })
  const own = lines.join('\n')
  const body = Buffer.alloc(32, 1).toString('base64').replaceAll('=', '')
  const share = Buffer.alloc(1120, 1).toString('base64').replaceAll('=', '')
  const cases: [string, string, string][] = [
    ['no stanza', '', 'NO_MATCH'],
    ['a stanza of a kind nobody knows', `-> unknown 1\n${body}\n`, 'NO_MATCH'],
    ['a grease stanza alone', '-> grease-grease x y z\n\n', 'NO_MATCH'],
    ['an ssh-ed25519 stanza', `-> ssh-ed25519 AAAA ${body}\n${body}\n`, 'NO_MATCH'],
    ['a stanza that was added', `-> grease 1\n\n${own}`, 'OPEN_FAILED'],
    ['its stanza twice', own + own, 'OPEN_FAILED'],
    ['a stanza of a zero point', `-> X25519 ${'A'.repeat(43)}\n${body}\n`, 'HEADER_INVALID'],
    ['an X25519 share that is short', `-> X25519 ${'A'.repeat(22)}\n${body}\n`, 'HEADER_INVALID'],
    ['an X25519 stanza without a share', `-> X25519\n${body}\n`, 'HEADER_INVALID'],
    [
      'an X25519 stanza with one argument too many',
      `-> X25519 ${body} 1\n${body}\n`,
      'HEADER_INVALID',
    ],
    [
      'a post-quantum share that is short',
      `-> mlkem768x25519 ${'A'.repeat(1000)}\n${body}\n`,
      'HEADER_INVALID',
    ],
    ['a post-quantum share of ones', `-> mlkem768x25519 ${share}\n${body}\n`, 'NO_MATCH'],
    [
      'a wrapped key that is long',
      `-> mlkem768x25519 ${share}\n${body.slice(0, -1)}AAAA\n`,
      'HEADER_INVALID',
    ],
    [
      'a passphrase stanza beside another',
      `-> scrypt AAAAAAAAAAAAAAAAAAAAAA 18\n${body}\n${own}`,
      'HEADER_INVALID',
    ],
    [
      'a passphrase stanza of 2^63 rounds',
      `-> scrypt AAAAAAAAAAAAAAAAAAAAAA 63\n${body}\n`,
      'NO_MATCH',
    ],
    ['a stanza line of 65 columns', `-> x\n${'A'.repeat(65)}\n`, 'HEADER_INVALID'],
    ['a stanza without a last line', `-> x\n${'A'.repeat(64)}\n`, 'HEADER_INVALID'],
    ['a stanza with an empty argument', `-> x  y\n${body}\n`, 'HEADER_INVALID'],
    ['a stanza without a kind', `-> \n${body}\n`, 'HEADER_INVALID'],
    ['a stanza with a terminal escape', `-> \u001b]0;x\u0007\n${body}\n`, 'HEADER_INVALID'],
    ['a stanza argument in Hangul', `-> x \xed\x95\x9c\n${body}\n`, 'HEADER_INVALID'],
    ['a stanza body with padding', '-> x\nAA==\n', 'HEADER_INVALID'],
    ['a stanza body that is not canonical', '-> x\nAB\n', 'HEADER_INVALID'],
    ['a thousand stanzas', '-> x\n\n'.repeat(1000), 'TOO_MANY_STANZAS'],
  ]
  return cases.map(([name, text, code]) => ({
    name,
    bytes: withStanzas(text),
    expected: refused(code),
  }))
}

function payloadDefects(envelope: Buffer): HostileEnvelope[] {
  const parts = partsOf(envelope)
  const nonce = parts.payload.subarray(0, 16)
  const chunks = chunksOf(parts.payload.subarray(16))
  const [first = nonce, second = nonce, third = nonce] = chunks
  const last = chunks.at(-1) ?? nonce
  const middle = chunks.slice(1, -1)
  const withChunks = (...parts_: Uint8Array[]) =>
    join({ ...parts, payload: Buffer.concat([nonce, ...parts_]) })
  const failed: [string, Uint8Array][] = [
    ['no chunk', withChunks()],
    ['the last chunk missing', withChunks(...chunks.slice(0, -1))],
    ['the first chunk missing', withChunks(...chunks.slice(1))],
    ['a chunk in the middle missing', withChunks(first, ...chunks.slice(2))],
    ['two chunks exchanged', withChunks(second, first, ...chunks.slice(2))],
    ['a chunk twice', withChunks(first, first, ...chunks.slice(1))],
    ['the last chunk twice', withChunks(...chunks, last)],
    ['the last chunk first', withChunks(last, ...chunks.slice(0, -1))],
    ['chunks in reverse', withChunks(...chunks.toReversed())],
    ['only the last chunk', withChunks(last)],
    ['one byte after the end', withChunks(...chunks, Buffer.from('x'))],
    ['64 KiB of zeros after the end', withChunks(...chunks, Buffer.alloc(65_536))],
    ['another envelope after the end', Buffer.concat([envelope, envelope])],
    ['an empty chunk after the end', withChunks(...chunks, Buffer.alloc(16))],
    ['a chunk of another place', withChunks(first, third, third, ...chunks.slice(3))],
    [
      'the nonce of zeros',
      join({ ...parts, payload: Buffer.concat([Buffer.alloc(16), ...chunks]) }),
    ],
    [
      'the tag of a chunk of zeros',
      withChunks(Buffer.concat([first.subarray(0, -16), Buffer.alloc(16)]), ...chunks.slice(1)),
    ],
    ['chunks one byte too short', withChunks(first.subarray(0, -1), ...middle, last)],
    [
      'the header of one and the payload of another',
      join({ ...parts, payload: Buffer.concat([nonce, Buffer.alloc(sealedChunkBytes * 4, 3)]) }),
    ],
  ]
  return [
    ...failed.map(([name, bytes]) => ({ name, bytes, expected: refused('OPEN_FAILED') })),
    ...[0, 1, 15].map((length) => ({
      name: `a nonce of ${length} bytes`,
      bytes: join({ ...parts, payload: nonce.subarray(0, length) }),
      expected: refused('HEADER_INVALID'),
    })),
  ]
}

const chunksOf = (bytes: Buffer): Buffer[] =>
  Array.from({ length: Math.ceil(bytes.length / sealedChunkBytes) }, (_, at) =>
    bytes.subarray(at * sealedChunkBytes, (at + 1) * sealedChunkBytes),
  )

/** One flipped bit each, at places spread over the payload. */
function bitFlips(envelope: Buffer): HostileEnvelope[] {
  const { payload } = partsOf(envelope)
  const start = envelope.length - payload.length
  return Array.from({ length: 12 }, (_, index) => {
    const bytes = Buffer.from(envelope)
    const at = start + Math.floor(((payload.length - 1) * index) / 11)
    bytes[at] = (bytes[at] ?? 0) ^ (1 << (index % 8))
    return {
      name: `bit ${index % 8} of payload byte ${at - start} changed`,
      bytes,
      expected: refused('OPEN_FAILED'),
    }
  })
}

/** Truncated files, as after a stick was pulled out while it was written. */
function cuts(envelope: Buffer): HostileEnvelope[] {
  const { payload } = partsOf(envelope)
  const start = envelope.length - payload.length
  const inHeader = [5, 21, 22, 500, start - 1].map((length) => ({
    name: `cut after ${length === start - 1 ? 'all of its header but a byte' : `${length} bytes`}`,
    bytes: envelope.subarray(0, length),
    expected: refused('HEADER_INVALID'),
  }))
  const inPayload = [
    17,
    32,
    1000,
    sealedChunkBytes,
    100_000,
    payload.length - 16,
    payload.length - 1,
  ].map((length) => ({
    name: `cut ${length === payload.length - 1 ? 'by its last byte' : `after ${length} bytes of payload`}`,
    bytes: envelope.subarray(0, start + length),
    expected: refused('OPEN_FAILED'),
  }))
  return [...inHeader, ...inPayload]
}

async function otherPeoples(envelope: Buffer): Promise<HostileEnvelope[]> {
  const [hybrid, classic] = [
    generateIdentity(primitives, 'hybrid'),
    generateIdentity(primitives, 'x25519'),
  ]
  const theirs = await sealWhole(primitives, [hybrid])
  return [
    { name: 'sealed to a stranger', bytes: theirs, expected: refused('NO_MATCH') },
    {
      name: 'sealed to a stranger the classic way',
      bytes: await sealWhole(primitives, [classic]),
      expected: refused('NO_MATCH'),
    },
    {
      name: 'sealed to 32 strangers',
      bytes: await sealWhole(
        primitives,
        Array.from({ length: 32 }, () => classic),
      ),
      expected: refused('NO_MATCH'),
    },
    {
      name: 'sealed with a passphrase',
      bytes: await sealWithPassphrase(primitives, new TextEncoder().encode('x'), 'a passphrase'),
      expected: refused('NO_MATCH'),
    },
    {
      name: "our header before a stranger's payload",
      bytes: join({ ...partsOf(envelope), payload: partsOf(theirs).payload }),
      expected: refused('OPEN_FAILED'),
    },
    {
      name: "a stranger's header before our payload",
      bytes: join({ ...partsOf(theirs), payload: partsOf(envelope).payload }),
      expected: refused('NO_MATCH'),
    },
  ]
}
