import { describe } from 'vitest'
import { openSharedFolder } from '../../../src/store/s3-folder.ts'
import { describeSharing } from '../../reply-store/sharing-contract.ts'
import { hasCeph, openOn, placeOf, useCeph } from '../ceph-for-file.ts'

describe.skipIf(!hasCeph)('answers of several machines on a Ceph gateway', () => {
  const ceph = useCeph()
  describeSharing(async () => openSharedFolder((await openOn(placeOf(ceph()))).bucket, 'replies'))
})
