import { dropsPerBundle } from '../../replies/bounds.ts'
import type { Clock } from '../../time/clock.ts'
import { dayOfInstant } from '../../time/day.ts'
import { stepStart } from '../../time/steps.ts'
import { newestRepliesName, olderRepliesName } from '../../wire/names.ts'
import { type BundleFile, bundleOf } from './bundle.ts'
import { type Pieces, piecesOf } from './pieces.ts'

/**
 * How long a drop that no index names any more can still be fetched. A client that fetched the
 * index before the set changed may be on a slow line.
 */
const lingerMs = 60 * 60_000

/** A drop or an index with its signature. */
export interface SignedReplyFile extends BundleFile {
  signature: Buffer
}

/** The answers as they are to be served on one day. */
export interface ReplyFiles {
  /** The index of the keyring's first signer comes first. */
  indexes: readonly SignedReplyFile[]
  /** Newest first. */
  drops: readonly SignedReplyFile[]
}

export interface ShelvedFile {
  type: 'application/json' | 'text/plain; charset=utf-8' | 'application/x-tar'
  content: Pieces
}

export interface ReplyShelfParts {
  /** Reads the answers that are signed by a signer in force on this day. */
  load: (day: string) => Promise<ReplyFiles>
  clock: Clock
  stepMinutes: number
}

interface Leaving {
  file: ShelvedFile
  untilMs: number
}

/**
 * The answers as they are served: read from the disk only at step boundaries and held in memory, so
 * that no response shows when they were taken in, and none is a mixture of two sets.
 */
export class ReplyShelf {
  readonly #parts: ReplyShelfParts
  #files: ReadonlyMap<string, ShelvedFile> = new Map()
  #leaving = new Map<string, Leaving>()
  #step = Number.NEGATIVE_INFINITY
  #loading: Promise<void> | null = null

  constructor(parts: ReplyShelfParts) {
    this.#parts = parts
  }

  /** Reads the answers once per step. To be called by a timer, never by a request. */
  look(): Promise<void> {
    const { clock, stepMinutes } = this.#parts
    const now = clock.now()
    const step = stepStart(now, stepMinutes).getTime()
    if (step === this.#step) return this.#loading ?? Promise.resolve()
    this.#step = step
    // The old set stays if the disk fails. Doctor and ops report what is wrong with the folder.
    this.#loading = this.#renew(now).catch(() => {})
    return this.#loading
  }

  find(name: string): ShelvedFile | null {
    return this.#files.get(name) ?? this.#leaving.get(name)?.file ?? null
  }

  async #renew(now: Date): Promise<void> {
    const files = shelve(await this.#parts.load(dayOfInstant(now)))
    const leaving = new Map([...this.#leaving].filter(([, { untilMs }]) => untilMs > now.getTime()))
    for (const [name, file] of this.#files)
      if (isDropName(name) && !files.has(name))
        leaving.set(name, { file, untilMs: now.getTime() + lingerMs })
    this.#leaving = leaving
    this.#files = files
  }
}

function isDropName(name: string): boolean {
  return /^[0-9a-f]{32}\.tar(\.minisig)?$/.test(name)
}

/** Every file by its name below `/replies/`. Without an index, nothing is served. */
function shelve({ indexes, drops }: ReplyFiles): Map<string, ShelvedFile> {
  const files = new Map<string, ShelvedFile>()
  if (indexes.length === 0) return files
  for (const index of indexes) addSigned(files, index, 'application/json')
  for (const drop of drops) addSigned(files, drop, 'application/x-tar')
  const newest = bundleOf([...indexes.flatMap(withSignature), ...drops.slice(0, dropsPerBundle)])
  files.set(newestRepliesName, { type: 'application/x-tar', content: newest })
  for (let from = dropsPerBundle; from < drops.length; from += dropsPerBundle) {
    const content = bundleOf(drops.slice(from, from + dropsPerBundle))
    files.set(olderRepliesName(from / dropsPerBundle), { type: 'application/x-tar', content })
  }
  return files
}

function addSigned(
  files: Map<string, ShelvedFile>,
  { name, bytes, signature }: SignedReplyFile,
  type: ShelvedFile['type'],
): void {
  files.set(name, { type, content: piecesOf([bytes]) })
  const text = 'text/plain; charset=utf-8'
  files.set(`${name}.minisig`, { type: text, content: piecesOf([signature]) })
}

function withSignature({ name, bytes, signature }: SignedReplyFile): BundleFile[] {
  return [
    { name, bytes },
    { name: `${name}.minisig`, bytes: signature },
  ]
}
