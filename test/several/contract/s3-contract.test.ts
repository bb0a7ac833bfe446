import { describe } from 'vitest'
import { describeContract } from '../../store/contract.ts'
import { hasCeph, openOn, placeOf, useCeph } from '../ceph-for-file.ts'

describe.skipIf(!hasCeph)('on a Ceph gateway', () => {
  const ceph = useCeph()

  // More than one part of a multipart upload.
  describeContract(
    'an S3 bucket',
    async () => {
      const place = placeOf(ceph())
      const clock = { now: () => new Date(), set: () => {} }
      return { store: await openOn(place), other: await openOn(place), clock }
    },
    { large: 34_000_001 },
  )
})
