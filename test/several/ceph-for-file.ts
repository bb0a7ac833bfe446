import { beforeAll } from 'vitest'
import type { S3Place } from '../../src/store/s3-bucket.ts'
import { openS3Store, type S3Store } from '../../src/store/s3-store.ts'
import { type CephGateway, startCeph, whyNoCeph } from '../support/engines/ceph.ts'
import { makeTempDir } from '../support/temp-dir.ts'

const reason = whyNoCeph()
if (reason !== null) process.stderr.write(`skipped: tests on a Ceph gateway (${reason})\n`)
export const hasCeph = reason === null

/** One gateway for all files that this process runs: starting one takes half a minute. */
let shared: Promise<CephGateway> | null = null

/** The gateway, running and without a size limit, in whatever state earlier tests have left it. */
export function useCeph(): () => CephGateway {
  let ceph: CephGateway | null = null
  beforeAll(async () => {
    if (!hasCeph) return
    ceph = await (shared ??= startCeph())
    for (const daemon of [ceph.disk, ceph.gateway])
      if (daemon.isRunning()) daemon.thaw()
      else daemon.start()
    await ceph.ready()
    await ceph.limitBytes(null)
  }, 240_000)
  return () => {
    if (ceph === null) throw new Error('the gateway has not started')
    return ceph
  }
}

export { placeAt as placeOf } from './place.ts'

const plenty = (): { blocks: number; bavail: number; bsize: number } => ({
  blocks: 1_000_000,
  bavail: 1_000_000,
  bsize: 4096,
})

/** Opens the store as another machine would: with a staging folder of its own. */
export async function openOn(
  place: S3Place,
  clock: { now(): Date } = { now: () => new Date() },
): Promise<S3Store> {
  return openS3Store({
    place,
    dir: await makeTempDir(),
    instance: 'test',
    reserveBytes: 0,
    clock,
    isBucketCreated: true,
    statfs: plenty,
  })
}
