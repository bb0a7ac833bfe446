import { createHash } from 'node:crypto'
import type { FileHandle } from 'node:fs/promises'
import { access, mkdir, open } from 'node:fs/promises'
import { join } from 'node:path'
import { AgeError } from '../../age/errors.ts'
import type { Identity } from '../../age/keys.ts'
import type { Primitives } from '../../age/primitives.ts'
import { readPieces } from '../../age/read-file.ts'
import type { ChunkEngine } from '../../age/stream.ts'
import type { OpenedEnvelope } from '../../open/open-envelope.ts'
import { openEnvelope } from '../../open/open-envelope.ts'
import { TipError } from '../../tip/errors.ts'
import { createTipFolder } from './tip-folder.ts'

/** What became of one envelope. */
export type ImportResult =
  | { receipt: string; outcome: 'opened'; folder: string; opened: OpenedEnvelope }
  | { receipt: string; outcome: 'already-there'; folder: string }
  | { receipt: string; outcome: 'refused'; code: string; detail: string }

export interface ImportTools {
  primitives: Primitives
  engine: ChunkEngine
  identities: readonly Identity[]
  onBytes?: (bytes: number) => void
  /** Calls `cleanup` when the command is interrupted; what it returns takes that back. */
  onInterrupt?: (cleanup: () => void) => () => void
}

/** The stick gave back something else than bytes. */
class UnreadableError extends Error {}

/** The folder of a tip in a casebook. */
export function tipFolderPath(casebook: string, receipt: string): string {
  return join(casebook, 'tips', receipt)
}

/**
 * Opens one envelope of an export into the casebook. Damage, foreign envelopes and
 * hostile archives are results, not errors: the rest must go on. What is in the
 * casebook already is left as it is.
 * @throws what the casebook's disk throws.
 */
export async function importEnvelope(tools: ImportTools, path: string, receipt: string, casebook: string): Promise<ImportResult> {
  const folder = tipFolderPath(casebook, receipt)
  if (await exists(folder)) return { receipt, outcome: 'already-there', folder }
  await mkdir(join(casebook, 'tips'), { recursive: true, mode: 0o700 })
  const file = await open(path, 'r').catch((error: NodeJS.ErrnoException) => error)
  if (file instanceof Error) return refuse(receipt, 'ENVELOPE_MISSING', `${path} cannot be read (${file.code})`)
  try {
    return await openInto(tools, file, receipt, folder)
  } finally {
    await file.close()
  }
}

async function openInto(tools: ImportTools, file: FileHandle, receipt: string, folder: string): Promise<ImportResult> {
  const hash = createHash('sha256')
  async function* hashed() {
    for await (const bytes of readOrRefuse(file)) {
      hash.update(bytes)
      tools.onBytes?.(bytes.length)
      yield bytes
    }
  }
  const tip = await createTipFolder(folder)
  const forget = tools.onInterrupt?.(() => tip.discardNow())
  try {
    const opened = await openEnvelope({ ...tools, envelope: hashed(), sink: tip })
    if (hash.digest('hex') !== receipt) return refuse(receipt, 'ENVELOPE_CHANGED', 'the envelope is not the one that was exported')
    await tip.commit()
    return { receipt, outcome: 'opened', folder, opened }
  } catch (error) {
    return refusal(receipt, error)
  } finally {
    await tip.discard()
    forget?.()
  }
}

/** A worn stick: this envelope is refused, and the rest goes on. What the casebook's disk throws is no such thing. */
async function* readOrRefuse(file: FileHandle): AsyncGenerator<Uint8Array> {
  const pieces = readPieces(file)
  const unreadable = (cause: NodeJS.ErrnoException) => {
    throw new UnreadableError(`the envelope cannot be read (${cause.code}): export it again to another stick`, { cause })
  }
  for (let next = await pieces.next().catch(unreadable); !next.done; next = await pieces.next().catch(unreadable)) yield next.value
}

function refusal(receipt: string, error: unknown): ImportResult {
  if (error instanceof UnreadableError) return refuse(receipt, 'ENVELOPE_UNREADABLE', error.message)
  if (error instanceof AgeError || error instanceof TipError) return refuse(receipt, error.code, error.message)
  throw error
}

function refuse(receipt: string, code: string, detail: string): ImportResult {
  return { receipt, outcome: 'refused', code, detail }
}

export async function exists(path: string): Promise<boolean> {
  return await access(path).then(() => true, () => false)
}
