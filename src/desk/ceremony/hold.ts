import { join } from 'node:path'

import type { Ceremony, Save } from './ceremony.ts'
import { CeremonyError } from './errors.ts'
import { isUnused, makeFolders, removeLeftovers } from './folders.ts'
import { beginState, isDone, readState, stepIds, stepTitles, writeState } from './state.ts'
import type { CeremonyState, StepId } from './state.ts'
import { beginKeyring, compareAloud, publishFingerprints, signWithRoot } from './step-keyring.ts'
import { addAnalysts, makeDeskKey, makeRoot, splitRoot, takeServerCard } from './step-keys.ts'
import { fillSticks, lookAtMachine, writeDownPeople } from './step-room.ts'

export const stateName = 'ceremony.json'

type Step = (ceremony: Ceremony, state: CeremonyState, save: Save) => Promise<CeremonyState>

const steps: Readonly<Record<StepId, Step>> = {
  machine: lookAtMachine,
  people: writeDownPeople,
  root: makeRoot,
  shares: splitRoot,
  analysts: addAnalysts,
  desk: makeDeskKey,
  server: takeServerCard,
  begin: beginKeyring,
  compare: compareAloud,
  sign: signWithRoot,
  publish: publishFingerprints,
  sticks: fillSticks,
}

/**
 * Leads through a whole ceremony. It may be stopped at any time, even by a power cut; the next run
 * continues with the step that was interrupted.
 * @throws CeremonyError; KeyringError, MinisignError or AgeError for invalid files that the people
 * provide; errors of the disk.
 */
export async function holdCeremony(ceremony: Ceremony): Promise<CeremonyState> {
  const { folders, guide, day } = ceremony
  const path = join(folders.root, stateName)
  const save = (state: CeremonyState) => writeState(path, state)
  let state = (await readState(path)) ?? (await begin(ceremony))
  await makeFolders(folders)
  await removeLeftovers(folders)
  await save(state)
  if (state.done.length > 0)
    guide.say(`Begun ${state.begun}, ${state.done.length} of ${stepIds.length} steps are done.`)
  for (const [index, step] of stepIds.entries()) {
    if (isDone(state, step)) continue
    guide.say('')
    guide.say(`== ${index + 1} of ${stepIds.length}: ${stepTitles[step]}`)
    const held = await steps[step](ceremony, state, save)
    state = { ...held, done: [...held.done, { step, day }] }
    await save(state)
  }
  return state
}

/**
 * Starts a new ceremony, only in an unused folder. Steps delete half-made files, which would be
 * dangerous in a folder with other content or one whose state file was lost.
 */
async function begin({ folders, day }: Ceremony): Promise<CeremonyState> {
  if (await isUnused(folders)) return beginState(day)
  throw new CeremonyError(
    'STATE_LOST',
    `${folders.root} has files in it and no ${stateName}: name a folder that is new`,
  )
}

/** The next step; null when all are done. */
export function nextStep(state: CeremonyState): StepId | null {
  return stepIds.find((step) => !isDone(state, step)) ?? null
}
