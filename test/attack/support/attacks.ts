import { randomBytes } from 'node:crypto'
import { makeEnvelope } from '../../workers/envelopes.ts'

/** What an attacker sends on one connection. */
export interface Attack {
  /** The bytes sent at once on a new connection, or for each repetition. */
  open(): string | Uint8Array
  /** Text sent every second while the connection is open. Without it, nothing more is sent. */
  drip?: string
  /** Sends `open()` again on the same connection after each answer. */
  isRepeated?: true
}

const GIBIBYTES_2 = 2 ** 31
const AGE_BEGINNING = makeEnvelope(70_000).bytes
/** An age header of nearly the maximum length without an end: the intake must buffer all of it. */
const DEAR_HEADER = Buffer.from(
  `age-encryption.org/v1\n${`-> mlkem768x25519 ${'A'.repeat(1494)}\n${'A'.repeat(43)}\n`.repeat(32)}${`-> ${'a '.repeat(1000)}a\n\n`.repeat(6)}`,
)

const head = (line: string, headers: Record<string, string | number>): string =>
  `${line} HTTP/1.1\r\nHost: x\r\nAccept: application/json\r\n${Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('')}\r\n`

function post(bytes: Uint8Array, announced = bytes.length): Buffer {
  const headers = { 'Content-Type': 'application/octet-stream', 'Content-Length': announced }
  return Buffer.concat([Buffer.from(head('POST /submissions', headers)), bytes])
}

/** A tus request (creation-with-upload) that sends only the first bytes of the announced upload. */
function begun(bytes: Uint8Array, announced: number): Buffer {
  const headers = {
    'Tus-Resumable': '1.0.0',
    'Upload-Length': announced,
    'Content-Type': 'application/offset+octet-stream',
    'Content-Length': bytes.length,
  }
  return Buffer.concat([Buffer.from(head('POST /uploads', headers)), bytes])
}

const announce = (bytes: number): string =>
  head('POST /uploads', { 'Tus-Resumable': '1.0.0', 'Upload-Length': bytes, 'Content-Length': 0 })

/**
 * Requests that some servers interpret differently than others, which makes request smuggling
 * possible, with the statuses of all answers; '' if the connection is closed without an answer.
 */
