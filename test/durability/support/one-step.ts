/** `node one-step.ts STEP DATA_DIR` runs a single function of ours, to be recorded. */
import { CanaryNotes } from '../../../src/canary/notes.ts'
import { openDeletionRequest } from '../../../src/store/deletion-request.ts'
import { startDraining, stopDraining } from '../../../src/store/drain-marker.ts'
import { systemClock } from '../../../src/time/clock.ts'

const [, , step = '', dir = ''] = process.argv
const steps: Readonly<Record<string, () => Promise<void>>> = {
  startDraining: () => startDraining({ dir, clock: systemClock }),
  stopDraining: () => stopDraining({ dir, clock: systemClock }),
  askToDelete: () => openDeletionRequest({ dir, clock: systemClock }).add(),
  endDeleting: () => openDeletionRequest({ dir, clock: systemClock }).remove(),
  finishCanary: () => new CanaryNotes(dir).finish('0'.repeat(64)),
}

await steps[step]?.()
