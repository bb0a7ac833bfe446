import { setImmediate as turn } from 'node:timers/promises'
import type { Duplex } from 'node:stream'
import { vi } from 'vitest'
import { type Leak, openViewedIntake, type ViewedIntake } from './intake.ts'
import { type Event, type Headers, headOf, type Probe, type Visit } from './script.ts'

const START = new Date('2026-11-23T11:52:30Z')
const TUS = { 'Tus-Resumable': '1.0.0' }
const CHUNK = { ...TUS, 'Content-Type': 'application/offset+octet-stream' }

/** Everything that the stranger can observe, in order. */
export async function viewOf(
  script: readonly Event[],
  options: { seed: number; withVisits: boolean; leak?: Leak | undefined; msOf?: number[] },
): Promise<string[]> {
  vi.setSystemTime(START)
  const intake = await openViewedIntake({
    seed: options.seed,
    now: () => new Date(),
    leak: options.leak,
  })
  try {
    const stranger = new Stranger(intake, options.msOf)
    for (const event of script) {
      if (event.by === 'stranger') await stranger.probe(event.probe)
      else if (event.by === 'clock') await pass(intake, event.ms)
      else if (options.withVisits) await visit(intake, event.visit)
      await stranger.noteClosed()
    }
    return stranger.view
  } finally {
    await intake.dispose()
  }
}

async function pass(intake: ViewedIntake, ms: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(ms)
  await intake.look()
}

class Stranger {
  readonly view: string[] = []
  readonly #intake: ViewedIntake
  readonly #msOf: number[]
  readonly #watched: { connection: Duplex; isClosed: boolean }[] = []
  #upload: string | null = null

  constructor(intake: ViewedIntake, msOf: number[] = []) {
    this.#intake = intake
    this.#msOf = msOf
  }

  async probe(probe: Probe): Promise<void> {
    if (probe.what === 'watch') return this.#watch(probe.circuit)
    const began = process.hrtime.bigint()
    const answer = await this.#ask(probe)
    this.#msOf.push(Number(process.hrtime.bigint() - began) / 1e6)
    this.view.push(answer)
    this.#upload = /^location: (\/uploads\/\w+)\r$/im.exec(answer)?.[1] ?? this.#upload
  }

  /**
   * Adds to the view which of the watched connections have been closed since the previous event.
   */
  async noteClosed(): Promise<void> {
    for (let count = 0; count < 3; count += 1) await turn()
    for (const [number, watched] of this.#watched.entries()) {
      if (watched.isClosed || !watched.connection.readableEnded) continue
      watched.isClosed = true
      this.view.push(`connection ${number} was closed`)
    }
  }

  #watch(circuit: number): void {
    const connection = this.#intake.dial(circuit)
    connection.resume()
    this.#watched.push({ connection, isClosed: false })
  }

  #ask(probe: Exclude<Probe, { what: 'watch' }>): Promise<string> {
    if (probe.what === 'announcement')
      return answerTo(this.#intake, probe.circuit, probe.head, Buffer.alloc(0), true)
    if (probe.what === 'request')
      return answerTo(this.#intake, probe.circuit, probe.head, probe.body)
    const { circuit, method, body } = probe
    const path = this.#upload ?? `/uploads/${'0'.repeat(32)}`
    const isPatch = method === 'PATCH'
    const headers = isPatch ? { ...CHUNK, 'Upload-Offset': 0, 'Content-Length': body.length } : TUS
    return answerTo(
      this.#intake,
      circuit,
      headOf(`${method} ${path}`, headers),
      isPatch ? body : Buffer.alloc(0),
    )
  }
}

/** @returns all bytes until the connection ends, or, if `isHeadOnly`, only the first head. */
export async function answerTo(
  intake: ViewedIntake,
  circuit: number,
  head: string,
  body: Buffer,
  isHeadOnly = false,
): Promise<string> {
  const connection = intake.dial(circuit)
  connection.write(Buffer.concat([Buffer.from(head), body]))
  let text = ''
  for await (const bytes of connection) {
    text += String(bytes)
    if (isHeadOnly && text.includes('\r\n\r\n')) break
  }
  connection.destroy()
  return text
}

