import { createHash } from 'node:crypto'
import { openFile, unwrapWith } from '../age/file.ts'
import type { Identity } from '../age/keys.ts'
import type { Primitives } from '../age/primitives.ts'
import type { ChunkEngine } from '../age/stream.ts'
import { maxTipBytes } from '../tip/bounds.ts'
import { TipError } from '../tip/errors.ts'
import { readTip } from '../tip/read-tip.ts'
import type { DetentionTip } from '../tip/schema.ts'
import { hasTarMagic, isTar } from '../tip/tar-header.ts'
import type { TarFileSink } from '../tip/tar-reader.ts'
import type { OpenedAttachment, OpenedEnvelope, OpenProblem } from './opened-envelope.ts'
import { peek } from './peek.ts'
import { boundProblems, compareAttachments } from './problems.ts'
import { SafePaths } from './safe-paths.ts'
import type { MemberSink } from './untidy-tar.ts'
import { readUntidyTar } from './untidy-tar.ts'

/** A file of a tip. It counts only after `end`; `discard` removes what was written. */
export interface TipFileSink extends TarFileSink {
  discard?: () => void | Promise<void>
  /**
   * SHA-256 of all that was written, in hex, if the sink computes it. Called before `end`.
   */
  digest?: () => Promise<string>
}

/** Receives an opened tip. Its files are provisional until `openEnvelope` has resolved. */
export interface TipSink {
  /**
   * `path` is `tip.json` or starts with `attachments/`. It is safe on every file system, and no
   * path occurs twice.
   */
  createFile: (path: string) => Promise<TipFileSink>
}

const tipPath = 'tip.json'
const tarBlockBytes = 512

export interface OpenEnvelopeOptions {
  primitives: Primitives
  engine: ChunkEngine
  identities: readonly Identity[]
  envelope: AsyncIterable<Uint8Array>
  /**
   * Reads the same envelope a second time. If the structure of the archive breaks, the whole
   * plaintext is then kept as `attachments/unpacked.tar`; without this function, only the files
   * before the break are kept.
   */
  again?: () => AsyncIterable<Uint8Array>
  sink: TipSink
}

/**
 * Opens an envelope into `sink`. All authentic content is kept, however odd, and oddities are
 * reported: a tip sealed by hand may be a single file, an untidy archive, or have no valid
 * `tip.json`.
 *
 * @throws AgeError as `openFile`; the files in the sink then do not count.
 */
export async function openEnvelope(options: OpenEnvelopeOptions): Promise<OpenedEnvelope> {
  const { primitives, identities, envelope, again, sink } = options
  let match: Identity | null = null
  const unwrap = unwrapWith(primitives, identities, (identity) => (match = identity))
  const opening = new Opening(sink)
  const { mustKeepWhole } = await openInto(opening, openFile(options, unwrap, envelope))
  if (mustKeepWhole && again !== undefined) {
    const plaintext = openFile(options, unwrap, again())
    try {
      await opening.takeWhole(plaintext)
    } finally {
      await plaintext.return(undefined)
    }
  }
  // If `openFile` ends without an error, an identity has matched.
  return { ...opening.finish(), identity: match as unknown as Identity }
}

async function openInto(
  opening: Opening,
  plaintext: AsyncGenerator<Uint8Array>,
): Promise<{ mustKeepWhole: boolean }> {
  try {
    const { head, whole } = await peek(plaintext, tarBlockBytes)
    if (head.length === tarBlockBytes && (isTar(head) || hasTarMagic(head)))
      return await readUntidyTar(whole, opening)
    await opening.takeUnpacked(head, whole)
    return { mustKeepWhole: false }
  } finally {
    // The sink may have failed before the first byte was read.
    await plaintext.return(undefined)
  }
}

class Opening {
  readonly #sink: TipSink
  readonly #attachments: OpenedAttachment[] = []
  readonly #problems: OpenProblem[] = []
  #tipChunks: Uint8Array[] = []
  readonly #paths = new SafePaths()
  #hasTip = false
  #whole: OpenedAttachment | null = null

  constructor(sink: TipSink) {
    this.#sink = sink
  }

  onProblem(code: OpenProblem['code'], detail: string): void {
    this.#problems.push({ code, detail })
  }

