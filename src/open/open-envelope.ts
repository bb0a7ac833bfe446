import { createHash } from 'node:crypto'
import { openFile, unwrapWith } from '../age/file.ts'
import type { Identity } from '../age/keys.ts'
import type { Primitives } from '../age/primitives.ts'
import type { ChunkEngine } from '../age/stream.ts'
import { maxTipBytes } from '../tip/bounds.ts'
import { TipError } from '../tip/errors.ts'
import type { DetentionTip } from '../tip/schema.ts'
import { isTar } from '../tip/tar-header.ts'
import type { TarFileSink } from '../tip/tar-reader.ts'
import { readTar } from '../tip/tar-reader.ts'
import { parseTip } from '../tip/tip-json.ts'
import type { OpenedAttachment, OpenedEnvelope, OpenProblem } from './opened-envelope.ts'
import { peek } from './peek.ts'
import { boundProblems, compareAttachments } from './problems.ts'
import { SafePaths } from './safe-paths.ts'

/** Receives an opened tip. Its files are provisional until `openEnvelope` has resolved. */
export interface TipSink {
  /**
   * `path` is `tip.json` or starts with `attachments/`. It is safe on every file system, and no
   * path is given twice.
   */
  createFile(path: string): Promise<TarFileSink>
}

const tipPath = 'tip.json'
const tarBlockBytes = 512

/**
 * Opens an envelope into `sink`. An odd but authentic content is kept, and its problems are
 * reported: a tip sealed by hand may be no tar, or may lack a valid `tip.json`.
 * @throws AgeError as `openFile`; TipError for an archive that must not be unpacked.
 */
export async function openEnvelope(options: {
  primitives: Primitives
  engine: ChunkEngine
  identities: readonly Identity[]
  envelope: AsyncIterable<Uint8Array>
  sink: TipSink
}): Promise<OpenedEnvelope> {
  const { primitives, identities, envelope, sink } = options
  let match: Identity | null = null
  const plaintext = openFile(
    options,
    unwrapWith(primitives, identities, (identity) => (match = identity)),
    envelope,
  )
  const opening = new Opening(sink)
  try {
    const { head, whole } = await peek(plaintext, tarBlockBytes)
    if (head.length === tarBlockBytes && isTar(head)) await readTar(whole, opening)
    else await opening.takeUnpacked(whole)
  } finally {
    // The sink may have failed before the first byte was read.
    await plaintext.return(undefined)
  }
  // `openFile` ends without an error only after an identity matched.
  return { ...opening.finish(), identity: match as unknown as Identity }
}

class Opening {
  readonly #sink: TipSink
  readonly #attachments: OpenedAttachment[] = []
  readonly #problems: OpenProblem[] = []
  readonly #tipChunks: Uint8Array[] = []
  readonly #paths = new SafePaths()
  #hasTip = false

  constructor(sink: TipSink) {
    this.#sink = sink
  }

  async onFile(path: string, bytes: number): Promise<TarFileSink> {
    if (path !== tipPath) return await this.#takeAttachment(path)
    if (bytes > maxTipBytes)
      throw new TipError('TIP_TOO_LARGE', `tip.json is over ${maxTipBytes} bytes`)
    this.#hasTip = true
    const file = await this.#sink.createFile(tipPath)
    return {
      write: async (chunk) => {
        this.#tipChunks.push(chunk.slice())
        await file.write(chunk)
      },
      end: () => file.end(),
    }
  }

  /** Keeps a plaintext that is not an archive: a single file, sealed by hand. */
  async takeUnpacked(plaintext: AsyncIterable<Uint8Array>): Promise<void> {
    this.#problems.push({
      code: 'NOT_TAR',
      detail: 'the tip is a single file, kept as attachments/unpacked',
    })
    const file = await this.#takeAttachment('attachments/unpacked')
    for await (const chunk of plaintext) await file.write(chunk)
    await file.end()
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
      attachments: this.#attachments,
      problems,
    }
  }

  async #takeAttachment(packedPath: string): Promise<TarFileSink> {
    const path = this.#paths.add(packedPath)
    if (path !== packedPath)
      this.#problems.push({
        code: 'NAME_CHANGED',
        detail: `a file of the archive is kept as ${path}`,
      })
    const file = await this.#sink.createFile(path)
    const hash = createHash('sha256')
    let bytes = 0
    return {
      write: async (chunk) => {
        hash.update(chunk)
        bytes += chunk.length
        await file.write(chunk)
      },
      end: async () => {
        await file.end()
        this.#attachments.push({ path, bytes, sha256: hash.digest('hex') })
      },
    }
  }

  #readTip(): DetentionTip | null {
    if (!this.#hasTip) {
      this.#problems.push({ code: 'TIP_MISSING', detail: 'there is no tip.json' })
      return null
    }
    try {
      return parseTip(Buffer.concat(this.#tipChunks))
    } catch (error) {
      if (!(error instanceof TipError)) throw error
      this.#problems.push({ code: 'TIP_REFUSED', detail: error.message })
      return null
    }
  }
}
