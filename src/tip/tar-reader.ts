import { BlockSource } from './block-source.ts'
import { defaultTarBounds, type TarBounds } from './bounds.ts'
import { TipError } from './errors.ts'
import { parsePax, type PaxOverrides } from './pax.ts'
import { blockBytes, blockPadding, decodeHeader, isTar, type TarHeader } from './tar-header.ts'
import { parseTarPath, PathSet } from './tar-path.ts'

/** Receives one file. If `end` was not called, the file is incomplete and must be discarded. */
export interface TarFileSink {
  /** `chunk` is a view of the source's memory: copy it if it is needed after the call. */
  write: (chunk: Uint8Array) => void | Promise<void>
  end(): void | Promise<void>
}

export interface TarVisitor {
  /** @returns the sink for the content, or null to skip it. */
  onFile(path: string, bytes: number): TarFileSink | null | Promise<TarFileSink | null>
}

const truncated = (): TipError =>
  new TipError('TAR_TRUNCATED', 'the archive ends too early; it was not received completely')

export const isZero = (bytes: Uint8Array): boolean => {
  const head = Math.min((4 - (bytes.byteOffset % 4)) % 4, bytes.length)
  const wordCount = (bytes.length - head) >> 2
  const tail = head + wordCount * 4
  if (hasOther(bytes.subarray(0, head)) || hasOther(bytes.subarray(tail))) return false
  // Compares four bytes at a time, because the padding of a large archive takes megabytes.
  return (
    wordCount === 0 || !hasOther(new Uint32Array(bytes.buffer, bytes.byteOffset + head, wordCount))
  )
}

// A plain loop is five times as fast as `every`, which calls a function for each word.
const hasOther = (words: Uint8Array | Uint32Array): boolean => {
  for (let i = 0; i < words.length; i += 1) if (words[i] !== 0) return true
  return false
}

/** Entry types that no tip may have, in words. */
export const refusedKinds: Readonly<Record<string, string>> = {
  '1': 'a hard link',
  '2': 'a symbolic link',
  '3': 'a device',
  '4': 'a device',
  '6': 'a fifo',
  S: 'a sparse file',
}

const refuseType = (type: string): never => {
  const kind = refusedKinds[type]
  throw new TipError(
    'TAR_ENTRY_TYPE',
    `${kind ?? 'an entry of an unknown kind'} is in the archive; pack plain files and folders only`,
  )
}

/** One pass over one archive. */
class TarPass {
  readonly #source: BlockSource
  readonly #visitor: TarVisitor
  readonly #bounds: TarBounds
  readonly #paths = new PathSet()
  #entries = 0
  /**
   * The overrides from an extended header directly before the next entry; null if there is none.
   */
  #overrides: PaxOverrides | null = null

  constructor(source: BlockSource, visitor: TarVisitor, bounds: TarBounds) {
    this.#source = source
    this.#visitor = visitor
    this.#bounds = bounds
  }

  async run(): Promise<void> {
    for (let block = await this.#wholeBlock(); !isZero(block); block = await this.#wholeBlock()) {
      if (this.#entries === 0 && !isTar(block))
        throw new TipError('NOT_TAR', 'this is not a tar archive')
      const header = decodeHeader(block)
      this.#countEntry()
      await this.#readEntry(header)
    }
    await this.#readEnd()
  }

  async #wholeBlock(): Promise<Uint8Array> {
    const block = await this.#source.block()
    if (block.length < blockBytes) throw truncated()
    return block
  }