  async onFile(path: string, bytes: number, change: string | null): Promise<MemberSink> {
    if (path === tipPath && this.#hasTip)
      this.onProblem('TAR_DUPLICATE', 'there is a second tip.json, kept among the attachments')
    if (path === tipPath && bytes > maxTipBytes)
      this.onProblem(
        'TIP_TOO_LARGE',
        `tip.json is over ${maxTipBytes} bytes; it is kept among the attachments`,
      )
    return path === tipPath && !this.#hasTip && bytes <= maxTipBytes
      ? await this.#takeTip()
      : await this.#takeAttachment(path, change)
  }

  /** Keeps a plaintext that is not an archive: somebody sealed a single file by hand. */
  async takeUnpacked(head: Uint8Array, plaintext: AsyncGenerator<Uint8Array>): Promise<void> {
    const lone = isJsonObject(head) ? await readAtMost(plaintext, maxTipBytes) : null
    if (lone !== null && lone.isWhole && isTip(lone.bytes)) {
      this.onProblem('NOT_TAR', 'the tip is a lone tip.json, without an archive around it')
      const file = await this.#takeTip()
      await file.write(lone.bytes)
      return await file.end()
    }
    this.onProblem('NOT_TAR', 'the tip is a single file, kept as attachments/unpacked')
    const file = await this.#takeAttachment('attachments/unpacked', null)
    if (lone !== null) await file.write(lone.bytes)
    for await (const chunk of plaintext) await file.write(chunk)
    await file.end()
  }

  /** Keeps the plaintext of an archive that could not be read to its end. */
  async takeWhole(plaintext: AsyncIterable<Uint8Array>): Promise<void> {
    const path = this.#paths.add('attachments/unpacked.tar')
    const file = await this.#hashing(path, (attachment) => (this.#whole = attachment))
    for await (const chunk of plaintext) await file.write(chunk)
    await file.end()
    this.onProblem('NAME_CHANGED', `the whole archive is kept as it came, as ${path}`)
  }

  finish(): Omit<OpenedEnvelope, 'identity'> {
    const tip = this.#readTip()
    const problems = boundProblems([
      ...this.#problems,
      ...(tip ? compareAttachments(tip, this.#attachments) : []),
    ])
    return {
      tip,
      tipSha256: this.#hasTip
        ? createHash('sha256').update(Buffer.concat(this.#tipChunks)).digest('hex')
        : null,
      attachments: this.#whole === null ? this.#attachments : [...this.#attachments, this.#whole],
      problems,
    }
  }

  async #takeTip(): Promise<MemberSink> {
    const file = await this.#sink.createFile(tipPath)
    this.#hasTip = true
    return {
      write: async (chunk) => {
        this.#tipChunks.push(chunk.slice())
        await file.write(chunk)
      },
      end: () => file.end(),
      discard: async () => {
        this.#hasTip = false
        this.#tipChunks = []
        await file.discard?.()
      },
    }
  }

  async #takeAttachment(packedPath: string, change: string | null): Promise<MemberSink> {
    const path = this.#paths.add(packedPath)
    if (change !== null) this.onProblem('TAR_PATH', `${change}: a file is kept as ${path}`)
    else if (this.#paths.wasNumbered(path, packedPath))
      this.onProblem('TAR_DUPLICATE', `two names would be one file: one is kept as ${path}`)
    else if (path !== packedPath)
      this.onProblem('NAME_CHANGED', `a file of the archive is kept as ${path}`)
    return await this.#hashing(path, (attachment) => this.#attachments.push(attachment))
  }

  async #hashing(path: string, onEnd: (attachment: OpenedAttachment) => void): Promise<MemberSink> {
    const file = await this.#sink.createFile(path)
    const hash = file.digest === undefined ? createHash('sha256') : null
    let bytes = 0
    return {
      write: async (chunk) => {
        hash?.update(chunk)
        bytes += chunk.length
        await file.write(chunk)
      },
      end: async () => {
        const sha256 = (await file.digest?.()) ?? hash?.digest('hex') ?? ''
        await file.end()
        onEnd({ path, bytes, sha256 })
      },
      discard: () => file.discard?.(),
    }
  }

  #readTip(): DetentionTip | null {
    if (!this.#hasTip) {
      this.onProblem('TIP_MISSING', 'there is no tip.json')
      return null
    }
    try {
      const { tip, problems } = readTip(Buffer.concat(this.#tipChunks))
      this.#problems.push(...problems)
      return tip
    } catch (error) {
      if (!(error instanceof TipError)) throw error
      this.onProblem('TIP_REFUSED', error.message)
      return null
    }
  }
}

/** Whether a plaintext starts like a JSON object, after an optional byte order mark and blanks. */
function isJsonObject(head: Uint8Array): boolean {
  return /^(?:\u00ef\u00bb\u00bf)?[\t\n\r ]*\{/u.test(Buffer.from(head).toString('latin1'))
}

function isTip(bytes: Uint8Array): boolean {
  try {
    readTip(bytes)
    return true
  } catch (error) {
    if (!(error instanceof TipError)) throw error
    return false
  }
}

/**
 * Reads the start of a stream, slightly more than `maxBytes` at most; the rest stays in the stream.
 */
async function readAtMost(
  source: AsyncGenerator<Uint8Array>,
  maxBytes: number,
): Promise<{ bytes: Uint8Array; isWhole: boolean }> {
  const chunks: Uint8Array[] = []
  for (let bytes = 0; bytes <= maxBytes; ) {
    const next = await source.next()
    if (next.done === true) return { bytes: Buffer.concat(chunks), isWhole: true }
    chunks.push(next.value.slice())
    bytes += next.value.length
  }
  return { bytes: Buffer.concat(chunks), isWhole: false }
}
