import { createHash } from 'node:crypto'
import type { FileHandle } from 'node:fs/promises'
import { open } from 'node:fs/promises'
import { readPieces } from '../age/read-file.ts'
import { EnvelopeWalker } from '../age/walk.ts'
import { fingerprintGroups } from '../keyring/fingerprint.ts'
import type { SocksProxy } from '../net/connect-through.ts'
import { solveInNode } from '../proof-of-work/solve-in-node.ts'
import { defineCommand } from './command.ts'
import type { CliContext } from './context.ts'
import { printJson, printLine, printNote, resolvePath } from './context.ts'
import { failure, unreadable, usageError } from './errors.ts'
import { postEnvelope, RefusedError } from './post-envelope.ts'
import { createProgress } from './progress.ts'

/** A broken circuit is normal over Tor, and a retry gets the same receipt. */
const maxAttempts = 6
const firstDelayMs = 1000

export const command = defineCommand({
  name: 'send',
  summary: 'send a sealed tip and print its receipt',
  usage: 'ENVELOPE.age --to URL [--socks5 HOST:PORT] [--json]',
  help: `The file is checked before anything is sent: only a sealed age file goes out.
When the connection breaks it is sent again; the receipt stays the same.

  tumen send tip.age --to http://….onion --socks5 127.0.0.1:9050`,
  options: {
    to: { type: 'string', value: 'URL', about: 'address of the intake (default: the local TUMEN_LISTEN)' },
    socks5: { type: 'string', value: 'HOST:PORT', about: "Tor's SOCKS port; names are resolved by Tor" },
    json: { type: 'boolean', about: 'print the receipt as JSON' },
  },
  positionals: { min: 1, max: 1 },
  async run(context, values, [path = '']) {
    const socks = values.socks5 === undefined ? null : parseSocks(values.socks5)
    const url = await intakeUrl(context, values.to, socks)
    const file = await open(resolvePath(context, path), 'r').catch(unreadable(path))
    try {
      const { receipt, bytes } = await checkEnvelope(file, path)
      await sendWithRetries(context, { file, bytes, url, socks, receipt })
      if (values.json === true) printJson(context, { receipt, bytes })
      else printReceipt(context, receipt, url)
      return 0
    } finally {
      await file.close()
    }
  },
})

interface Sending {
  file: FileHandle
  bytes: number
  url: URL
  socks: SocksProxy | null
  receipt: string
}

/** Looks at the whole file first: a photo sent by mistake must not leave this machine. */
async function checkEnvelope(file: FileHandle, path: string): Promise<{ receipt: string; bytes: number }> {
  const walker = new EnvelopeWalker()
  const hash = createHash('sha256')
  let bytes = 0
  try {
    for await (const piece of readPieces(file)) {
      walker.push(piece)
      hash.update(piece)
      bytes += piece.length
    }
    walker.finish()
  } catch (cause) {
    throw failure(`${path} is not a sealed tip, nothing was sent: ${(cause as Error).message}`, cause)
  }
  return { receipt: hash.digest('hex'), bytes }
}

async function sendWithRetries(context: CliContext, sending: Sending): Promise<void> {
  let proof: string | null = null
  for (let attempt = 1; ; attempt++) {
    try {
      return await sendOnce(context, sending, proof)
    } catch (error) {
      const challenge = error instanceof RefusedError ? error.challenge : null
      const isAskedAgain = proof !== null
      // refused for another reason, a proof is still good
      if (challenge !== null) proof = await solveInNode(challenge)
      if (challenge !== null && proof !== null && !isAskedAgain) continue
      if (error instanceof RefusedError && !error.isTemporary) throw failure(error.message, error)
      if (attempt >= maxAttempts) throw failure(`not sent after ${maxAttempts} attempts: ${reasonOf(error)}`, error)
      const waitMs = firstDelayMs * 2 ** (attempt - 1)
      printNote(context, `${reasonOf(error)}; trying again in ${waitMs / 1000} s (attempt ${attempt + 1} of ${maxAttempts})`)
      await context.wait(waitMs)
    }
  }
}

/** A name with several addresses fails with one error for each, and none of its own. */
function reasonOf(error: unknown): string {
  const [first] = error instanceof AggregateError ? (error.errors as unknown[]) : [error]
  return first instanceof Error ? first.message : String(first)
}

async function sendOnce(context: CliContext, { file, bytes, url, socks, receipt }: Sending, proof: string | null): Promise<void> {
  const progress = createProgress({ stderr: context.stderr, isTerminal: context.isTerminal.stderr, label: 'sending', totalBytes: bytes })
  try {
    const answered = await postEnvelope({ url, socks, bytes, proof, content: progress.track(readPieces(file)) })
    if (answered !== receipt) throw new RefusedError('the answer is not the receipt of this file: do not trust this intake or the way to it', false)
  } finally {
    progress.finish()
  }
}

async function intakeUrl(context: CliContext, to: string | undefined, socks: SocksProxy | null): Promise<URL> {
  const url = to === undefined ? await localIntake(context) : URL.parse(/^[a-z0-9]+:\/\//i.test(to) ? to : `http://${to}`)
  if (!url || !['http:', 'https:'].includes(url.protocol)) throw usageError('--to must be an http address, such as http://….onion')
  if (url.hostname.endsWith('.onion') && !socks) {
    throw usageError('an onion address needs Tor: add --socks5 127.0.0.1:9050 (or 9150 for Tor Browser)')
  }
  return new URL('/submissions', url)
}

async function localIntake(context: CliContext): Promise<URL> {
  const { listen } = await context.settings()
  if ('path' in listen) throw usageError('TUMEN_LISTEN is a socket path: name the address with --to')
  return new URL(`http://${listen.host.includes(':') ? `[${listen.host}]` : listen.host}:${listen.port}`)
}

function parseSocks(text: string): SocksProxy {
  const [, host, port] = /^(.+):(\d{1,5})$/.exec(text) ?? []
  if (host === undefined || Number(port) < 1 || Number(port) > 65535) throw usageError('--socks5 must be HOST:PORT, such as 127.0.0.1:9050')
  return { host: host.replace(/^\[|\]$/g, ''), port: Number(port) }
}

function printReceipt(context: CliContext, receipt: string, url: URL): void {
  printLine(context, `receipt ${receipt}`)
  printLine(context, `in short ${fingerprintGroups(receipt)}`)
  printNote(context, `the tip is safe; to ask about it: ${new URL(`/receipts/${receipt}`, url).href}`)
}
