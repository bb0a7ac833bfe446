import { once } from 'node:events'
import { request } from 'node:http'
import { paddedTarBytes } from '../../../src/tip/padme.ts'
import { dial, Visitor } from '../../attack/support/onion.ts'
import { makeEnvelope, type TestEnvelope } from '../../workers/envelopes.ts'

/**
 * What a careless program reveals about the person who uses it. None of it may be found on the
 * server afterwards.
 */
export const told = {
  'a user agent': ['TellTaleBrowser/7.7'],
  'a cookie': ['session-of-riyounghui'],
  'a page': ['family-forum.example'],
  'a language': ['ko-KP'],
  'a file name': ['체포 장면 사진', 'statement-of-riyounghui'],
  'a circuit': ['fc00:dead', 'PROXY TCP', '7ab3:'],
  'an address of a source': ['203.0.113.77', '127.0.0.77'],
} as const

/** A loopback address that no other part of the test uses. */
export const sourceAddress = '127.0.0.77'

const headers = {
  'User-Agent': 'TellTaleBrowser/7.7 (Phone)',
  Cookie: 'id=session-of-riyounghui',
  Referer: 'http://family-forum.example/how-to-write',
  'Accept-Language': 'ko-KP',
  'X-Forwarded-For': '203.0.113.77',
  Forwarded: 'for=203.0.113.77',
  'X-Real-IP': '203.0.113.77',
}
const tus = {
  'Tus-Resumable': '1.0.0',
  'Upload-Metadata': `filename ${Buffer.from('체포 장면 사진.jpg').toString('base64')}`,
}
const sealed = { 'Content-Type': 'application/octet-stream' }
const patched = { ...tus, 'Content-Type': 'application/offset+octet-stream' }
const boundary = 'telltale'
const formed = { 'Content-Type': `multipart/form-data; boundary=${boundary}` }
const formHead = `--${boundary}\r\nContent-Disposition: form-data; name="envelope"; filename="statement-of-riyounghui 체포 장면 사진.age"\r\nContent-Type: application/octet-stream\r\n\r\n`

/** An envelope padded as the page pads a tip of this length. */
export function paddedEnvelope(tarBytes: number): TestEnvelope {
  const bytes = paddedTarBytes(tarBytes)
  // Each chunk of 64 KiB has its own tag, and `makeEnvelope` counts only one.
  return makeEnvelope(bytes + 16 * (Math.ceil(bytes / 65536) - 1))
}

/** One person, who connects over a circuit of their own. */
export class Source {
  readonly #socketPath: string
  readonly #circuit: number
  readonly #visitor: Visitor

  constructor(socketPath: string, number: number) {
    this.#socketPath = socketPath
    this.#circuit = 0x7ab30000 + number
    this.#visitor = new Visitor(socketPath, this.#circuit)
  }

  /** @returns the receipt. */
  async sendForm({ bytes }: TestEnvelope): Promise<string> {
    const body = Buffer.concat([
      Buffer.from(formHead),
      bytes,
      Buffer.from(`\r\n--${boundary}--\r\n`),
    ])
    return receiptIn(
      await this.#ask('POST', '/submissions', { ...formed, 'Content-Length': body.length }, body),
    )
  }

  async sendWhole({ bytes }: TestEnvelope): Promise<string> {
    return receiptIn(
      await this.#ask('POST', '/submissions', { ...sealed, 'Content-Length': bytes.length }, bytes),
    )
  }

  async sendInParts({ bytes }: TestEnvelope): Promise<string> {
    const path = await this.#announce(bytes.length)
    const half = Math.floor(bytes.length / 2)
    await this.#ask(
      'PATCH',
      path,
      { ...patched, 'Upload-Offset': 0, 'Content-Length': half },
      bytes.subarray(0, half),
    )
    await this.#ask('HEAD', path, tus)
    const answer = await this.#ask(
      'PATCH',
      path,
      { ...patched, 'Upload-Offset': half, 'Content-Length': bytes.length - half },
      bytes.subarray(half),
    )
    return String(answer.headers['tumen-receipt'])
  }

  /** Creates an upload and sends a part of it, but never finishes it. */
  async giveUpInParts({ bytes }: TestEnvelope): Promise<void> {
    const path = await this.#announce(bytes.length)
    const third = Math.floor(bytes.length / 3)
    await this.#ask(
      'PATCH',
      path,
      { ...patched, 'Upload-Offset': 0, 'Content-Length': third },
      bytes.subarray(0, third),
    )
    await this.#ask('HEAD', path, tus)
  }

  /** Fetches the answers, as every visit does. @returns the status. */
  async fetchAnswers(): Promise<number> {
    return (await this.#ask('GET', '/replies/newest.tar', {})).status
  }

  /** Breaks the connection in the middle of a tip. */
  async breakOff({ bytes }: TestEnvelope): Promise<void> {
    const socket = dial(this.#socketPath, this.#circuit)
    socket.on('error', () => {})
    const lines = Object.entries({
      Host: 'a.onion',
      ...headers,
      ...sealed,
      'Content-Length': bytes.length,
    }).map(([name, value]) => `${name}: ${value}\r\n`)
    socket.write(`POST /submissions HTTP/1.1\r\n${lines.join('')}\r\n`)
    await new Promise((resolve) =>
      socket.write(bytes.subarray(0, Math.floor(bytes.length / 2)), resolve),
    )
    socket.destroy()
    await once(socket, 'close')
  }

  /** Sends a photo that is not encrypted, which the server refuses. */
  async sendPlain(): Promise<number> {
    const body = Buffer.from('체포 장면 사진 '.repeat(1000))
    return (
      await this.#visitor.ask('POST', '/submissions', {
        headers: { ...headers, ...sealed, 'Content-Length': body.length },
        body,
      })
    ).status
  }

  async askFor(receipt: string): Promise<string> {
    return (
      JSON.parse((await this.#ask('GET', `/receipts/${receipt}`, {})).body) as { state: string }
    ).state
  }

  close(): void {
    this.#visitor.close()
  }

  async #announce(bytes: number): Promise<string> {
    return String(
      (await this.#ask('POST', '/uploads', { ...tus, 'Upload-Length': bytes, 'Content-Length': 0 }))
        .headers['location'],
    )
  }

  async #ask(
    method: string,
    path: string,
    more: Record<string, string | number>,
    body?: Uint8Array,
  ) {
    const answer = await this.#visitor.ask(method, path, {
      headers: { ...headers, ...more },
      ...(body !== undefined && { body }),
    })
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${answer.body}`)
    return answer
  }
}

/** Sends a tip without Tor, from an address of its own. @returns the receipt. */
export async function sendPastTor(port: number, { bytes }: TestEnvelope): Promise<string> {
  const outgoing = request({
    host: '127.0.0.1',
    port,
    localAddress: sourceAddress,
    method: 'POST',
    path: '/submissions',
    agent: false,
    headers: { ...headers, ...sealed, accept: 'application/json', 'Content-Length': bytes.length },
  }).end(bytes)
  const [answer] = await once(outgoing, 'response')
  let body = ''
  for await (const piece of answer) body += String(piece)
  return receiptIn({ body })
}

function receiptIn({ body }: { body: string }): string {
  return (JSON.parse(body) as { receipt: string }).receipt
}
