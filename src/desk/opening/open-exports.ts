import { createHash } from 'node:crypto'
import { readdir, stat } from 'node:fs/promises'
import type { ReadExport } from '../../carry/read-export.ts'
import { envelopePath } from '../../carry/read-export.ts'
import { formatJsonDocument } from '../../keyring/json-document.ts'
import { layoutOf } from '../files/layout.ts'
import type { OpenedRecord } from '../files/opened-record.ts'
import { checkChain } from '../custody/check-chain.ts'
import { recordCustody } from '../custody/custody-log.ts'
import { withCasebookLock } from '../custody/lock.ts'
import type { Actor, CustodyEntry } from '../custody/record.ts'
import { entryOfStoppedRun } from '../custody/stopped-run.ts'
import { putAside, takeFromAside } from './aside.ts'
import type { EnvelopeOnStick, ImportResult, KnownIdentity } from './import-envelope.ts'
import { removeLeftovers } from './leftovers.ts'
import type { SizedEnvelope } from './opening-pool.ts'
import { openOnAllCores } from './opening-pool.ts'

export interface OpenExports {
  actor: Actor
  exports: readonly ReadExport[]
  /** Sealed files that are not part of an export. */
  files?: readonly EnvelopeOnStick[]
  identities: readonly KnownIdentity[]
  /**
   * Called once before reading starts, with the total size of the envelopes that are not in the
   * casebook yet.
   */
  onTotal?: (bytes: number) => void
  onBytes?: (bytes: number) => void
  onInterrupt: (cleanup: () => void) => () => void
}

/** Number of results that are written to the custody log together. */
const resultsPerEntry = 64

/**
 * Opens exports into a casebook, each envelope once, and records the result for each. A run may be
 * stopped at any time and repeated. Only one such run is possible at a time; analysts may continue
 * working meanwhile.
 * @returns one result per envelope, sorted by receipt.
 * @throws CustodyError `LOCKED`, `LOG_DAMAGED`; errors of the casebook's disk.
 */
export async function openExports(work: OpenExports): Promise<ImportResult[]> {
  const { actor, exports } = work
  const envelopes = [
    ...new Map(
      // An envelope that is also in an export counts as part of it.
      [...(work.files ?? []), ...exports.flatMap(envelopesOf)].map((envelope) => [
        envelope.receipt,
        envelope,
      ]),
    ).values(),
  ]
  return await withCasebookLock(layoutOf(actor.casebook).tips, async () => {
    removeLeftovers(actor.casebook)
    const present = new Set(await readdir(layoutOf(actor.casebook).tips))
    const there = envelopes.filter(({ receipt }) => present.has(receipt))
    const missing = await withSizes(envelopes.filter(({ receipt }) => !present.has(receipt)))
    work.onTotal?.(missing.reduce((sum, { size }) => sum + size, 0))
    await recordForgotten(actor, there)
    const forget = work.onInterrupt(() => removeLeftovers(actor.casebook))
    try {
      const results = await openMissing(work, missing)
      return [
        ...there.map(({ receipt }) => ({ receipt, outcome: 'already-there' as const })),
        ...results,
      ].sort((a, b) => (a.receipt < b.receipt ? -1 : 1))
    } finally {
      removeLeftovers(actor.casebook)
      forget()
    }
  })
}

async function openMissing(
  { actor, identities, onBytes = () => undefined }: OpenExports,
  envelopes: readonly SizedEnvelope[],
): Promise<ImportResult[]> {
  const results: ImportResult[] = []
  const signers = new Map(envelopes.map((envelope) => [envelope.receipt, envelope.export.signer]))
  const scribe = new Scribe(actor, signers)
  const openedAt = `${actor.now().toISOString().slice(0, 19)}Z`
  const beginning = {
    casebook: actor.casebook,
    tool: actor.tool,
    openedAt,
    identities: identities.map(({ identity: { kind, secret, publicKey }, ...known }) => ({
      kind,
      secret,
      publicKey,
      ...known,
    })),
  }
  if (envelopes.length > 0) {
    await openOnAllCores({
      beginning,
      envelopes,
      onBytes,
      onResult: (result) => {
        results.push(result)
        scribe.take(result)
      },
    }).finally(() => scribe.finish())
  }
  return results
}

