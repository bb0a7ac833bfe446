import type { Prefix, Receipt } from '../store/blob-store.ts'
import { BackupError } from './errors.ts'

export const sumsFileName = 'SHA256SUMS'
export const sumsSignatureFileName = 'SHA256SUMS.minisig'

/** More envelopes than a vault of this kind contains; the list of this many takes about 150 MB. */
export const maxBackupFiles = 1_000_000
/** 64 digits, two blanks, the longest path (`acknowledgements/<64>.json.minisig`) and a newline. */
const maxSumsLineBytes = 64 + 2 + 94 + 1
export const maxSumsBytes = maxBackupFiles * maxSumsLineBytes

const line = /^([0-9a-f]{64})  (.+)$/

/**
 * The only paths that a backup may contain. The check matters because restoring turns them into
 * paths on this machine.
 */
const envelopePath = /^(incoming|sealed|collected|quarantine)\/([0-9a-f]{64})\.age$/
const otherPath =
  /^(ledger\.jsonl|export\.key|quarantine\/[0-9a-f]{64}\.reason|acknowledgements\/[0-9a-f]{64}\.json(\.minisig)?|replies\/(index(-[0-9A-F]{16})?\.json|[0-9a-f]{32}\.tar)(\.minisig)?(\.next)?|keys\/((keyring|organisation)\.json(\.minisig)?|root\.pub))$/

/** SHA-256 in hex, by path within the backup. */
export type Sums = ReadonlyMap<string, string>

/** Folder and receipt of an envelope's path in a backup; null for any other path. */
export function envelopeAt(path: string): { prefix: Prefix; receipt: Receipt } | null {
  const [, prefix, receipt] = envelopePath.exec(path) ?? []
  return prefix === undefined || receipt === undefined
    ? null
    : { prefix: prefix as Prefix, receipt }
}

/** The sums in the format of `sha256sum -c`, sorted. */
export function formatSums(sums: Sums): Uint8Array {
  const lines = [...sums]
    .map(([path, digest]) => `${digest}  ${path}\n`)
    .sort((one, other) => (one.slice(66) < other.slice(66) ? -1 : 1))
  return new TextEncoder().encode(lines.join(''))
}

/**
 * @throws BackupError `SUMS_INVALID`, naming the line: for a path that a backup cannot contain, for
 *   a duplicate path, and for an envelope in the vault whose digest differs from its receipt.
 */
export function parseSums(bytes: Uint8Array): Sums {
  if (bytes.length > maxSumsBytes) throw invalid(`is longer than ${maxSumsBytes} bytes`)
  const lines = new TextDecoder('latin1').decode(bytes).split('\n')
  if (lines.pop() !== '') throw invalid('is cut short: its last line does not end')
  const sums = new Map<string, string>()
  for (const [index, text] of lines.entries()) {
    const [, digest = '', path = ''] = line.exec(text) ?? []
    if (!isBackupPath(path))
      throw invalid(`line ${index + 1} is not "DIGEST  PATH" with a path of a backup`)
    if (sums.has(path)) throw invalid(`line ${index + 1} names ${path} a second time`)
    const envelope = envelopeAt(path)
    if (envelope !== null && envelope.prefix !== 'quarantine' && envelope.receipt !== digest) {
      throw invalid(`line ${index + 1} gives an envelope another digest than its name`)
    }
    sums.set(path, digest)
  }
  return sums
}

function isBackupPath(path: string): boolean {
  return envelopePath.test(path) || otherPath.test(path)
}

function invalid(problem: string): BackupError {
  return new BackupError('SUMS_INVALID', `${sumsFileName} ${problem}: take another backup`)
}
