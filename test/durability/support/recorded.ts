import type { Call } from './parse-strace.ts'
import { bytesIn, pathIn, pathOfDescriptor } from './parse-strace.ts'
import type { DiskModel } from './disk-model.ts'

/** Something that must be true of the disk when a certain call begins. */
export interface Claim {
  /** The sentence that a failure prints. */
  text: string
  /** The call before which it must be true; `end` is the end of the recording. */
  before: ((call: Call) => boolean) | 'end'
  holds(disk: DiskModel): boolean
}

export interface Recorded {
  calls: readonly Call[]
  /** As it was before the first call. */
  disk: DiskModel
  claims: readonly Claim[]
}

/**
 * What a recording does in a wrong order; empty when the order is right. Besides the claims, no
 * file may get a further name by a link or a rename while its bytes are not synced.
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

/** A lock says who holds it now, which is nobody after a power cut. */
const lock = /\/\.lock\.[0-9a-f]+$/

/** The old name of a file that is linked or renamed. */
function publishedBy({ name, args: [first = '', second = ''] }: Call): string | null {
  if (name === 'link' || name === 'rename') return pathIn(first)
  if (name === 'linkat' || name.startsWith('renameat')) return pathIn(second)
  return null
}

/** An answer of a server with this status. */
export function answers(status: number): (call: Call) => boolean {
  return ({ name, args: [where = '', what = ''] }) =>
    /^(?:write|send)/.test(name) &&
    /^\d+<(?:UNIX|TCP)/.test(where) &&
    bytesIn(what).toString('latin1').startsWith(`HTTP/1.1 ${status} `)
}

/** A command prints these words. */
export function prints(words: string): (call: Call) => boolean {
  return ({ name, args: [where = '', what = ''] }) =>
    name.startsWith('write') &&
    where.startsWith('1<') &&
    bytesIn(what).toString('utf8').includes(words)
}

export function removes(path: string): (call: Call) => boolean {
  return ({ name, args: [first = ''] }) => name === 'unlink' && pathIn(first) === path
}

/** Bytes are written to a file whose path matches. */
export function writesTo(path: RegExp): (call: Call) => boolean {
  return ({ name, args: [where = ''] }) =>
    /^p?write/.test(name) && path.test(pathOfDescriptor(where) ?? '')
}

/** A file is renamed or linked to a path that matches. */
export function publishes(path: RegExp): (call: Call) => boolean {
  return ({ name, args }) => {
    if (name === 'link' || name === 'rename') return path.test(pathIn(args[1] ?? ''))
    return (name === 'linkat' || name.startsWith('renameat')) && path.test(pathIn(args[3] ?? ''))
  }
}

/** Each path has survived a power cut with the bytes that it has now. */
export function areSafe(...paths: readonly string[]): (disk: DiskModel) => boolean {
  return (disk) => {
    const [now, safe] = [disk.now(), disk.afterPowerCut()]
    return paths.every((path) => isEqual(now.get(path), safe.get(path)))
  }
}

/** At least one path matches, and each that does would survive a power cut as it is. */
export function allSafe(pattern: RegExp): (disk: DiskModel) => boolean {
  return (disk) => {
    const paths = [...disk.now().keys()].filter((path) => pattern.test(path))
    return paths.length > 0 && areSafe(...paths)(disk)
  }
}

/** All that is in the one folder whose path matches is safe, whatever becomes of its own name. */
export function isFilled(pattern: RegExp): (disk: DiskModel) => boolean {
  return (disk) => {
    const paths = [...disk.now().keys()].filter((path) => pattern.test(path))
    return paths.length === 1 && disk.isFilled(`${disk.root}/${paths[0]}`)
  }
}

/** A power cut would not bring it back. */
export function isGone(path: string): (disk: DiskModel) => boolean {
  return (disk) => !disk.afterPowerCut().has(path)
}

function isEqual(now: Buffer | null | undefined, safe: Buffer | null | undefined): boolean {
  if (now === undefined || safe === undefined) return false
  return now === null || safe === null ? now === safe : now.equals(safe)
}