async function visit(intake: ViewedIntake, wanted: Visit): Promise<void> {
  const { circuit } = wanted
  const ask = (
    line: string,
    headers: Headers = {},
    body: Buffer = Buffer.alloc(0),
  ): Promise<string> => answerTo(intake, circuit, headOf(line, headers), body)
  if (wanted.what === 'look') {
    for (const path of ['/', '/keyring.json', '/recipients.txt', '/replies/newest.tar'])
      await ask(`GET ${path}`)
    return
  }
  if (wanted.what === 'ask') return void (await ask(`GET /receipts/${wanted.tip.receipt}`))
  const { bytes } = wanted.tip
  if (wanted.what === 'resume') return await sendInParts(intake, ask, circuit, wanted)
  if (wanted.way === 'tus') {
    const part = wanted.what === 'send' ? bytes : bytes.subarray(0, bytes.length / 2)
    return await createAndSend(ask, bytes.length, part)
  }
  const { headers, body } = wanted.way === 'form' ? formOf(bytes) : rawOf(bytes)
  if (wanted.what === 'send') return void (await ask('POST /submissions', headers, body))
  await breakOff(intake, circuit, headOf('POST /submissions', headers), body)
}

type Ask = (line: string, headers?: Headers, body?: Buffer) => Promise<string>

async function createAndSend(ask: Ask, length: number, part: Buffer): Promise<void> {
  const created = await ask('POST /uploads', {
    ...TUS,
    'Upload-Length': length,
    'Content-Length': 0,
  })
  const path = /^location: (\S+)\r$/im.exec(created)?.[1] ?? ''
  await ask(`PATCH ${path}`, { ...CHUNK, 'Upload-Offset': 0, 'Content-Length': part.length }, part)
}

/**
 * Sends a request that breaks off, then asks for the offset and sends the rest in another request.
 */
async function sendInParts(
  intake: ViewedIntake,
  ask: Ask,
  circuit: number,
  { tip: { bytes }, at }: Extract<Visit, { what: 'resume' }>,
): Promise<void> {
  const created = await ask('POST /uploads', {
    ...TUS,
    'Upload-Length': bytes.length,
    'Content-Length': 0,
  })
  const path = /^location: (\S+)\r$/im.exec(created)?.[1] ?? ''
  const patch = { ...CHUNK, 'Upload-Offset': 0, 'Content-Length': bytes.length }
  await breakOff(intake, circuit, headOf(`PATCH ${path}`, patch), bytes.subarray(0, 2 * at))
  const asked = await ask(`HEAD ${path}`, TUS)
  const offset = Number(/^upload-offset: (\d+)\r$/im.exec(asked)?.[1] ?? 0)
  const rest = bytes.subarray(offset)
  const headers = { ...CHUNK, 'Upload-Offset': offset, 'Content-Length': rest.length }
  await ask(`PATCH ${path}`, headers, rest)
}

/** Sends half of the body, then destroys the connection. */
async function breakOff(
  intake: ViewedIntake,
  circuit: number,
  head: string,
  body: Buffer,
): Promise<void> {
  const connection = intake.dial(circuit)
  connection.write(Buffer.concat([Buffer.from(head), body.subarray(0, body.length / 2)]))
  for (let count = 0; count < 5; count += 1) await turn()
  connection.destroy()
  for (let count = 0; count < 5; count += 1) await turn()
}

function rawOf(body: Buffer): { headers: Headers; body: Buffer } {
  const headers = { 'Content-Type': 'application/octet-stream', 'Content-Length': body.length }
  return { headers, body }
}

function formOf(bytes: Buffer): { headers: Headers; body: Buffer } {
  const body = Buffer.concat([
    Buffer.from(
      '--x\r\nContent-Disposition: form-data; name="envelope"; filename="a"\r\nContent-Type: a/b\r\n\r\n',
    ),
    bytes,
    Buffer.from('\r\n--x--\r\n'),
  ])
  const headers = {
    'Content-Type': 'multipart/form-data; boundary=x',
    'Content-Length': body.length,
    Accept: 'text/html',
  }
  return { headers, body }
}
