import { randomBytes } from 'node:crypto'
import {
  CreateBucketCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketVersioningCommand,
  type S3Client,
} from '@aws-sdk/client-s3'
import { afterEach, describe, expect, it } from 'vitest'
import { checkStore } from '../../../src/doctor/store.ts'
import { openBucket, type S3Place } from '../../../src/store/s3-bucket.ts'
import { contentOf, digestOf, putBlob } from '../../store/contract.ts'
import { type Lie, startLyingStore } from '../../support/engines/lying-store.ts'
import { makeTempDir } from '../../support/temp-dir.ts'
import { hasCeph, openOn, placeOf, useCeph } from '../ceph-for-file.ts'
import { storeSettings } from '../machines.ts'

const undo: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const step of undo.splice(0)) await step()
})

/** What `tumen doctor` finds out about the store, as [level, what it says, the way out]. */
async function findings(place: S3Place, chores: boolean | null = null) {
  const files = await storeSettings(await makeTempDir(), place)
  const found = await checkStore({
    store: { kind: 's3', bucket: place.bucket, prefix: place.prefix },
    s3Endpoint: place.endpoint,
    s3Region: place.region,
    s3AccessKeyFile: files['TUMEN_S3_ACCESS_KEY_FILE'] ?? null,
    s3SecretKeyFile: files['TUMEN_S3_SECRET_KEY_FILE'] ?? null,
    s3CreateBucket: false,
    dataDir: '/nowhere',
    reserveBytes: 0,
    chores,
  })
  for (const { says, wayOut } of found)
    expect(`${says} ${wayOut}`).not.toMatch(new RegExp(`${place.secretKey}|${place.accessKey}`))
  return found.map(({ level, says, wayOut }) => [level, `${says} · ${wayOut}`])
}

describe.skipIf(!hasCeph)('tumen doctor looks at a store', () => {
  const ceph = useCeph()

  const made = async (
    prepare: (client: S3Client, Bucket: string) => Promise<unknown> = async () => {},
    options: { ObjectLockEnabledForBucket?: boolean } = {},
  ): Promise<S3Place> => {
    const place = placeOf(ceph())
    const { client } = await openBucket(place)
    await client.send(new CreateBucketCommand({ Bucket: place.bucket, ...options }))
    await prepare(client, place.bucket)
    return place
  }

  /** The same bucket through a proxy that changes answers. */
  const through = async (place: S3Place, lie: Lie): Promise<S3Place> => {
    const { endpoint, stop } = await startLyingStore(ceph().endpoint, lie)
    undo.push(stop)
    return { ...place, endpoint }
  }

  it('that behaves as it should', async () => {
    expect(await findings(await made())).toEqual([['ok', expect.stringContaining('can be used')]])
    const place = await through(await made(), () => null)
    expect(await findings(place)).toEqual([['ok', expect.stringContaining('can be used')]])
  })

  it.each<[string, () => Promise<S3Place>, string]>([
    ['keeps versions', () => made(keepVersions), 'keeps versions'],
    [
      'has Object Lock',
      () => made(undefined, { ObjectLockEnabledForBucket: true }),
      'Object Lock|keeps versions',
    ],
    ['deletes objects by their age', () => made(expireObjects), 'lifecycle rule'],
    ['does not exist', async () => placeOf(ceph()), 'there is no bucket'],
    [
      'knows another secret',
      async () => ({ ...(await made()), secretKey: 'x'.repeat(40) }),
      'SignatureDoesNotMatch.*TUMEN_S3_SECRET_KEY_FILE',
    ],
    [
      'does not know the key',
      async () => ({ ...(await made()), accessKey: 'x'.repeat(20) }),
      'InvalidAccessKeyId.*TUMEN_S3_ACCESS_KEY_FILE',
    ],
    [
      'is not there',
      async () => ({ ...placeOf(ceph()), endpoint: 'http://127.0.0.1:9' }),
      'does not answer',
    ],
  ])('that %s', async (_what, open, expected) => {
    const found = await findings(await open())
    expect(found).toEqual([['bad', expect.stringMatching(expected)]])
  })

  it.each<[string, Lie, string]>([
    [
      'says yes to a PUT whose condition fails',
      ignoreConditions,
      'ignores conditions.*TUMEN_CHORES=yes',
    ],
    ['gives back other bytes', flipBits, 'other bytes'],
    ['does not show what was written', hideObjects, 'right after it was written'],
    ['shows what was deleted', showDeleted, 'still shows an object'],
    ['is replicated', replicate, 'replicated'],
    ['hides whether it keeps versions', forbid('versioning'), 's3:GetBucketVersioning'],
    [
      'refuses the time of requests',
      refuse(403, 'RequestTimeTooSkewed'),
      'RequestTimeTooSkewed.*clock',
    ],
    ['forbids everything', refuse(403, 'AccessDenied'), 'AccessDenied.*rights'],
    ['has an error of its own', refuse(500, 'InternalError'), 'InternalError'],
    [
      'answers with a page of something else',
      () => ({
        status: 200,
        headers: { 'content-type': 'text/html' },
        body: Buffer.from('<html>hello</html>'),
      }),
      '.',
    ],
  ])('that %s', async (_what, lie, expected) => {
    const place = await through(await made(), lie)
    expect(await findings(place)).toEqual([['bad', expect.stringMatching(expected)]])
  })

  it('that ignores conditions, when one machine was chosen', async () => {
    const place = await through(await made(), ignoreConditions)
    expect(await findings(place, true)).toEqual([['ok', expect.any(String)]])
  })

  it('whose clock differs from ours', async () => {
    const at =
      (minutes: number): Lie =>
      ({ answer }) => ({
        headers: { ...answer.headers, date: new Date(Date.now() + minutes * 60_000).toUTCString() },
      })
    expect(await findings(await through(await made(), at(2)))).toHaveLength(1)
    for (const minutes of [-12, 12])
      expect((await findings(await through(await made(), at(minutes))))[0]).toEqual([
        'warn',
        expect.stringMatching(/differ by 1[12] minutes/),
      ])
  })

  it('gives no receipt when the store stops keeping what it is sent', async () => {
    let isLying = false
    const place = await through(await made(), (context) => (isLying ? flipBits(context) : null))
    const store = await openOn(place)
    const bytes = randomBytes(70_000)
    isLying = true
    await expect(putBlob(store, bytes)).rejects.toMatchObject({ code: 'STORE_DOWN' })
    isLying = false
    expect(await putBlob(store, bytes)).toBe('created')
    expect(digestOf(await contentOf(store, 'incoming', digestOf(bytes)))).toBe(digestOf(bytes))
  })
})

