import { basename } from 'node:path'
import { expect } from 'vitest'
import { existsSync, readdirSync } from 'node:fs'
import { until } from '../../supervise/start.ts'
import { makeEnvelope } from '../../workers/envelopes.ts'
import { ask, formPost, rawPost, tusCreate, tusPatch, uploadPath } from './ask.ts'
import { type CrashState, findCrashStates } from './crash-states.ts'
import { DiskModel } from './disk-model.ts'
import { intakeMain, type Place, workerMain } from './place.ts'

export interface CrashRecording {
  states: CrashState[]
  /** From the id of an upload to the envelope that its sender is sending. */
  uploads: Map<string, Buffer>
}

/**
 * Finds all states that a power cut can leave while tips are received in each way, and while the
 * worker stores them.
 */
export async function recordCrashes(place: Place): Promise<CrashRecording> {
  const uploads = new Map<string, Buffer>()
  const receiving = new DiskModel(place.at('var'))
  const intake = place.run(intakeMain)
  await intake.untilReady()
  for (const post of [rawPost, formPost, rawPost])
    expect((await ask(place.socket, post(makeEnvelope().bytes))).status).toBeLessThan(400)
  const { bytes } = makeEnvelope()
  const path = uploadPath(await ask(place.socket, tusCreate(bytes)))
  uploads.set(basename(path), bytes)
  await ask(place.socket, tusPatch(path, 0, bytes.subarray(0, 100)))
  await ask(place.socket, tusPatch(path, 100, bytes.subarray(100)))
  await intake.stop()
  const received = findCrashStates(intake.calls(), receiving)
  const storing = new DiskModel(place.at('var'))
  const worker = place.run(workerMain)
  await worker.untilReady()
  const isStored = (): boolean =>
    existsSync(place.at('var/sealed')) && readdirSync(place.at('var/sealed')).length === 4
  await until(isStored, () => worker.stderr)
  await worker.stop()
  const promised = received.at(-1)?.receipts ?? new Set()
  const stored = findCrashStates(worker.calls(), storing).map((state) => ({
    ...state,
    receipts: new Set([...promised, ...state.receipts]),
  }))
  return { states: [...received, ...stored], uploads }
}
