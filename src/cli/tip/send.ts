import { createHash } from 'node:crypto'
import type { FileHandle } from 'node:fs/promises'
import { open } from 'node:fs/promises'
import { readPieces } from '../../age/read-file.ts'
import { EnvelopeWalker } from '../../age/walk.ts'
import { fingerprintGroups } from '../../keyring/fingerprint.ts'
import type { SocksProxy } from '../../net/connect-through.ts'
import { pathBelow, receiptsPath, submissionsPath } from '../../wire/names.ts'
import { noProofYet } from '../../wire/proof-header.ts'
import { solveInNode } from '../../proof-of-work/solve-in-node.ts'
import { defineCommand } from '../frame/command.ts'
import type { CliContext } from '../frame/context.ts'
import { printJson, printLine, printNote, resolvePath } from '../frame/context.ts'
import { failure, unreadable } from '../frame/errors.ts'
import { intakeAddress, intakeOptions } from './intake-address.ts'
import { postEnvelope, RefusedError } from './post-envelope.ts'
import { createProgress } from '../frame/progress.ts'
import { ResumableUpload } from './upload-envelope.ts'

/**
 * Over Tor a broken circuit is normal, and a retry gets the same receipt. The count starts again
 * after an attempt that transferred more bytes.
 */
const maxAttempts = 6
/** Sending fewer bytes again costs less than asking how many have arrived. */
const wholeBytes = 8 * 1024 * 1024
const firstDelayMs = 1000
/**
 * An upload belongs to one intake. If each request reaches another one, only a single request can
 * carry the envelope.
 */
const maxTimesLost = 2

export const command = defineCommand({
  name: 'send',
  summary: 'send a sealed tip and print its receipt',
  usage: 'ENVELOPE.age --to URL [--socks5 HOST:PORT] [--json]',
  help: `The file is checked first: only a sealed age file is sent.
If the connection breaks, the file is sent again, a large one from where it stopped. The receipt stays the same.

  tumen send notes.age --to http://….onion --socks5 127.0.0.1:9050`,
  options: {
    ...intakeOptions,
    json: { type: 'boolean', about: 'print the receipt as JSON' },
  },
  positionals: { min: 1, max: 1 },
  async run(context, values, [path = '']) {
    const { url, socks } = await intakeAddress(context, values)
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

/** Checks the whole file first: a photo given by mistake must not leave this machine. */
async function checkEnvelope(
  file: FileHandle,
  path: string,
): Promise<{ receipt: string; bytes: number }> {
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
    throw failure(
      `${path} is not a sealed tip, nothing was sent: ${(cause as Error).message}`,
      cause,
    )
  }
  return { receipt: hash.digest('hex'), bytes }
}

async function sendWithRetries(context: CliContext, sending: Sending): Promise<void> {
  const way = wayOf(context, sending)
  let before = 0
  let proof = noProofYet
  for (let attempt = 1; ; attempt++) {
    try {
      return checkReceipt(await way.send(proof), sending.receipt)
    } catch (error) {
      const solved =
        error instanceof RefusedError && error.challenge !== null
          ? await solveInNode(error.challenge)
          : null
      const isAskedAgain = proof !== noProofYet
      // A proof stays valid if the request was refused for another reason.
      if (solved !== null) proof = solved
      if (solved !== null && !isAskedAgain) continue
      if (error instanceof RefusedError && !error.isTemporary) throw failure(error.message, error)
      if (way.confirmedBytes > before) attempt = 1
      before = way.confirmedBytes
      if (attempt === maxAttempts)
        throw failure(`not sent after ${maxAttempts} attempts: ${reasonOf(error)}`, error)
      const waitMs = Math.max(firstDelayMs * 2 ** (attempt - 1), askedMs(error))
      printNote(
        context,
        `${reasonOf(error)}; trying again in ${waitMs / 1000} s (attempt ${attempt + 1} of ${maxAttempts})`,
      )
      await context.wait(waitMs)
    }
  }
}

/** How long the intake asked to wait, as while it restarts or is crowded. */
function askedMs(error: unknown): number {
  return error instanceof RefusedError ? (error.retryAfterSeconds ?? 0) * 1000 : 0
}

/** A name with several addresses fails with an error for each address: report the first. */
function reasonOf(error: unknown): string {
  const [first] = error instanceof AggregateError ? (error.errors as unknown[]) : [error]
  return first instanceof Error ? first.message : String(first)
}

function wayOf(
  context: CliContext,
  { file, bytes, url, socks }: Sending,
): Pick<ResumableUpload, 'send' | 'confirmedBytes'> {
  const read = (from = 0) => readShown(context, { file, bytes, from })
  const post = (proof: string): Promise<string> =>
    postEnvelope({ url: new URL(submissionsPath, url), socks, bytes, proof, content: read() })
  if (bytes < wholeBytes) return { send: post, confirmedBytes: 0 }
  const upload = new ResumableUpload({ origin: url, socks, bytes, read })
  return {
    send: (proof) => (upload.timesLost < maxTimesLost ? upload.send(proof) : post(proof)),
    get confirmedBytes() {
      return upload.confirmedBytes
    },
  }
}

async function* readShown(
  context: CliContext,
  { file, bytes, from }: { file: FileHandle; bytes: number; from: number },
): AsyncGenerator<Uint8Array> {
  const progress = createProgress({
    stderr: context.stderr,
    isTerminal: context.isTerminal.stderr,
    label: 'sending',
    totalBytes: bytes,
  })
  try {
    progress.add(from)
    yield* progress.track(readPieces(file, from))
  } finally {
    progress.finish()
  }
}

function checkReceipt(answered: string, receipt: string): void {
  if (answered !== receipt)
    throw new RefusedError(
      'the answer is not the receipt of this file: do not trust this intake or the connection to it',
      false,
    )
}

function printReceipt(context: CliContext, receipt: string, url: URL): void {
  printLine(context, `receipt ${receipt}`)
  printLine(context, `in short ${fingerprintGroups(receipt)}`)
  printNote(
    context,
    `the tip is safe; to ask about it: ${new URL(pathBelow(receiptsPath, receipt), url).href}`,
  )
}