export const ODDITIES: readonly (readonly [what: string, bytes: string, answers: string])[] = [
  [
    'a length and chunks',
    'POST /submissions HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /recipients.txt HTTP/1.1\r\nHost: x\r\n\r\n',
    '400',
  ],
  [
    'two lengths',
    'POST /submissions HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!',
    '400',
  ],
  [
    'chunks and identity',
    'POST /submissions HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n',
    '400',
  ],
  [
    'an unknown coding',
    'POST /submissions HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n',
    '',
  ],
  [
    'endless chunk extensions',
    `POST /submissions HTTP/1.1\r\nHost: x\r\nContent-Type: application/octet-stream\r\nTransfer-Encoding: chunked\r\n\r\n1;${'x=y;'.repeat(8000)}\r\na\r\n0\r\n\r\n`,
    '',
  ],
  [
    'bare line feeds around chunks',
    'POST /submissions HTTP/1.1\r\nHost: x\r\nContent-Type: application/octet-stream\r\nTransfer-Encoding: chunked\r\n\r\n1\na\n0\n\n',
    '',
  ],
  ['bare line feeds', 'GET / HTTP/1.1\nHost: x\n\n', '400'],
  ['a folded header', 'GET / HTTP/1.1\r\nHost: x\r\nX: a\r\n b: c\r\n\r\n', '400'],
  [
    'an absolute address',
    'GET http://elsewhere.invalid/keyring.json HTTP/1.1\r\nHost: x\r\n\r\n',
    '200',
  ],
  [
    'an upgrade',
    'GET /keyring.json HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
    '200',
  ],
  [
    'h2c',
    'GET /keyring.json HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n',
    '200',
  ],
  ['h2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', '400'],
  ['CONNECT', 'CONNECT elsewhere.invalid:80 HTTP/1.1\r\nHost: x\r\n\r\n', '405'],
  ['no Host', 'GET /keyring.json HTTP/1.1\r\n\r\n', '400'],
  ['two Hosts', 'GET /keyring.json HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n', '400'],
  ['no Host in HTTP/1.0', 'GET /keyring.json HTTP/1.0\r\n\r\n', '200'],
  ['any expectation', 'GET /keyring.json HTTP/1.1\r\nHost: x\r\nExpect: anything\r\n\r\n', '417'],
  [
    'a head that is too long',
    `GET / HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(17_000)}\r\n\r\n`,
    '431',
  ],
  ['eight in a pipeline', 'GET /nothing HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(8), '404 × 8'],
  [
    'an upgrade with a request behind it',
    'GET /keyring.json HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\nGET /nothing HTTP/1.1\r\nHost: x\r\n\r\n',
    '200',
  ],
  [
    'CONNECT behind another request',
    'GET /keyring.json HTTP/1.1\r\nHost: x\r\n\r\nCONNECT elsewhere.invalid:80 HTTP/1.1\r\nHost: x\r\n\r\n',
    '',
  ],
  ['fifty in a pipeline', 'GET /recipients.txt HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(50), ''],
  [
    'ranges',
    'GET /keyring.json HTTP/1.1\r\nHost: x\r\nRange: bytes=0-0,1-1,2-2,3-3,4-4,5-5\r\n\r\n',
    '200',
  ],
  [
    'a thousand ranges',
    `GET /keyring.json HTTP/1.1\r\nHost: x\r\nRange: bytes=${Array.from({ length: 1000 }, (_, at) => `${at}-`).join(',')}\r\n\r\n`,
    '200',
  ],
  [
    'Expect twice',
    'POST /submissions HTTP/1.1\r\nHost: x\r\nContent-Type: application/octet-stream\r\nContent-Length: 10\r\nExpect: 100-continue, 100-continue\r\n\r\n',
    '408',
  ],
  [
    'Expect in HTTP/1.0',
    'POST /submissions HTTP/1.0\r\nContent-Type: application/octet-stream\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\nage',
    '400',
  ],
  [
    'a negative length',
    'POST /submissions HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n',
    '400',
  ],
  [
    'a length beyond numbers',
    'POST /submissions HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n',
    '400',
  ],
  ['a path that climbs', 'GET /%00%ff/../../etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n', '404'],
  ['a body with GET', 'GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello', '200'],
  [
    'a PROXY line again',
    'PROXY TCP6 fc00:dead:beef:4dad::0:1 ::1 1 80\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n',
    '400',
  ],
]

let turn = 0

export const ATTACKS = {
  'slow heads': { open: () => 'GET / HTTP/1.1\r\nHost: x\r\nX: ', drip: 'x' },
  'slow bodies': { open: () => post(AGE_BEGINNING.subarray(0, 200), 1_000_000), drip: 'x' },
  'half-open uploads': { open: () => post(AGE_BEGINNING.subarray(0, 65_536), 1_000_000) },
  'a flood of tiny envelopes': { open: () => post(makeEnvelope(10).bytes), isRepeated: true },
  'a flood of junk': { open: () => post(randomBytes(4096)), isRepeated: true },
  '2 GiB announced, in one go': { open: () => post(AGE_BEGINNING.subarray(0, 200), GIBIBYTES_2) },
  '2 GiB announced, with tus': { open: () => announce(GIBIBYTES_2), isRepeated: true },
  'uploads never continued': { open: () => announce(1_000_000), isRepeated: true },
  'dear headers, never ended': { open: () => post(DEAR_HEADER, 1_000_000), drip: 'A' },
  'dear headers, with tus': { open: () => begun(DEAR_HEADER, 1_000_000), isRepeated: true },
  'a flood of one envelope': { open: () => post(AGE_BEGINNING), isRepeated: true },
  'a flood of requests': { open: () => head('GET /', {}).repeat(4), isRepeated: true },
  oddities: { open: () => ODDITIES[turn++ % ODDITIES.length]?.[1] ?? '' },
} satisfies Record<string, Attack>

export type AttackName = keyof typeof ATTACKS
