import { once } from 'node:events'
import type { Server, Socket } from 'node:net'
import { connect, createServer } from 'node:net'

/** One connection received from tor. */
export interface Passed {
  /**
   * The address in tor's PROXY line, which identifies a circuit; empty until the line has arrived.
   */
  circuit: string
  /** The request line and headers of each request. */
  heads: string[]
  /** Number of bytes passed to the intake, including tor's line and the headers. */
  bytes: number
  isOver: boolean
}

/**
 * The socket that tor connects to. It forwards everything to the intake's socket, and records what
 * tor sent.
 */
export interface Wire {
  readonly path: string
  readonly passed: readonly Passed[]
  close: () => Promise<void>
}

/** The headers are a few hundred bytes, but may arrive in pieces or after a piece of a body. */
const longestHead = 16 * 1024

export async function openWire(path: string, intakePath: string): Promise<Wire> {
  const passed: Passed[] = []
  const server = createServer((fromTor) => passed.push(passOn(fromTor, connect(intakePath))))
  await once(server.listen(path), 'listening')
  return { path, passed, close: () => closeAll(server) }
}

function passOn(fromTor: Socket, toIntake: Socket): Passed {
  const passed: Passed = { circuit: '', heads: [], bytes: 0, isOver: false }
  let text = ''
  fromTor.on('data', (piece: Buffer) => {
    passed.bytes += piece.length
    text = takeHeads(passed, text + piece.toString('latin1')).slice(-longestHead)
  })
  for (const [one, other] of [
    [fromTor, toIntake],
    [toIntake, fromTor],
  ] as const) {
    one.pipe(other)
    one.on('error', () => other.destroy())
    one.on('close', () => {
      passed.isOver = true
      other.destroy()
    })
  }
  return passed
}

/** @returns the text after the last complete headers. */
function takeHeads(passed: Passed, text: string): string {
  if (passed.circuit === '') passed.circuit = /^PROXY TCP6 (\S+) /.exec(text)?.[1] ?? ''
  const heads = [
    ...text.matchAll(/(?:GET|HEAD|POST|PATCH|DELETE) \/\S* HTTP\/1\.1\r\n[\s\S]*?\r\n\r\n/g),
  ]
  for (const [head] of heads) passed.heads.push(head)
  const last = heads.at(-1)
  return last === undefined ? text : text.slice(last.index + last[0].length)
}

async function closeAll(server: Server): Promise<void> {
  server.close()
  await once(server, 'close')
}
