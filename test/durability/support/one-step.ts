/** `node one-step.ts STEP DATA_DIR` runs a single function of ours, to be recorded. */
import { join } from 'node:path'
import { CanaryNotes } from '../../../src/canary/notes.ts'
import { tidyReplies } from '../../../src/reply-store/tidy.ts'
import { openDeletionRequest } from '../../../src/store/deletion-request.ts'
import { startDraining, stopDraining } from '../../../src/store/drain-marker.ts'
import { systemClock } from '../../../src/time/clock.ts'
import { midnightOf } from '../../../src/time/day.ts'

const [, , step = '', dir = ''] = process.argv
const steps: Readonly<Record<string, () => Promise<void>>> = {
  startDraining: () => startDraining({ dir, clock: systemClock }),
  stopDraining: () => stopDraining({ dir, clock: systemClock }),
  askToDelete: () => openDeletionRequest({ dir, clock: systemClock }).add(),
  endDeleting: () => openDeletionRequest({ dir, clock: systemClock }).remove(),
  tidyReplies: () => tidyReplies(join(dir, 'replies'), midnightOf(systemClock.now())),
  finishCanary: () => new CanaryNotes(dir).finish('0'.repeat(64)),
}

await steps[step]?.()