/** Records results in the custody log and in `aside/` while further envelopes are being opened. */
class Scribe {
  readonly #actor: Actor
  readonly #signers: ReadonlyMap<string, string>
  #results: ImportResult[] = []
  #writing: Promise<void> = Promise.resolve()

  constructor(actor: Actor, signers: ReadonlyMap<string, string>) {
    this.#actor = actor
    this.#signers = signers
  }

  take(result: ImportResult): void {
    this.#results.push(result)
    if (this.#results.length >= resultsPerEntry) this.#flush()
  }

  async finish(): Promise<void> {
    this.#flush()
    await this.#writing
  }

  #flush(): void {
    const results = this.#results.splice(0)
    if (results.length === 0) return
    this.#writing = this.#writing.then(() => this.#write(results))
    // The error is reported by `finish`.
    this.#writing.catch(() => undefined)
  }

  async #write(results: readonly ImportResult[]): Promise<void> {
    const { casebook } = this.#actor
    const at = `${this.#actor.now().toISOString().slice(0, 19)}Z`
    for (const result of results) {
      if (result.outcome === 'opened') await takeFromAside(casebook, result.receipt)
      if (result.outcome !== 'refused') continue
      const { receipt, code, detail, isKept: kept } = result
      await putAside(casebook, {
        schema: 'tumen-aside/1',
        receipt,
        at,
        code,
        detail,
        signer: this.#signers.get(receipt) ?? '',
        kept,
      })
    }
    await recordCustody(this.#actor, results.flatMap(entriesOf))
  }
}

function entriesOf(result: ImportResult): CustodyEntry[] {
  const { receipt: item } = result
  if (result.outcome === 'already-there') return []
  if (result.outcome === 'refused')
    return [
      {
        action: 'envelope_put_aside',
        item,
        sha256: result.isKept ? item : null,
        reason: result.code,
      },
    ]
  const { identity } = result.record
  return [
    {
      action: 'envelope_taken_in',
      item,
      sha256: item,
      reason: originOf(result.record.export),
    },
    {
      action: 'envelope_opened',
      item,
      sha256: result.tipSha256,
      reason: `identity ${identity.name ?? 'not in the keyring'} (${[identity.key, identity.kind].filter(Boolean).join(', ')}); opened.json ${digestOf(result.record)}`,
    },
  ]
}

function originOf({ signer, comment }: OpenedRecord['export']): string {
  return signer === '' ? comment : `export signed by ${signer}`
}

function digestOf(record: OpenedRecord): string {
  return createHash('sha256').update(formatJsonDocument(record)).digest('hex')
}

/**
 * Adds the log entries of tips whose run was killed after the tip was saved and before it was
 * logged.
 */
async function recordForgotten(actor: Actor, there: readonly EnvelopeOnStick[]): Promise<void> {
  if (there.length === 0) return
  const { lines } = await checkChain(actor.casebook)
  const recorded = new Set(
    lines.filter(({ action }) => action === 'envelope_opened').map(({ item }) => item),
  )
  const forgotten = there.filter(({ receipt }) => !recorded.has(receipt))
  const entries: CustodyEntry[] = []
  for (const { receipt, export: from } of forgotten) {
    entries.push({
      action: 'envelope_taken_in',
      item: receipt,
      sha256: receipt,
      reason: originOf(from),
    })
    entries.push(await entryOfStoppedRun(actor.casebook, receipt, 'envelope_opened'))
  }
  await recordCustody(actor, entries)
}

function envelopesOf(read: ReadExport): EnvelopeOnStick[] {
  const from = { signer: read.signer, comment: read.trustedComment.slice(0, 2_000) }
  return read.receipts.map((receipt) => ({
    path: envelopePath(read, receipt),
    receipt,
    export: from,
  }))
}

async function withSizes(envelopes: readonly EnvelopeOnStick[]): Promise<SizedEnvelope[]> {
  return await Promise.all(
    envelopes.map(async (envelope) => ({
      ...envelope,
      size: await stat(envelope.path).then(
        ({ size }) => size,
        () => 0,
      ),
    })),
  )
}
