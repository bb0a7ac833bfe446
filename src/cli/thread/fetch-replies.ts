import type { SocksProxy } from '../../net/connect-through.ts'
import type { HttpAnswer } from '../../net/http-exchange.ts'
import { exchange, ExchangeError } from '../../net/http-exchange.ts'
import { dropBytes, maxIndexBytes } from '../../replies/bounds.ts'
import { dropName } from '../../replies/drop.ts'
import { maxBundleBytes } from '../../replies/bundle-reader.ts'
import { maxKeyringBytes, maxSignatureFileBytes } from '../../keyring/bounds.ts'
import { pathBelow, repliesPath } from '../../wire/names.ts'
import type { CliContext } from '../frame/context.ts'
import { failure } from '../frame/errors.ts'

/** Over Tor a broken circuit is normal. */
const maxAttempts = 4
const firstDelayMs = 1000
/** Two megabytes at the slowest pace that Tor was seen to keep up. */
const timeoutMs = 10 * 60_000

/** Where the files of an intake are fetched from. */
export interface IntakeSource {
  context: CliContext
  url: URL
  socks: SocksProxy | null
}

/** A file and its `.minisig`. */
export interface SignedFile {
  bytes: Uint8Array
  signature: Uint8Array
}

export async function fetchKeyringFiles(source: IntakeSource): Promise<SignedFile> {
  const files = await fetchSigned(source, '/keyring.json', maxKeyringBytes)
  if (files === null) throw failure('this server has no keyring: look at the address again')
  return files
}

/** @returns null if the server has no such index. */
export async function fetchIndex(source: IntakeSource, name: string): Promise<SignedFile | null> {
  return await fetchSigned(source, pathBelow(repliesPath, name), maxIndexBytes)
}

/** `newest.tar` or `older-<n>.tar`; null if the server has none. */
export async function fetchBundle(source: IntakeSource, name: string): Promise<Uint8Array | null> {
  return await fetchFile(source, pathBelow(repliesPath, name), maxBundleBytes)
}

export async function fetchDrop(source: IntakeSource, id: string): Promise<Uint8Array | null> {
  return await fetchFile(source, pathBelow(repliesPath, dropName(id)), dropBytes)
}

async function fetchSigned(
  source: IntakeSource,
  path: string,
  maxBytes: number,
): Promise<SignedFile | null> {
  const bytes = await fetchFile(source, path, maxBytes)
  const signature = await fetchFile(source, `${path}.minisig`, maxSignatureFileBytes)
  return bytes === null || signature === null ? null : { bytes, signature }
}

async function fetchFile(
  source: IntakeSource,
  path: string,
  maxBytes: number,
): Promise<Uint8Array | null> {
  const { context, socks } = source
  for (let attempt = 1; ; attempt += 1) {
    const answer = await exchange({
      method: 'GET',
      url: new URL(path, source.url),
      socks,
      timeoutMs,
      maxAnswerBytes: maxBytes,
    }).catch((error: unknown) => {
      if (error instanceof ExchangeError && error.code !== 'ANSWER_TOO_LONG') return null
      // The server can send what it likes; what is too long counts as not there.
      if (error instanceof ExchangeError) return tooLong
      throw error
    })
    if (answer?.status === 200) return answer.body
    if (answer?.status === 404) return null
    const isTemporary = answer === null || answer.status === 429 || answer.status >= 500
    if (!isTemporary || attempt === maxAttempts)
      throw failure(
        answer === null
          ? 'the answers did not arrive: the connection broke. Nothing is lost; try again'
          : `the answers did not arrive: the server answered ${answer.status}. Nothing is lost; try again later`,
      )
    await context.wait(firstDelayMs * 2 ** (attempt - 1))
  }
}

const tooLong: Pick<HttpAnswer, 'status' | 'body'> = { status: 404, body: new Uint8Array() }
