import { makeEnvelope, type TestEnvelope } from '../../workers/envelopes.ts'
import { MAX_BYTES, STEP_MINUTES } from './intake.ts'

/**
 * One action of the stranger, an attacker who only uses the public interface. The answer is part of
 * the stranger's view.
 */
export type Probe =
  | { what: 'request'; circuit: number; head: string; body: Buffer }
  /** The head of a tip whose body is not sent; the connection then ends. */
  | { what: 'announcement'; circuit: number; head: string }
  /** A connection that is only kept open. */
  | { what: 'watch'; circuit: number }
  /** A request about the upload that the stranger created last. */
  | { what: 'own upload'; circuit: number; method: 'HEAD' | 'PATCH' | 'DELETE'; body: Buffer }

/** One action of an honest source, or of the canary. */
export type Visit =
  | { what: 'look'; circuit: number }
  | { what: 'send' | 'give up'; circuit: number; way: 'raw' | 'form' | 'tus'; tip: TestEnvelope }
  | { what: 'resume'; circuit: number; tip: TestEnvelope; at: number }
  | { what: 'ask'; circuit: number; tip: TestEnvelope }

export type Event =
  | { by: 'stranger'; probe: Probe }
  | { by: 'source'; visit: Visit }
  | { by: 'clock'; ms: number }

const MIN_EVENTS = 8
const EXTRA_EVENTS = 8
const STRANGERS_CIRCUITS = 3
const STEP_MS = STEP_MINUTES * 60_000

const tips = [100, 3_000, 70_000, 200_000, 700_000].map((bytes) => makeEnvelope(bytes))
const ownTips = [200, 5_000, 66_000].map((bytes) => makeEnvelope(bytes))

/** A generator of 32-bit numbers (mulberry32). The same seed gives the same rounds. */
export class Draw {
  #state: number

  constructor(seed: number) {
    this.#state = seed >>> 0
  }

  /** A random integer from 0 to `count - 1`. */
  below(count: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * count) | 0
  }

  of<T>(choices: readonly T[]): T {
    const chosen = choices[this.below(choices.length)]
    if (chosen === undefined) throw new Error('nothing to choose from')
    return chosen
  }
}

/**
 * Two connections that are watched from the start, then all other events in random order, over more
 * than one publication step.
 */
export function drawScript(draw: Draw): Event[] {
  const events: Event[] = [
    { by: 'stranger', probe: { what: 'watch', circuit: 1 } },
    { by: 'stranger', probe: { what: 'watch', circuit: 2 } },
  ]
  const count = MIN_EVENTS + draw.below(EXTRA_EVENTS)
  for (let at = 0; at < count; at += 1) {
    const kind = draw.below(10)
    if (kind < 5) events.push({ by: 'stranger', probe: drawProbe(draw) })
    else if (kind < 8) events.push({ by: 'source', visit: drawVisit(draw) })
    else events.push({ by: 'clock', ms: draw.of([1_000, 10_000, 20_000, STEP_MS]) })
  }
  events.push(
    { by: 'source', visit: drawVisit(draw) },
    { by: 'stranger', probe: announcement(draw) },
    { by: 'clock', ms: STEP_MS },
    { by: 'stranger', probe: announcement(draw) },
  )
  return events
}

function drawProbe(draw: Draw): Probe {
  const circuit = 1 + draw.below(STRANGERS_CIRCUITS)
  switch (draw.below(8)) {
    case 6:
      return request(
        circuit,
        `GET /replies/${draw.of(['newest.tar', 'index.json', 'index.json.minisig', `${'ab'.repeat(16)}.tar`, 'older-1.tar'])}`,
        draw.of([{}, { Range: 'bytes=100-199' }, { Range: 'bytes=99999-' }]),
      )
    case 0:
      return { what: 'watch', circuit }
    case 1:
    case 2:
      return announcement(draw)
    case 3:
      return {
        what: 'own upload',
        circuit,
        method: draw.of(['HEAD', 'PATCH', 'DELETE']),
        body: draw.of(ownTips).bytes.subarray(0, 100 + draw.below(100)),
      }
    case 4:
      return wholeTip(circuit, draw.of(ownTips).bytes)
    case 5:
      return request(
        circuit,
        draw.of(['GET /a', 'OPTIONS /uploads', 'CONNECT x:1', `GET /receipts/${'0'.repeat(64)}`]),
        draw.of([{}, { Accept: 'text/html' }, { Expect: 'anything' }]),
      )
    default:
      return request(circuit, draw.of(['GET /', 'GET /keyring.json', 'GET /ko', 'HEAD /']))
  }
}

/**
 * Announces a length near the maximum, where a comparison with the free space would be most
 * visible.
 */
function announcement(draw: Draw): Probe {
  const circuit = 1 + draw.below(STRANGERS_CIRCUITS)
  const bytes = MAX_BYTES + 1 - draw.of([0, 1, 50, 50_000, 600_000, 3_900_000])
  const isTus = draw.below(2) === 0
  const headers = isTus
    ? { 'Tus-Resumable': '1.0.0', 'Upload-Length': bytes, 'Content-Length': 0 }
    : {
        'Content-Type': 'application/octet-stream',
        'Content-Length': bytes,
        Expect: '100-continue',
      }
  const head = headOf(`POST ${isTus ? '/uploads' : '/submissions'}`, headers)
  return isTus
    ? { what: 'request', circuit, head, body: Buffer.alloc(0) }
    : { what: 'announcement', circuit, head }
}

function wholeTip(circuit: number, body: Buffer): Probe {
  const headers = { 'Content-Type': 'application/octet-stream', 'Content-Length': body.length }
  return { what: 'request', circuit, head: headOf('POST /submissions', headers), body }
}

function request(circuit: number, line: string, headers: Headers = {}): Probe {
  return { what: 'request', circuit, head: headOf(line, headers), body: Buffer.alloc(0) }
}

function drawVisit(draw: Draw): Visit {
  const circuit = 100 + draw.below(50)
  const tip = draw.of(tips)
  switch (draw.below(6)) {
    case 0:
      return { what: 'look', circuit }
    case 1:
      return { what: 'ask', circuit, tip }
    case 2:
      return { what: 'give up', circuit, way: draw.of(['raw', 'form', 'tus']), tip }
    case 3:
      return { what: 'resume', circuit, tip, at: draw.below(tip.bytes.length) }
    default:
      return { what: 'send', circuit, way: draw.of(['raw', 'form', 'tus']), tip }
  }
}

export type Headers = Record<string, string | number>

export function headOf(line: string, headers: Headers = {}): string {
  const all = { Host: 'x', Accept: 'application/json', Connection: 'close', ...headers }
  return `${line} HTTP/1.1\r\n${Object.entries(all)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('')}\r\n`
}
