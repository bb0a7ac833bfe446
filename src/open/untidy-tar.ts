import { BlockSource } from '../tip/block-source.ts'
import { defaultTarBounds } from '../tip/bounds.ts'
import { TipError } from '../tip/errors.ts'
import type { PaxOverrides } from '../tip/pax.ts'
import { forgivePax } from '../tip/pax.ts'
import type { TarHeader } from '../tip/tar-header.ts'
import { blockBytes, blockPadding, decodeHeader } from '../tip/tar-header.ts'
import { isZero, refusedKinds } from '../tip/tar-reader.ts'
import { shownName, untidyPath } from './untidy-path.ts'

/**
 * A forgiving tar reader; our own writers of tips are strict. A tip packed by hand comes from a
 * person who cannot send it again, so one untidy entry must not cost the others. Links, devices and
 * paths with `..` create nothing; every exception is reported.
 */

/** A file that is being kept. Exactly one call of `end` or `discard` finishes it. */
export interface MemberSink {
  write(chunk: Uint8Array): void | Promise<void>
  end(): void | Promise<void>
  /** Called if the archive ends inside the file. */
  discard(): void | Promise<void>
}

export interface UntidyVisitor {
  /**
   * `path` is relative and has no `.` or `..`; `change` says why it differs from the path in the
   * archive.
   */
  onFile(path: string, bytes: number, change: string | null): Promise<MemberSink>
  onProblem(code: TipError['code'], detail: string): void
}

/** The result of reading an archive. */
export interface UntidyEnd {
  /**
   * Whether some content can only be found in the archive's own bytes, so that the whole archive
   * must be kept.
   */
  mustKeepWhole: boolean
}

const maxSlice = Number.MAX_SAFE_INTEGER
const { maxEntries, maxPaxBytes } = defaultTarBounds

/**
 * Reads a tar archive of any format as far as its structure is intact, then reads `source` to its
 * end, which authenticates it. Memory is bounded as for `readTar`.
 *
 * @throws only errors of `source` and `visitor`.
 */
export async function readUntidyTar(
  source: AsyncIterable<Uint8Array>,
  visitor: UntidyVisitor,
): Promise<UntidyEnd> {
  const blocks = new BlockSource(source, blockBytes)
  try {
    return await new UntidyPass(blocks, visitor).run()
  } finally {
    await blocks.close()
  }
}

const skippedKinds: Readonly<Record<string, string>> = {
  ...refusedKinds,
  V: 'a volume label',
  D: 'a list of a folder',
  K: 'a long name of a link',
  N: 'an old list of names',
  A: 'an access list',
  E: 'an attribute',
  I: 'an inode',
}
/** Entry types whose size field does not describe content in the archive. */
const withoutContent = new Set(['1', '2', '3', '4', '6', 'V'])

type Overrides = PaxOverrides & { isSparse?: boolean }

class UntidyPass {
  readonly #source: BlockSource
  readonly #visitor: UntidyVisitor
  #overrides: Overrides | null = null
  #mustKeepWhole = false

  constructor(source: BlockSource, visitor: UntidyVisitor) {
    this.#source = source
    this.#visitor = visitor
  }

  async run(): Promise<UntidyEnd> {
    try {
      await this.#readEntries()
    } catch (error) {
      // The structure is broken here; all files before it are kept.
      if (!(error instanceof TipError)) throw error
      this.#report(error.code, `${error.message}; the files before this place are kept`)
      this.#mustKeepWhole = true
    }
    while ((await this.#source.some(maxSlice)) !== null);
    return { mustKeepWhole: this.#mustKeepWhole }
  }

  #report(code: TipError['code'], detail: string): void {
    this.#visitor.onProblem(code, detail)
  }

  async #readEntries(): Promise<void> {
    for (let entries = 0; ; entries += 1) {
      const block = await this.#source.block()
      if (block.length < blockBytes) throw truncated()
      if (isZero(block)) return this.#readEnd()
      if (entries >= maxEntries)
        throw new TipError('TAR_TOO_MANY', `the archive has over ${maxEntries} entries`)
      // GNU sparse headers continue in further blocks.
      const isExtended = block[156] === 0x53 && block[482] !== 0
      await this.#readEntry(decodeHeader(block), isExtended)
    }
  }

  async #readEntry(header: TarHeader, isExtended: boolean): Promise<void> {
    if (isExtended) await this.#readOverSparseMap()
    if (header.type === 'x' || header.type === 'X' || header.type === 'g')
      return this.#readPax(header)
    if (header.type === 'L') return this.#readLongName(header)
    const { path = header.path, bytes: size, isSparse = false } = this.#overrides ?? {}
    const bytes = size ?? header.bytes
    const hasPax = this.#overrides !== null
    this.#overrides = header.type === 'K' ? this.#overrides : null
    if (isSparse || skippedKinds[header.type] !== undefined)
      return this.#skip(isSparse ? 'S' : header.type, path, bytes, hasPax && size !== undefined)
    const isFolder = header.type === '5' || (path.at(-1) === 0x2f && bytes === 0)
    return isFolder ? this.#readFolder(bytes) : this.#readMember(header.type, path, bytes)
  }

