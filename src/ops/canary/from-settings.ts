import type { Settings } from '../../../config/settings.ts'
import { generateIdentity } from '../../age/keys.ts'
import { loadSodiumPrimitives } from '../../age/sodium.ts'
import type { CanaryNotes } from '../../canary/notes.ts'
import type { BlobStore } from '../../store/blob-store.ts'
import type { Clock } from '../../time/clock.ts'
import { createPublicWay, tellingOfAnswers } from './public-way.ts'
import type { RunningCanary } from './start.ts'
import { startCanary } from './start.ts'

/** A canary that has not reached the vault after this time counts as lost. */
const patienceMs = 300_000

/**
 * The identity exists only in this process, and a new one is made at each start. So no key on the
 * disk opens more than one canary, and a note about each canary is enough to remove those of an
 * earlier process.
 */
export async function startCanaryFromSettings(
  settings: Settings,
  {
    onAnswer,
    ...parts
  }: { store: Pick<BlobStore, 'read'>; notes: CanaryNotes; clock: Clock; onAnswer: () => void },
): Promise<RunningCanary> {
  const way = createPublicWay(settings)
  if (settings.canaryMinutes === 0 || way === null) return await startCanary(null, parts.notes)
  const newVisitor = tellingOfAnswers(way, onAnswer)
  const primitives = await loadSodiumPrimitives()
  const identity = generateIdentity(primitives, 'hybrid')
  const { keysDir, canaryMinutes } = settings
  return await startCanary(
    {
      ...parts,
      primitives,
      identity,
      keysDir,
      newVisitor,
      patienceMs,
      intervalMs: canaryMinutes * 60_000,
    },
    parts.notes,
  )
}