  #countEntry(): void {
    this.#entries += 1
    if (this.#entries > this.#bounds.maxEntries) {
      throw new TipError(
        'TAR_TOO_MANY',
        `the archive has over ${this.#bounds.maxEntries} entries; send it as several tips`,
      )
    }
  }

  async #readEntry(header: TarHeader): Promise<void> {
    switch (header.type) {
      case 'x':
        return this.#override(parsePax(await this.#readExtension(header.bytes), 'x'))
      case 'L':
        return this.#override({ path: untilEnd(await this.#readExtension(header.bytes)) })
      case 'g':
        parsePax(await this.#readExtension(header.bytes), 'g')
        return
      case '0':
      case '5':
        return this.#readMember(header)
      default:
        return refuseType(header.type)
    }
  }

  #override(overrides: PaxOverrides): void {
    // Two extended headers for one entry are refused, because readers disagree on which one counts.
    if (this.#overrides !== null)
      throw new TipError('TAR_PAX', 'an entry has two extended headers; pack the files again')
    this.#overrides = overrides
  }

  async #readExtension(bytes: number): Promise<Uint8Array> {
    if (bytes > this.#bounds.maxPaxBytes) {
      throw new TipError(
        'TAR_PAX',
        `an extended tar header is over ${this.#bounds.maxPaxBytes} bytes; pack the files under shorter names`,
      )
    }
    const extension = new Uint8Array(bytes)
    let filled = 0
    await this.#readContent(bytes, (chunk) => {
      extension.set(chunk, filled)
      filled += chunk.length
    })
    return extension
  }

  async #readMember(header: TarHeader): Promise<void> {
    const { path = header.path, bytes = header.bytes } = this.#overrides ?? {}
    this.#overrides = null
    // v7 had no type for folders: the names of folders end with a slash.
    const isDirectory = header.type === '5' || path.at(-1) === 0x2f
    const components = parseTarPath(path, isDirectory, this.#bounds)
    if (!isDirectory) {
      this.#paths.addFile(components)
      return this.#readFile(components.join('/'), bytes)
    }
    this.#paths.addFolder(components)
    if (bytes !== 0)
      throw new TipError('TAR_SIZE', 'a folder in the archive has content; pack the files again')
  }

  async #readFile(path: string, bytes: number): Promise<void> {
    const sink = await this.#visitor.onFile(path, bytes)
    await this.#readContent(bytes, (chunk) => sink?.write(chunk))
    await sink?.end()
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
    await this.#readZeros(blockPadding(bytes))
  }

  /** Padding must be zeros, so that nothing can be hidden where no tar program looks. */
  async #readZeros(bytes: number): Promise<void> {
    for (let left = bytes; left > 0; ) {
      const chunk = await this.#source.some(left)
      if (chunk === null) throw truncated()
      if (!isZero(chunk)) throw paddingNotZero()
      left -= chunk.length
    }
  }

  /** Reads the rest after the first of the two end blocks. */
  async #readEnd(): Promise<void> {
    if (this.#overrides !== null)
      throw new TipError(
        'TAR_PAX',
        'an extended tar header is not followed by an entry; the archive is damaged',
      )
    await this.#readZeros(blockBytes)
    let bytes = 0
    for (
      let chunk = await this.#source.some(maxSlice);
      chunk !== null;
      chunk = await this.#source.some(maxSlice)
    ) {
      if (!isZero(chunk)) throw paddingNotZero()
      bytes += chunk.length
    }
    if (bytes % blockBytes !== 0) throw truncated()
  }
}

const maxSlice = Number.MAX_SAFE_INTEGER

const paddingNotZero = (): TipError =>
  new TipError('TAR_PADDING', 'the archive has bytes where only zeros may be; pack the files again')

/**
 * The path in a GNU `L` entry ends with one NUL. A NUL inside it is refused as a control character.
 */
const untilEnd = (name: Uint8Array): Uint8Array => (name.at(-1) === 0 ? name.subarray(0, -1) : name)

/**
 * Reads an untrusted tar archive (v7, ustar, pax, GNU) in the order of its bytes. Holds one chunk
 * of the source, one block, one extended header and the paths seen so far.
 *
 * @throws TipError `NOT_TAR`, `TAR_…`; errors of `source` and `visitor` unchanged. The source is
 *   always closed.
 */
export async function readTar(
  source: AsyncIterable<Uint8Array>,
  visitor: TarVisitor,
  bounds: Partial<TarBounds> = {},
): Promise<void> {
  const blocks = new BlockSource(source, blockBytes)
  try {
    await new TarPass(blocks, visitor, { ...defaultTarBounds, ...bounds }).run()
  } finally {
    await blocks.close()
  }
}
