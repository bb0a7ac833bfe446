import type { ClientRequest, IncomingMessage } from 'node:http'
import { request } from 'node:http'

/** The part of XMLHttpRequest that uploading uses, over a real socket, because Node has none. */
export class FakeXhr {
  status = 0
  responseText = ''
  onload: () => void = () => undefined
  onerror: () => void = () => undefined
  readonly upload = {
    onprogress: (_event: { loaded: number }): void => undefined,
    onload: (): void => undefined,
  }
  readonly #headers: Record<string, string> = {}
  #method = ''
  #url = ''
  #request: ClientRequest | null = null
  #answer: IncomingMessage | null = null
  #isOver = false

  open(method: string, url: string): void {
    this.#method = method
    this.#url = url
  }

  setRequestHeader(name: string, value: string): void {
    this.#headers[name] = value
  }

  getResponseHeader(name: string): string | null {
    const value = this.#answer?.headers[name.toLowerCase()]
    return value === undefined ? null : String(value)
  }

  send(body: Uint8Array | null): void {
    const length = { 'Content-Length': String(body?.length ?? 0) }
    const sent = request(this.#url, {
      method: this.#method,
      headers: { ...this.#headers, ...length },
      agent: false,
    })
    this.#request = sent
    sent.on('response', (answer) => this.#take(answer))
    sent.on('error', () => this.#end(() => this.onerror()))
    void this.#write(sent, body ?? new Uint8Array(0))
  }

  abort(): void {
    this.#isOver = true
    this.#request?.destroy()
  }

  async #write(sent: ClientRequest, body: Uint8Array): Promise<void> {
    const pieceBytes = 64 * 1024
    for (let start = 0; start < body.length && !this.#isOver; start += pieceBytes) {
      const piece = body.subarray(start, start + pieceBytes)
      await new Promise<void>((resolve) => sent.write(piece, () => resolve()))
      if (!this.#isOver) this.upload.onprogress({ loaded: start + piece.length })
    }
    if (this.#isOver) return
    this.upload.onload()
    sent.end()
  }

  #take(answer: IncomingMessage): void {
    const chunks: Buffer[] = []
    answer.on('data', (chunk: Buffer) => chunks.push(chunk))
    answer.on('error', () => this.#end(() => this.onerror()))
    answer.on('end', () =>
      this.#end(() => {
        this.#answer = answer
        this.status = answer.statusCode ?? 0
        this.responseText = Buffer.concat(chunks).toString()
        this.onload()
      }),
    )
  }

  #end(then: () => void): void {
    if (this.#isOver) return
    this.#isOver = true
    then()
  }
}

export function newXhr(): XMLHttpRequest {
  return new FakeXhr() as unknown as XMLHttpRequest
}
