import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { countDamaged, receiptsIn } from '../../faults/audit.ts'
import { openSite, type Site } from '../../faults/site.ts'
import { makeEnvelope, type TestEnvelope } from '../../workers/envelopes.ts'
import { type Answer, ask, formPost, rawPost, tusCreate, tusPatch, uploadPath } from './ask.ts'
import { DiskModel } from './disk-model.ts'
import { type DiskError, diskErrors, failingCalls, withFailingCall } from './inject.ts'
import { areSafe } from './recorded.ts'
import { whyNoTrace } from './trace.ts'

const reason = whyNoTrace()
if (reason !== null) console.log(`durability: skipped calls that fail: ${reason}`)

/** An upper limit: in no way of sending does one thread make the same call more often. */
const maxOrdinal = 6

let site: Site
let traces = ''

type Send = (envelope: TestEnvelope) => Promise<Answer>

const sendOnce =
  (make: typeof rawPost): Send =>
  ({ bytes }) => {
    const asked = make(bytes)
    const headers = { ...asked.headers, accept: 'application/json' }
    return ask(site.socket, { ...asked, headers })
  }

/**
 * Sends an envelope as a resumable upload in two parts. @returns the first answer that is an error,
 * or else the last one
 */
const sendResumably: Send = async ({ bytes }) => {
  const headers = { accept: 'application/json' }
  const create = tusCreate(bytes)
  const created = await ask(site.socket, { ...create, headers: { ...create.headers, ...headers } })
  if (created.status !== 201) return created
  const half = bytes.length >> 1
  const path = uploadPath(created)
  const first = await ask(site.socket, tusPatch(path, 0, bytes.subarray(0, half)))
  if (first.status !== 204) return first
  return await ask(site.socket, tusPatch(path, half, bytes.subarray(half)))
}

const ways = {
  'a raw body': sendOnce(rawPost),
  'a form': sendOnce(formPost),
  'an upload': sendResumably,
} as const satisfies Record<string, Send>

const receiptOf = ({ body, headers }: Answer): string | undefined =>
  headers['tumen-receipt']?.toString() ?? /"receipt":"([0-9a-f]{64})"/.exec(body)?.[1]

/**
 * Makes one call fail and returns the problems that follow; null if the intake makes no such call.
 */
async function failOnce(
  send: Send,
  call: (typeof failingCalls)[number],
  error: DiskError,
  ordinal: number,
): Promise<string[] | null> {
  const envelope = makeEnvelope()
  const name = `incoming/${envelope.receipt}.age`
  const disk = new DiskModel(site.dataDir)
  const { result, calls, hasFailed } = await withFailingCall(
    site.intake.pid ?? 0,
    { call, error, ordinal },
    { output: join(traces, 'trace'), work: () => send(envelope).catch(() => null) },
  )
  if (!hasFailed) return null
  disk.replay(calls)
  const problems: string[] = []
  if (result !== null && receiptOf(result) !== undefined) {
    if (!areSafe(name)(disk)) problems.push('a receipt was given for what is not safe')
  } else if (result !== null) {
    const expected = error === 'EIO' ? 500 : 507
    if (result.status !== expected) problems.push(`the answer is ${result.status}`)
  }
  const again = await send(envelope)
  if (receiptOf(again) !== envelope.receipt) problems.push(`the next try is ${again.status}`)
  return [...problems, ...(await findLeftovers())]
}

async function findLeftovers(): Promise<string[]> {
  const tmp = join(site.dataDir, 'tmp')
  const staged = readdirSync(tmp, { recursive: true, withFileTypes: true }).filter(
    (entry) => entry.isFile() && /^[0-9a-f-]{36}$/.test(entry.name),
  )
  const incoming = await receiptsIn(site.dataDir, 'incoming')
  const damaged = await countDamaged(site.dataDir, 'incoming', incoming)
  return [
    ...(staged.length > 0 ? [`${staged.length} half-received files are left`] : []),
    ...(damaged > 0 ? [`${damaged} envelopes are damaged`] : []),
  ]
}

/** A way of sending, and the error with which its calls fail. */
export type Failure = readonly [way: keyof typeof ways, error: DiskError]

export const allFailures: readonly Failure[] = (Object.keys(ways) as (keyof typeof ways)[]).flatMap(
  (way) => diskErrors.map((error) => [way, error] as const),
)

/** Defines the tests: each call of the intake fails once, for each of these failures. */
export function testFailingCalls(failures: readonly Failure[]): void {
  describe.skipIf(reason !== null)('a call that fails', () => {
    beforeAll(async () => {
      traces = mkdtempSync(join(tmpdir(), 'tumen-failing-'))
      // A single disk thread, so that the n-th call is the same one in every run.
      site = await openSite({ env: { UV_THREADPOOL_SIZE: '1' } })
      site.intake.start()
      await site.intake.untilReady()
    })
    afterAll(async () => {
      await site.dispose()
      rmSync(traces, { recursive: true, force: true })
    })

    it.for(failures.map(([way, error]) => ({ way, error })))(
      'with $error while $way is taken in gives no receipt, and keeps nothing half-written',
      async ({ way, error }) => {
        const found: string[] = []
        let count = 0
        for (const call of failingCalls) {
          for (let ordinal = 1; ordinal <= maxOrdinal; ordinal += 1) {
            const problems = await failOnce(ways[way], call, error, ordinal)
            if (problems === null) break
            count += 1
            found.push(...problems.map((problem) => `${call} ${ordinal}: ${problem}`))
          }
        }
        expect(found).toEqual([])
        expect(count).toBeGreaterThan(5)
      },
    )
  })
}
