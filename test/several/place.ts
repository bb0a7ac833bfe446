import { randomUUID } from 'node:crypto'
import type { S3Place } from '../../src/store/s3-bucket.ts'
import type { CephGateway } from '../support/engines/ceph.ts'

/** A bucket of its own on the gateway. */
export function placeAt(ceph: CephGateway, bucket = `tumen-${randomUUID()}`): S3Place {
  const { endpoint, accessKey, secretKey } = ceph
  return { bucket, prefix: 'tips/here', endpoint, region: 'us-east-1', accessKey, secretKey }
}