  async #skip(type: string, path: Uint8Array, bytes: number, saysSize: boolean): Promise<void> {
    const kind = skippedKinds[type] ?? 'an entry'
    this.#report('TAR_ENTRY_TYPE', `${kind} was left out: ${shownName(path)}`)
    // The archive contains a sparse file in a form that only tar programs can read.
    if (type === 'S') this.#mustKeepWhole = true
    // POSIX: a hard link has content only if a pax header gives its size.
    if (!withoutContent.has(type) || (type === '1' && saysSize)) await this.#readOver(bytes)
  }

  async #readOverSparseMap(): Promise<void> {
    for (let isMore = true; isMore; ) {
      const block = await this.#source.block()
      if (block.length < blockBytes) throw truncated()
      isMore = block[504] !== 0
    }
  }

  async #readFolder(bytes: number): Promise<void> {
    if (bytes === 0) return
    this.#report('TAR_SIZE', 'a folder in the archive has content, which was left out')
    await this.#readOver(bytes)
  }

  async #readMember(type: string, rawPath: Uint8Array, bytes: number): Promise<void> {
    const placed = untidyPath(rawPath)
    if (placed === null) {
      this.#report('TAR_PATH', `a file whose path leads out was left out: ${shownName(rawPath)}`)
      return this.#readOver(bytes)
    }
    if (type !== '0')
      this.#report('TAR_ENTRY_TYPE', `an entry of an unusual kind is kept as a plain file`)
    const sink = await this.#visitor.onFile(placed.path, bytes, placed.change)
    try {
      await this.#readContent(bytes, (chunk) => sink.write(chunk))
    } catch (error) {
      await sink.discard()
      throw error
    }
    await sink.end()
    await this.#readSlack(bytes)
  }

  async #readPax(header: TarHeader): Promise<void> {
    const content = await this.#readExtension(header.bytes)
    if (content === null) return
    const scope = header.type === 'g' ? 'g' : 'x'
    const { overrides, isSparse, problem } = forgivePax(content, scope)
    if (problem !== null) this.#report('TAR_PAX', problem)
    if (scope === 'x') this.#override({ ...overrides, isSparse })
  }

  async #readLongName(header: TarHeader): Promise<void> {
    const content = await this.#readExtension(header.bytes)
    if (content === null) return
    const end = content.indexOf(0)
    this.#override({ path: end < 0 ? content : content.subarray(0, end) })
  }

  #override(overrides: Overrides): void {
    if (this.#overrides !== null)
      this.#report('TAR_PAX', 'an entry has two extended headers; the second one was used')
    this.#overrides = { ...this.#overrides, ...overrides }
  }

  /** Null if the extension is too long to hold in memory; it is then skipped. */
  async #readExtension(bytes: number): Promise<Uint8Array | null> {
    if (bytes > maxPaxBytes) {
      this.#report('TAR_PAX', `an extended header is over ${maxPaxBytes} bytes, and was ignored`)
      await this.#readOver(bytes)
      return null
    }
    const extension = new Uint8Array(bytes)
    let filled = 0
    await this.#readContent(bytes, (chunk) => {
      extension.set(chunk, filled)
      filled += chunk.length
    })
    await this.#readSlack(bytes)
    return extension
  }

  async #readOver(bytes: number): Promise<void> {
    await this.#readContent(bytes, () => undefined)
    await this.#readSlack(bytes)
  }

  async #readContent(
    bytes: number,
    take: (chunk: Uint8Array) => void | Promise<void>,
  ): Promise<void> {
    for (let left = bytes; left > 0; ) {
      const chunk = await this.#source.some(left)
      if (chunk === null) throw truncated()
      left -= chunk.length
      await take(chunk)
    }
  }

  /** Skips to the next block. Old tar programs left arbitrary memory in that gap. */
  async #readSlack(bytes: number): Promise<void> {
    let isClean = true
    for (let left = blockPadding(bytes); left > 0; ) {
      const chunk = await this.#source.some(left)
      if (chunk === null) throw truncated()
      isClean &&= isZero(chunk)
      left -= chunk.length
    }
    if (!isClean)
      this.#report('TAR_PADDING', 'there are bytes behind a file that are no part of it')
  }

  /** Reads the rest after the first of the two end blocks. */
  async #readEnd(): Promise<void> {
    if (this.#overrides !== null)
      this.#report('TAR_PAX', 'an extended header has no entry behind it, and was ignored')
    let bytes = 0
    for (
      let chunk = await this.#source.some(maxSlice);
      chunk !== null;
      chunk = await this.#source.some(maxSlice)
    ) {
      if (!isZero(chunk))
        throw new TipError('TAR_PADDING', 'the archive has something after its end')
      bytes += chunk.length
    }
    if (bytes < blockBytes || bytes % blockBytes !== 0)
      this.#report('TAR_TRUNCATED', 'the end of the archive is not as it should be')
  }
}

const truncated = (): TipError => new TipError('TAR_TRUNCATED', 'the archive ends too early')
