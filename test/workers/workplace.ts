import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { EnvelopeWalker } from '../../src/age/walk.ts'
import type { BlobStore } from '../../src/store/blob-store.ts'
import { openFsStore } from '../../src/store/fs-store.ts'
import { openReasons, type Reasons } from '../../src/store/reasons.ts'
import { type Attempts, openAttempts } from '../../workers/attempts.ts'
import { type Ledger, openLedger } from '../../src/ledger/writer.ts'
import type { LedgerLine } from '../../src/ledger/format.ts'
import { createStoreHandler, type StoreHandler } from '../../workers/store.ts'

/** A real store and a real ledger in a temporary folder, with a clock that the test sets. */
export interface Workplace {
  dir: string
  ledgerPath: string
  clock: { now: () => Date; set(day: string): void }
  store: BlobStore
  ledger: Ledger
  attempts: Attempts
  reasons: Reasons
  handler: StoreHandler
  /** The reason of each envelope that was put into quarantine. */
  quarantined: string[]
  lines(): Promise<LedgerLine[]>
  /** Opens the ledger and the store again, as a new worker does after a crash. */
  reopen(): Promise<void>
  dispose(): Promise<void>
}

export async function openWorkplace(
  wrap: (store: BlobStore) => BlobStore = (store) => store,
): Promise<Workplace> {
  const dir = await mkdtemp(join(tmpdir(), 'tumen-work-'))
  const clock = createTestClock()
  const ledgerPath = join(dir, 'ledger.jsonl')
  const open = async () => {
    const store = wrap(await openFsStore({ dir, instance: 'test', reserveBytes: 0, clock }))
    const ledger = await openLedger({ path: ledgerPath, clock })
    const attempts = await openAttempts({ dir: join(dir, 'attempts'), clock })
    const reasons = openReasons({ dir, clock })
    const quarantined: string[] = []
    const handler = createStoreHandler({
      store,
      ledger,
      attempts,
      reasons,
      createWalker: () => new EnvelopeWalker(),
      onQuarantine: (reason) => quarantined.push(reason),
    })
    return { store, ledger, attempts, reasons, handler, quarantined }
  }
  const place: Workplace = {
    dir,
    ledgerPath,
    clock,
    ...(await open()),
    lines: () => readLines(ledgerPath),
    async reopen() {
      await place.ledger.close()
      Object.assign(place, await open())
    },
    async dispose() {
      await place.ledger.close()
      await rm(dir, { recursive: true, force: true })
    },
  }
  return place
}

export async function readLines(path: string): Promise<LedgerLine[]> {
  const text = await readFile(path, 'utf8')
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as LedgerLine)
}

function createTestClock() {
  let now = new Date('2026-11-23T14:05:06.789Z')
  return { now: () => now, set: (day: string) => void (now = new Date(`${day}T09:08:07.654Z`)) }
}
