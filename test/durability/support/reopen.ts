import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { auditVault } from '../../faults/audit.ts'
import { Unit } from '../../faults/site.ts'
import { compileCache } from '../../support/compile-cache.ts'
import { ask, tusPatch } from './ask.ts'
import { buildState, type CrashState } from './crash-states.ts'

/**
 * Far longer than the worker needs. If it does not finish by then, the state is judged as it is.
 */
const maxWaitMs = 20_000

/**
 * Starts the real intake and the real worker on what a power cut left, waits until they have
 * finished what was incomplete, and audits the result.
 * @param uploads from the id of an upload to the envelope that its sender is sending
 * @returns all problems; empty if every promise is kept
 */
export async function reopenAndAudit(
  state: CrashState,
  { keysDir, uploads }: { keysDir: string; uploads: ReadonlyMap<string, Buffer> },
): Promise<string[]> {
  const dir = await mkdtemp(join(tmpdir(), 'tumen-crash-'))
  const dataDir = join(dir, 'var')
  buildState(state, dataDir)
  // After a power cut the machine has another boot id, so the recorded one must not match.
  if (existsSync(join(dataDir, 'uploads', 'boot')))
    writeFileSync(join(dataDir, 'uploads', 'boot'), 'the run before the power cut')
  const socket = join(dir, 'intake.sock')
  const env = {
    PATH: process.env['PATH'],
    NODE_COMPILE_CACHE: compileCache,
    TUMEN_DATA_DIR: dataDir,
    TUMEN_KEYS_DIR: keysDir,
    TUMEN_LISTEN: `unix:${socket}`,
    TUMEN_REDIS_URL: `unix:${join(dir, 'no-redis.sock')}`,
    TUMEN_SWEEP_SECONDS: '1',
    TUMEN_RESERVE_BYTES: '0',
  }
  const units = [new Unit('src/server/main.ts', env), new Unit('workers/main.ts', env)]
  try {
    for (const unit of units) unit.start()
    for (const unit of units) await unit.untilReady()
    const problems = await resumeUploads(state, socket, uploads)
    await untilStored(dataDir)
    for (const unit of units) await unit.stop()
    return [...problems, ...(await judge(state, dataDir))]
  } finally {
    for (const unit of units) await unit.kill()
    await rm(dir, { recursive: true, force: true })
  }
}

/** Resumes each upload as its sender would, and sends the missing bytes. */
async function resumeUploads(
  { offsets, receipts }: CrashState,
  socket: string,
  uploads: ReadonlyMap<string, Buffer>,
): Promise<string[]> {
  const problems: string[] = []
  for (const [id, offset] of offsets) {
    const path = `/uploads/${id}`
    const headers = { 'tus-resumable': '1.0.0' }
    const found = await ask(socket, { method: 'HEAD', path, headers })
    const kept = Number(found.headers['upload-offset'])
    if (found.status !== 200 || !(kept >= offset))
      problems.push(`an upload lost bytes: ${found.status}`)
    const bytes = uploads.get(id)
    if (bytes === undefined || found.status !== 200 || kept === bytes.length) continue
    const { status, headers: answer } = await ask(
      socket,
      tusPatch(path, kept, bytes.subarray(kept)),
    )
    const receipt = String(answer['tumen-receipt'])
    if (status === 204) (receipts as Set<string>).add(receipt)
    else problems.push(`an upload cannot be finished: ${status}`)
  }
  return problems
}

async function untilStored(dataDir: string): Promise<void> {
  for (let waitedMs = 0; waitedMs < maxWaitMs; waitedMs += 50) {
    if (readdirSync(join(dataDir, 'incoming')).length === 0) return
    await sleep(50)
  }
}

async function judge({ receipts }: CrashState, dataDir: string): Promise<string[]> {
  const { lost, twice, damaged, unlisted, ledgerIsWhole } = await auditVault(dataDir, receipts)
  const hasFalseAlarm = existsSync(join(dataDir, 'ledger', 'lost.json'))
  const counts = {
    lost,
    twice,
    damaged,
    unlisted,
    brokenLedger: ledgerIsWhole ? 0 : 1,
    falseAlarm: hasFalseAlarm ? 1 : 0,
  }
  return Object.entries(counts).flatMap(([what, count]) => (count > 0 ? [`${what}: ${count}`] : []))
}
