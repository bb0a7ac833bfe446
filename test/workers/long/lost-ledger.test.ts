import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { auditVault } from '../../faults/audit.ts'
import { makeVault } from '../../support/large-vault.ts'
import { until } from '../../supervise/start.ts'
import { useWorkerSite } from '../worker-site.ts'

const place = useWorkerSite()
const count = 20_000

/** The peak memory of a process, in MiB. */
function peakMebibytes(pid: number | undefined): number {
  const text = readFileSync(`/proc/${pid}/status`, 'utf8')
  return Number(/VmHWM:\s+(\d+)/.exec(text)?.[1]) / 1024
}

it(`the loss of the ledger of ${count} envelopes holds nothing up`, {
  timeout: 300_000,
}, async () => {
  const { dataDir, worker } = place.site
  makeVault(dataDir, count)
  worker.start()
  await worker.untilReady()
  const lines = (): number => readFileSync(join(dataDir, 'ledger.jsonl'), 'utf8').split('\n').length
  // Ready long before every envelope has its line.
  expect(lines()).toBeLessThan(count)
  const tips = await place.spool(3)
  await until(
    async () => lines() > count + tips.length,
    () => `${lines()} lines: ${worker.log}`,
    240_000,
  )
  expect(await auditVault(dataDir, new Set(tips))).toEqual({
    lost: 0,
    twice: 0,
    damaged: 0,
    unlisted: 0,
    sealed: count + tips.length,
    incoming: 0,
    quarantined: 0,
    ledgerIsWhole: true,
  })
  expect(peakMebibytes(worker.pid)).toBeLessThan(256)
})
