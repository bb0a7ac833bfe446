import { mkdirSync, writeFileSync } from 'node:fs'
import { expect } from 'vitest'
import { runTumen } from '../../cli/support/run-tumen.ts'
import { primitives } from '../../support/ceremony.ts'
import { plainTip, sealWhole, sha256 } from '../../support/sealed.ts'
import { until } from '../../supervise/start.ts'
import type { TestEnvelope } from '../../workers/envelopes.ts'
import { DiskModel } from './disk-model.ts'
import { intakeMain, type Place, tumen, workerMain } from './place.ts'
import type { Claim, Recorded } from './recorded.ts'

/**
 * One way in which data reaches the disk: runs it under strace, and states what must be true of the
 * disk at which moment.
 */
export type Way = (place: Place) => Promise<Recorded>

export const envelopePath = (prefix: string, receipt: string): string =>
  `var/${prefix}/${receipt}.age`

export function makeVault(place: Place, prefix: string, envelope: TestEnvelope): void {
  mkdirSync(place.at('var', prefix), { recursive: true, mode: 0o700 })
  writeFileSync(place.at(envelopePath(prefix, envelope.receipt)), envelope.bytes, { mode: 0o600 })
}

/** Records the intake while `use` sends requests to it. */
export async function recordIntake(
  place: Place,
  use: () => Promise<readonly Claim[]>,
  unsyncedNames: readonly string[] = [],
): Promise<Recorded> {
  const disk = new DiskModel(place.dir, unsyncedNames)
  const intake = place.run(intakeMain)
  try {
    await intake.untilReady()
    const claims = await use()
    await intake.stop()
    return { calls: intake.calls(), disk, claims }
  } finally {
    await intake.stop('SIGKILL')
  }
}

/** Records the worker until `isDone()`. */
export async function recordWorker(
  place: Place,
  isDone: () => boolean,
  claims: readonly Claim[],
  unsyncedNames: readonly string[] = [],
): Promise<Recorded> {
  const disk = new DiskModel(place.dir, unsyncedNames)
  const worker = place.run(workerMain)
  try {
    await worker.untilReady()
    await until(isDone, () => `the worker: ${worker.stderr}`)
    await worker.stop()
    return { calls: worker.calls(), disk, claims }
  } finally {
    await worker.stop('SIGKILL')
  }
}

/** Records one command until it ends. */
export async function recordCommand(
  place: Place,
  args: readonly string[],
  claims: readonly Claim[],
): Promise<Recorded> {
  const disk = new DiskModel(place.dir)
  const command = place.run(tumen(...args))
  const { status, stdout, stderr } = await command.ended()
  expect({ status, stdout, stderr }).toMatchObject({ status: 0 })
  return { calls: command.calls(), disk, claims }
}

interface StepOptions {
  unsyncedNames?: readonly string[]
  nodeOptions?: readonly string[]
}

/**
 * Records a single function of ours, because the command that uses it syncs the same folder a
 * second time.
 */
export async function recordStep(
  place: Place,
  step: string,
  claims: readonly Claim[],
  { unsyncedNames = [], nodeOptions = [] }: StepOptions = {},
): Promise<Recorded> {
  const disk = new DiskModel(place.dir, unsyncedNames)
  const program = ['test/durability/support/one-step.ts', step, place.at('var')]
  const run = place.run(program, { nodeOptions })
  expect(await run.ended()).toMatchObject({ status: 0 })
  return { calls: run.calls(), disk, claims }
}

/** Runs a command without recording it. */
export async function prepare(place: Place, ...args: string[]): Promise<void> {
  const { status, stderr } = await runTumen(place.dir, args, place.env)
  expect({ status, stderr }).toMatchObject({ status: 0 })
}

export async function makeTip(place: Place): Promise<TestEnvelope> {
  const bytes = await sealWhole(primitives, place.recipients, plainTip)
  const envelope = { bytes, receipt: sha256(bytes) }
  makeVault(place, 'sealed', envelope)
  return envelope
}

export async function exportTo(place: Place): Promise<TestEnvelope> {
  const envelope = await makeTip(place)
  await prepare(place, 'export', 'stick')
  return envelope
}

export async function openTo(place: Place): Promise<string> {
  const { receipt } = await exportTo(place)
  await prepare(place, 'open', 'stick', '-i', place.identityPath, '--casebook', 'casebook')
  return receipt
}
