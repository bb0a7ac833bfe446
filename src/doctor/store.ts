import { SecretFileError } from '../disk/secret-file.ts'
import { StoreError } from '../store/errors.ts'
import { type StoreSettings, s3PlaceOf } from '../store/open-store.ts'
import { doubtful, type Finding, well, wrong } from './finding.ts'

const check = 'store'

/** Probes the bucket as the intake does at its start; nothing if envelopes are kept in files. */
export async function checkStore(
  settings: StoreSettings & { chores: boolean | null },
): Promise<Finding[]> {
  if (settings.store.kind === 'fs') return []
  try {
    const place = s3PlaceOf(settings)
    if (place === null) return []
    const { openBucket } = await import('../store/s3-bucket.ts')
    const { probeBucket } = await import('../store/s3-probe.ts')
    const { countSuspects } = await import('../store/s3-objects.ts')
    const bucket = await openBucket(place)
    const { hasConditions } = await probeBucket(bucket, { isCreated: false })
    const suspects = await countSuspects(bucket)
    return [
      hasConditions || settings.chores !== null
        ? well(check, 'the bucket can be used; no versions, no Object Lock, no replication')
        : wrong(
            check,
            'it ignores conditions on PUT, so the workers cannot agree on one of them',
            'set TUMEN_CHORES=yes on one machine and TUMEN_CHORES=no on the others',
          ),
      ...(suspects === 0
        ? []
        : [
            doubtful(
              check,
              `${suspects} objects had wrong bytes and are in suspect/`,
              'see "An object has wrong bytes" in docs/scaling.md',
            ),
          ]),
    ]
  } catch (error) {
    if (!(error instanceof StoreError) && !(error instanceof SecretFileError)) throw error
    return [wrong(check, error.message, 'docs/scaling.md says what the bucket must be like')]
  }
}
