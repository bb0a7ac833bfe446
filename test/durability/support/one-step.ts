/** `node one-step.ts STEP DATA_DIR` runs a single function of ours, to be recorded. */
import { join } from 'node:path'
import { CanaryNotes } from '../../../src/canary/notes.ts'
import { openLedger } from '../../../src/ledger/writer.ts'
import { tidyReplies } from '../../../src/reply-store/tidy.ts'
import { openDeletionRequest } from '../../../src/store/deletion-request.ts'
import { startDraining, stopDraining } from '../../../src/store/drain-marker.ts'
import { openStagingFolder } from '../../../src/store/staging-folder.ts'
import { ensureKeyring } from '../../../src/supervise/ensure-keyring.ts'
import { systemClock } from '../../../src/time/clock.ts'
import { dayOfInstant, midnightOf } from '../../../src/time/day.ts'

const [, , step = '', dir = ''] = process.argv
const steps: Readonly<Record<string, () => Promise<void>>> = {
  startDraining: () => startDraining({ dir, clock: systemClock }),
  stopDraining: () => stopDraining({ dir, clock: systemClock }),
  askToDelete: () => openDeletionRequest({ dir, clock: systemClock }).add(),
  endDeleting: () => openDeletionRequest({ dir, clock: systemClock }).remove(),
  tidyReplies: () => tidyReplies(join(dir, 'replies'), midnightOf(systemClock.now())),
  finishCanary: () => new CanaryNotes(dir).finish('0'.repeat(64)),
  holdDemo: async () =>
    void (await ensureKeyring({
      keysDir: join(dir, 'demo-keys'),
      dataDir: join(dir, 'demo-data'),
      day: dayOfInstant(systemClock.now()),
    })),
  openStagingFolder: async () =>
    void (await openStagingFolder(dir, { clock: systemClock, instance: 'step' })),
  appendLines,
}

/** Appends three lines to a ledger whose segments are closed after two. */
async function appendLines(): Promise<void> {
  const path = join(dir, 'ledger.jsonl')
  const ledger = await openLedger({ path, clock: systemClock, maxSegmentLines: 2 })
  for (const digit of ['a', 'b', 'c']) await ledger.append('stored', digit.repeat(64), 1)
  await ledger.close()
}

await steps[step]?.()
