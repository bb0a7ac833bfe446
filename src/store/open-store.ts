import { readSecretFile } from '../disk/secret-file.ts'
import type { Clock } from '../time/clock.ts'
import { openFsStore } from './fs-store.ts'
import type { S3Place } from './s3-bucket.ts'
import type { S3Store } from './s3-store.ts'
import type { Statfs } from './space.ts'
import type { StagingStore } from './staging-store.ts'

/** The settings that say where envelopes are kept. */
export interface StoreSettings {
  store: { kind: 'fs' } | { kind: 's3'; bucket: string; prefix: string }
  s3Endpoint: string | null
  s3Region: string
  s3AccessKeyFile: string | null
  s3SecretKeyFile: string | null
  s3CreateBucket: boolean
  dataDir: string
  reserveBytes: number
}

export interface OpenStoreOptions {
  settings: StoreSettings
  /** Name of this process's folder under `tmp/`; see `TmpFolder`. */
  instance: string
  clock: Clock
  /** Whether an S3 bucket is probed; a command that only reads may leave it out. */
  isProbed?: boolean
  /** A seam for tests. */
  statfs?: Statfs
}

/**
 * Opens the store that the settings name. The S3 client is loaded only for a bucket.
 * @throws StoreError; SecretFileError if a key file cannot be used.
 */
export async function openStore(options: OpenStoreOptions): Promise<StagingStore> {
  const { settings } = options
  if (settings.store.kind === 's3') return await openS3(options)
  const { dataDir: dir, reserveBytes } = settings
  return await openFsStore({ ...options, dir, reserveBytes })
}

/** Whether the store is shared by several machines. */
export function isShared(store: StagingStore): store is S3Store {
  return 'bucket' in store
}

/** @throws SecretFileError if a key file cannot be used. */
export function s3PlaceOf(settings: StoreSettings): S3Place | null {
  const { store, s3Endpoint: endpoint, s3Region: region } = settings
  if (store.kind !== 's3') return null
  return {
    bucket: store.bucket,
    prefix: store.prefix,
    endpoint,
    region,
    accessKey: readSecretFile('TUMEN_S3_ACCESS_KEY_FILE', settings.s3AccessKeyFile ?? ''),
    secretKey: readSecretFile('TUMEN_S3_SECRET_KEY_FILE', settings.s3SecretKeyFile ?? ''),
  }
}

async function openS3({ settings, ...options }: OpenStoreOptions): Promise<S3Store> {
  const place = s3PlaceOf(settings)
  if (place === null) throw new TypeError('the settings name no bucket')
  const { openS3Store } = await import('./s3-store.ts')
  return await openS3Store({
    ...options,
    place,
    dir: settings.dataDir,
    reserveBytes: settings.reserveBytes,
    isBucketCreated: settings.s3CreateBucket,
  })
}
