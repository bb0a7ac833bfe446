import { openFsStore } from '../../src/store/fs-store.ts'
import { makeTempDir } from '../support/temp-dir.ts'
import { describeContract } from './contract.ts'

const plenty = (): { blocks: number; bavail: number; bsize: number } => ({
  blocks: 1_000_000,
  bavail: 1_000_000,
  bsize: 4096,
})

describeContract('files', async () => {
  const dir = await makeTempDir()
  let now = new Date('2026-11-23T17:45:12.345Z')
  const clock = { now: () => now, set: (to: Date) => void (now = to) }
  const open = (instance: string) =>
    openFsStore({ dir, instance, reserveBytes: 0, clock, statfs: plenty })
  return { store: await open('one'), other: await open('other'), clock }
})
