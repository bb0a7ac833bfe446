import { SecretFileError } from '../disk/secret-file.ts'
import { StoreError } from '../store/errors.ts'
import { type StoreSettings, s3PlaceOf } from '../store/open-store.ts'
import { doubtful, type Finding, well, wrong } from './finding.ts'
import { count } from '../text/count.ts'

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
    const clock = await compareClocks(place.endpoint)
    const bucket = await openBucket(place)
    const { hasConditions } = await probeBucket(bucket, { isCreated: false })
    const suspects = await countSuspects(bucket)
    return [
      ...clock,
      hasConditions || settings.chores !== null
        ? well(check, 'the bucket can be used; no versions, Object Lock, replication or expiry')
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
              `${count(suspects, 'object')} with wrong bytes in suspect/`,
              'see "An object has wrong bytes" in docs/scaling.md',
            ),
          ]),
    ]
  } catch (error) {
    if (!(error instanceof StoreError) && !(error instanceof SecretFileError)) throw error
    return [wrong(check, error.message, 'docs/scaling.md says what the bucket must be like')]
  }
}

/** Most servers refuse signatures that are 15 minutes off. */
const maxSkewMinutes = 5

const clockWaitMs = 5000

/** Compares our clock with the date of an answer, which every HTTP server gives. */
async function compareClocks(endpoint: string | null): Promise<Finding[]> {
  if (endpoint === null) return []
  const answer = await fetch(endpoint, {
    method: 'HEAD',
    redirect: 'manual',
    signal: AbortSignal.timeout(clockWaitMs),
  }).catch(() => null)
  const date = Date.parse(answer?.headers.get('date') ?? '')
  // The probe reports a store that does not answer.
  if (Number.isNaN(date)) return []
  const minutes = Math.round(Math.abs(date - Date.now()) / 60_000)
  if (minutes <= maxSkewMinutes) return []
  return [
    doubtful(
      check,
      `its clock and the clock of this machine differ by ${minutes} minutes`,
      'compare both with a watch ("date -u"), and set the wrong one: requests with wrong times may be refused',
    ),
  ]
}
