import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createRandom, seedOfRun } from '../../faults/random.ts'
import type { BadLineOptions } from '../../server/uploads/bad-line.ts'
import { openBadLine } from '../../server/uploads/bad-line.ts'
import type { UploadSite } from '../../server/uploads/harness.ts'
import { startUploadSite } from '../../server/uploads/harness.ts'
import { makeTempDir } from '../../support/temp-dir.ts'
import { seeded } from './seeded-bytes.ts'
import { openSealed, sendAll, startSite } from './site.ts'

const tip = { narrative: '사람들이 잡혀갔습니다' }
const video = seeded(3_000_000, 5)

/** A slow line, which leaves time to act during an upload. */
const slow = { nextBudget: () => null, bytesPerSecond: 1_500_000 }

/** The real intake, behind a line that breaks as the test configures it. */
async function startBehind(line: Omit<BadLineOptions, 'target'>) {
  const dir = await makeTempDir()
  let site = await startUploadSite({ dir })
  onTestFinished(() => site.stop())
  const bad = await openBadLine({ target: () => site.port, ...line })
  onTestFinished(() => bad.stop())
  const { sealer } = startSite(`http://127.0.0.1:${bad.port}`)
  const { id } = sealer.addFile(new File([new Uint8Array(video)], 'clip.mp4'), { metadata: 'keep' })
  return {
    sealer,
    id,
    bad,
    site: () => site,
    async restart() {
      await site.stop()
      site = await startUploadSite({ dir })
    },
  }
}

async function expectOneEnvelope(site: UploadSite, receipt: string): Promise<void> {
  expect(site.files('incoming')).toEqual([`${receipt}.age`])
  expect(site.announced).toEqual([receipt])
  const { files } = await openSealed(readFileSync(join(site.dir, 'incoming', `${receipt}.age`)))
  expect(Buffer.from(files.get('attachments/clip.mp4') ?? []).equals(video)).toBe(true)
}

describe('sending to the real intake', () => {
  it('stores one envelope under the receipt', async () => {
    const { sealer, id, site } = await startBehind({ nextBudget: () => null })
    const { receipt } = await sendAll(sealer, tip, [id])
    await expectOneEnvelope(site(), receipt)
  })

  it('gets through cuts at random places', async () => {
    const seed = seedOfRun()
    const random = createRandom(seed)
    // Small requests use up budgets without being cut.
    let left = 40
    const { sealer, id, site, bad } = await startBehind({
      nextBudget: () => (left-- > 0 ? random.below(400_000) : null),
    })
    const { receipt } = await sendAll(sealer, tip, [id])
    expect(bad.cuts(), `seed ${seed}`).toBeGreaterThan(3)
    await expectOneEnvelope(site(), receipt)
  })

  it('gets through two restarts of the server', async () => {
    const behind = await startBehind(slow)
    const { sealer, id, site } = behind
    const restarts: Promise<void>[] = []
    const marks = [600_000, 1_800_000]
    const { done } = sealer.send(tip, [id], ({ doneBytes }) => {
      if (doneBytes > (marks[0] ?? Infinity)) {
        marks.shift()
        restarts.push((restarts.at(-1) ?? Promise.resolve()).then(() => behind.restart()))
      }
    })
    const { receipt } = await done
    await Promise.all(restarts)
    expect(restarts).toHaveLength(2)
    expect(site().files('incoming')).toEqual([`${receipt}.age`])
  })

  it('gets its receipt even if the last answer is lost', async () => {
    let isLost = false
    const lose = (answer: Buffer) =>
      !isLost && (isLost = /tumen-receipt/i.test(answer.toString('latin1')))
    const { sealer, id, site } = await startBehind({ nextBudget: () => null, isLost: lose })
    const { receipt } = await sendAll(sealer, tip, [id])
    expect(isLost).toBe(true)
    await expectOneEnvelope(site(), receipt)
  })

  it('computes one proof of work in a crowd', async () => {
    const { sealer, id, site } = await startBehind({ nextBudget: () => null })
    site().fairness.pressure.note(true)
    const { receipt, progress } = await sendAll(sealer, tip, [id])
    const phases = progress
      .map(({ phase }) => phase)
      .filter((phase, at, all) => phase !== all[at - 1])
    expect(phases).toEqual(['preparing', 'sending', 'proving', 'sending', 'finishing'])
    expect(progress.at(-1)).toMatchObject({ interruptions: 0 })
    await expectOneEnvelope(site(), receipt)
  })

  it('computes no proof when the crowd starts after its upload, whatever breaks then', async () => {
    let connections = 0
    const { sealer, id, site, bad } = await startBehind({
      ...slow,
      nextBudget: () => ([5, 8].includes((connections += 1)) ? 100_000 : null),
    })
    const phases = new Set<string>()
    const { done } = sealer.send(tip, [id], ({ phase, doneBytes }) => {
      phases.add(phase)
      if (doneBytes > 300_000) site().fairness.pressure.note(true)
    })
    await expectOneEnvelope(site(), (await done).receipt)
    expect([bad.cuts(), site().fairness.isCrowded, phases.has('proving')]).toEqual([2, true, false])
  })

  it('computes another proof when the answer to the first was lost', async () => {
    let lost = 0
    const loseCreation = (answer: Buffer) =>
      lost === 0 && /201 Created/.test(answer.toString('latin1')) && (lost += 1) > 0
    const { sealer, id, site } = await startBehind({ nextBudget: () => null, isLost: loseCreation })
    site().fairness.pressure.note(true)
    const { receipt, progress } = await sendAll(sealer, tip, [id])
    expect(lost).toBe(1)
    expect(
      progress.filter(
        ({ phase }, at) => phase === 'proving' && progress[at - 1]?.phase !== 'proving',
      ),
    ).toHaveLength(2)
    await expectOneEnvelope(site(), receipt)
  })

  it('can be cancelled while it computes a proof', async () => {
    const { sealer, id, site } = await startBehind({ nextBudget: () => null })
    site().fairness.pressure.note(true)
    const sending = sealer.send(
      tip,
      [id],
      ({ phase }) => void (phase === 'proving' && sending.cancel()),
    )
    await expect(sending.done).rejects.toMatchObject({ code: 'CANCELLED' })
    expect([site().files('uploads'), site().files('incoming')]).toEqual([[], []])
  })

  it('asks the server to delete a cancelled upload', async () => {
    const { sealer, id, site } = await startBehind(slow)
    let isCancelled = false
    const sending = sealer.send(tip, [id], ({ phase, doneBytes }) => {
      if (phase !== 'sending' || doneBytes < 300_000 || isCancelled) return
      isCancelled = true
      sending.cancel()
    })
    await expect(sending.done).rejects.toMatchObject({ code: 'CANCELLED' })
    await expect.poll(() => site().files('uploads')).toEqual([])
  })
})
