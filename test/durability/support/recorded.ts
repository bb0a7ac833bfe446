import type { Call } from './parse-strace.ts'
import { bytesIn, pathIn, pathOfDescriptor } from './parse-strace.ts'
import type { DiskModel } from './disk-model.ts'

/** A condition that the disk must fulfil when a certain call begins. */
export interface Claim {
  /** The text that a failure prints. */
  text: string
  /** The call before which the condition must hold; `end` is the end of the recording. */
  before: ((call: Call) => boolean) | 'end'
  holds(disk: DiskModel): boolean
}

export interface Recorded {
  calls: readonly Call[]
  /** The disk before the first call. */
  disk: DiskModel
  claims: readonly Claim[]
}

/**
 * All violations of the required order in a recording; empty if there are none. Besides the claims,
 * this checks that no file is linked or renamed while its bytes are not synced.
 */
export function findDisorder({ calls, disk, claims }: Recorded): string[] {
  const problems = new Set<string>()
  const seen = new Set<Claim>()
  const judge = (claim: Claim): void => {
    seen.add(claim)
    if (!claim.holds(disk)) problems.add(`not so in time: ${claim.text}`)
  }
  disk.replay(calls, (call) => {
    const source = publishedBy(call)
    if (source !== null && call.result >= 0 && disk.isUnsynced(source) && !lock.test(source))
      problems.add(`it got another name before its bytes were synced: ${source}`)
    for (const claim of claims) if (claim.before !== 'end' && claim.before(call)) judge(claim)
  })
  for (const claim of claims)
    if (claim.before === 'end') judge(claim)
    else if (!seen.has(claim)) problems.add(`the moment never came: ${claim.text}`)
  return [...problems]
}

/** Lock files are exempt: after a power cut no process holds a lock, so their bytes may be lost. */
const lock = /\/\.lock\.\d+-\d+\.[0-9a-f]+$/

/** The old name of a file that a call links or renames; null for any other call. */
function publishedBy({ name, args: [first = '', second = ''] }: Call): string | null {
  if (name === 'link' || name === 'rename') return pathIn(first)
  if (name === 'linkat' || name.startsWith('renameat')) return pathIn(second)
  return null
}

/** Matches the call with which a server sends an answer with this status. */
export function answers(status: number): (call: Call) => boolean {
  return ({ name, args: [where = '', what = ''] }) =>
    /^(?:write|send)/.test(name) &&
    /^\d+<(?:UNIX|TCP)/.test(where) &&
    bytesIn(what).toString('latin1').startsWith(`HTTP/1.1 ${status} `)
}

/** Matches the call with which a command prints these words. */
export function prints(words: string): (call: Call) => boolean {
  return ({ name, args: [where = '', what = ''] }) =>
    name.startsWith('write') &&
    where.startsWith('1<') &&
    bytesIn(what).toString('utf8').includes(words)
}

export function removes(path: string): (call: Call) => boolean {
  return ({ name, args: [first = ''] }) => name === 'unlink' && pathIn(first) === path
}

/** Matches the call that removes a folder whose path matches. */
export function removesFolder(path: RegExp): (call: Call) => boolean {
  return ({ name, args: [first = ''] }) => name === 'rmdir' && path.test(pathIn(first))
}

/** Whether the bytes that strace prints contain this text. */
export const hasText = (iovec: string, text: string): boolean =>
  iovec.includes(Buffer.from(text).toString('hex').replace(/../g, '\\x$&'))

/** Matches a call that writes to a file whose path matches. */
export function writesTo(path: RegExp): (call: Call) => boolean {
  return ({ name, args: [where = ''] }) =>
    /^p?write/.test(name) && path.test(pathOfDescriptor(where) ?? '')
}

/** Matches a call that renames or links a file to a path that matches. */
export function publishes(path: RegExp): (call: Call) => boolean {
  return ({ name, args }) => {
    if (name === 'link' || name === 'rename') return path.test(pathIn(args[1] ?? ''))
    return (name === 'linkat' || name.startsWith('renameat')) && path.test(pathIn(args[3] ?? ''))
  }
}

/** Requires that each path would survive a power cut with its current bytes. */
export function areSafe(...paths: readonly string[]): (disk: DiskModel) => boolean {
  return (disk) => {
    const [now, safe] = [disk.now(), disk.afterPowerCut()]
    return paths.every((path) => isEqual(now.get(path), safe.get(path)))
  }
}

/**
 * Requires that at least one path matches, and that each matching path would survive a power cut
 * unchanged.
 */
export function allSafe(pattern: RegExp): (disk: DiskModel) => boolean {
  return (disk) => {
    const paths = [...disk.now().keys()].filter((path) => pattern.test(path))
    return paths.length > 0 && areSafe(...paths)(disk)
  }
}

/**
 * Requires that everything in the one folder whose path matches is durable, apart from the folder's
 * own name.
 */
export function isFilled(pattern: RegExp): (disk: DiskModel) => boolean {
  return (disk) => {
    const paths = [...disk.now().keys()].filter((path) => pattern.test(path))
    return paths.length === 1 && disk.isFilled(`${disk.root}/${paths[0]}`)
  }
}

/** Requires that the path would still be absent after a power cut. */
export function isGone(path: string): (disk: DiskModel) => boolean {
  return (disk) => !disk.afterPowerCut().has(path)
}

function isEqual(now: Buffer | null | undefined, safe: Buffer | null | undefined): boolean {
  if (now === undefined || safe === undefined) return false
  return now === null || safe === null ? now === safe : now.equals(safe)
}
