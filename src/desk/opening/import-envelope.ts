import type { FileHandle } from 'node:fs/promises'
import { access } from 'node:fs/promises'
import { makeFolder } from '../../disk/make-folder.ts'
import { AgeError } from '../../age/errors.ts'
import type { Identity } from '../../age/keys.ts'
import type { Primitives } from '../../age/primitives.ts'
import { CarryError } from '../../carry/errors.ts'
import { openOnStick } from '../../carry/open-on-stick.ts'
import type { ChunkEngine } from '../../age/stream.ts'
import type { OpenedEnvelope } from '../../open/opened-envelope.ts'
import { openEnvelope } from '../../open/open-envelope.ts'
import { layoutOf, tipLayoutOf } from '../files/layout.ts'
import type { OpenedRecord } from '../files/opened-record.ts'
import type { StartDigest } from './digests.ts'
import { digestHere } from './digests.ts'
import { EnvelopeReading, UnreadableError } from './envelope-reading.ts'
import { replyProblems } from './reply-problems.ts'
import type { OriginalCopy } from './original.ts'
import { createOriginal } from './original.ts'
import type { TipFolder } from './tip-folder.ts'
import { createTipFolder } from './tip-folder.ts'

/** An identity together with its entry in the keyring. */
export interface KnownIdentity {
  identity: Identity
  name: string | null
  /** The first day on which its key is no longer valid, if there is one. */
  retired: string | null
  /** The first group of its fingerprint, when the keyring lists the key. */
  key?: string
}

/** One envelope of an export. */
export interface EnvelopeOnStick {
  path: string
  receipt: string
  export: OpenedRecord['export']
}

/** The result for one envelope. */
export type ImportResult =
  | {
      receipt: string
      outcome: 'opened'
      record: OpenedRecord
      hasTip: boolean
      tipSha256: string | null
    }
  | { receipt: string; outcome: 'already-there' }
  | { receipt: string; outcome: 'refused'; code: string; detail: string; isKept: boolean }

export interface ImportTools {
  primitives: Primitives
  engine: ChunkEngine
  identities: readonly KnownIdentity[]
  /** Program and version. */
  tool: string
  /** UTC, `YYYY-MM-DDTHH:MM:SSZ`. */
  openedAt: string
  onBytes?: (bytes: number) => void
  /** Digests of large envelopes and their files, where another core has time for them. */
  startLargeDigest?: StartDigest
}

/** From this size on, an envelope takes longer than the start of a thread. */
export const largeBytes = 16 * 1024 * 1024

/**
 * Opens one envelope of an export into the casebook, and keeps an unchanged copy of it. Damage,
 * envelopes for other recipients and hostile archives are results, not errors, because the rest of
 * the export must still be opened. A tip that is already in the casebook is left unchanged.
 * @throws errors of the casebook's disk.
 */
export async function importEnvelope(
  tools: ImportTools,
  envelope: EnvelopeOnStick,
  casebook: string,
): Promise<ImportResult> {
  const { receipt, path } = envelope
  if (await exists(tipLayoutOf(casebook, receipt).folder))
    return { receipt, outcome: 'already-there' }
  await makeFolder(layoutOf(casebook).tips, 0o700)
  const file = await openOnStick(path).catch((error: NodeJS.ErrnoException) => error)
  if (file instanceof CarryError) return refuse(receipt, 'ENVELOPE_NOT_A_FILE', file.message, false)
  if (file instanceof Error)
    return refuse(
      receipt,
      'ENVELOPE_MISSING',
      file.code === 'ENOENT'
        ? 'the sums name it, and it is not on the stick'
        : `it cannot be read from the stick (${file.code})`,
      false,
    )
  try {
    return await openInto(tools, file, envelope, casebook)
  } finally {
    await file.close()
  }
}

async function openInto(
  tools: ImportTools,
  file: FileHandle,
  envelope: EnvelopeOnStick,
  casebook: string,
): Promise<ImportResult> {
  const { size } = await file.stat()
  const startDigest = (size >= largeBytes ? tools.startLargeDigest : undefined) ?? digestHere
  const original = await createOriginal(casebook, envelope.receipt, startDigest)
  const tip = await createTipFolder(tipLayoutOf(casebook, envelope.receipt).folder, startDigest)
  try {
    return await readInto(
      tools,
      new EnvelopeReading(file, size, original, tools.onBytes ?? (() => undefined)),
      envelope,
      { original, tip },
    )
  } finally {
    await tip.discard()
    await original.discard()
  }
}

async function readInto(
  tools: ImportTools,
  reading: EnvelopeReading,
  envelope: EnvelopeOnStick,
  { original, tip }: { original: OriginalCopy; tip: TipFolder },
): Promise<ImportResult> {
  const { receipt } = envelope
  try {
    const identities = tools.identities.map(({ identity }) => identity)
    const opened = await openEnvelope({
      ...tools,
      identities,
      envelope: reading,
      again: async function* () {
        await reading.finish()
        yield* original.read()
      },
      sink: tip,
    }).catch(refusalOf)
    const isOriginal = (await reading.finish()) === receipt
    if (isOriginal) await original.commit()
    if ('code' in opened) return refuse(receipt, opened.code, opened.message, isOriginal)
    if (!isOriginal)
      return refuse(
        receipt,
        'ENVELOPE_CHANGED',
        'the envelope is not the one that was exported',
        false,
      )
    const record = recordOf(tools, envelope, opened, reading.bytes)
    record.problems.push(...replyProblems(tools.primitives, opened.tip))
    await tip.finish(record)
    return {
      receipt,
      outcome: 'opened',
      record,
      hasTip: opened.tip !== null,
      tipSha256: opened.tipSha256,
    }
  } catch (error) {
    if (error instanceof UnreadableError)
      return refuse(receipt, 'ENVELOPE_UNREADABLE', error.message, false)
    throw error
  }
}

/**
 * Returns the errors for which an envelope is refused. Errors of the disk or of a worn stick are
 * thrown again.
 */
function refusalOf(error: unknown): AgeError {
  if (error instanceof AgeError) return error
  throw error
}

function recordOf(
  tools: ImportTools,
  envelope: EnvelopeOnStick,
  opened: OpenedEnvelope,
  bytes: number,
): OpenedRecord {
  const known = tools.identities.find(({ identity }) => identity === opened.identity)
  return {
    schema: 'tumen-opened/1',
    receipt: envelope.receipt,
    opened_at: tools.openedAt,
    tool: tools.tool,
    identity: {
      kind: opened.identity.kind,
      name: known?.name ?? null,
      retired: known?.retired ?? null,
      ...(known?.key === undefined ? {} : { key: known.key }),
    },
    export: envelope.export,
    envelope_bytes: bytes,
    attachments: opened.attachments,
    problems: opened.problems,
  }
}

function refuse(receipt: string, code: string, detail: string, isKept: boolean): ImportResult {
  return { receipt, outcome: 'refused', code, detail, isKept }
}

export async function exists(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  )
}