const isProbe = (path: string): boolean => path.includes('/probe/')

const ignoreConditions: Lie = ({ method, answer }) =>
  method === 'PUT' && answer.status === 412
    ? {
        status: 200,
        headers: { etag: '"0123456789abcdef0123456789abcdef"' },
        body: Buffer.alloc(0),
      }
    : null

const flipBits: Lie = ({ method, path, answer }) => {
  if (method !== 'GET' || answer.status !== 200 || !/\/(probe|incoming)\//.test(path)) return null
  const body = Buffer.from(answer.body)
  body.writeUInt8(body.readUInt8(0) ^ 1, 0)
  const { 'x-amz-checksum-crc32': _sum, ...headers } = answer.headers
  return { body, headers }
}

const hideObjects: Lie = ({ method, path }) =>
  method === 'HEAD' && isProbe(path) ? { status: 404, body: Buffer.alloc(0) } : null

const showDeleted: Lie = ({ method, path, answer }) =>
  method === 'HEAD' && isProbe(path) && answer.status === 404
    ? { status: 200, headers: { 'content-length': '64', etag: '"1"' }, body: Buffer.alloc(0) }
    : null

const replicate: Lie = ({ path }) =>
  path.includes('replication')
    ? xml(
        200,
        '<ReplicationConfiguration><Role>r</Role><Rule><Status>Enabled</Status><Destination><Bucket>arn:aws:s3:::other</Bucket></Destination></Rule></ReplicationConfiguration>',
      )
    : null

const forbid =
  (word: string): Lie =>
  ({ path }) =>
    path.includes(word) ? xml(403, errorXml('AccessDenied')) : null

const refuse =
  (status: number, code: string): Lie =>
  ({ method }) =>
    xml(status, method === 'HEAD' ? '' : errorXml(code))

const errorXml = (code: string): string =>
  `<Error><Code>${code}</Code><Message>no</Message></Error>`

function xml(status: number, text: string): ReturnType<Lie> {
  return { status, headers: { 'content-type': 'application/xml' }, body: Buffer.from(text) }
}

async function keepVersions(client: S3Client, Bucket: string): Promise<void> {
  await client.send(
    new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }),
  )
}

async function expireObjects(client: S3Client, Bucket: string): Promise<void> {
  await client.send(
    new PutBucketLifecycleConfigurationCommand({
      Bucket,
      LifecycleConfiguration: {
        Rules: [{ ID: 'old', Status: 'Enabled', Filter: { Prefix: '' }, Expiration: { Days: 30 } }],
      },
    }),
  )
}
