import { expect, it } from 'vitest'
import type { S3Bucket } from '../../src/store/s3-bucket.ts'
import { restEarlierDays } from '../../src/store/s3-rest.ts'

it('notes the day only once every object of an earlier day was written again', async () => {
  const done: string[] = []
  let isAway = true
  const bucket = {
    place: { bucket: 'tips', prefix: '' },
    client: { send: async () => ({ Uploads: [] }) },
    async *list(folder: string) {
      if (folder === 'canary') yield { name: 'one', modified: new Date('2026-11-20T13:14:15Z') }
    },
    isRested: async () => false,
    async rest(key: string) {
      if (isAway) throw new Error('the store is away')
      done.push(key)
    },
    get: async () => null,
    head: async () => null,
    async put(key: string) {
      done.push(key)
      return { etag: 'one' }
    },
  } as unknown as S3Bucket
  const options = { bucket, midnight: new Date('2026-11-23T00:00:00Z'), mayGoOn: () => true }
  await expect(restEarlierDays(options)).rejects.toThrow('away')
  expect(done).toEqual([])
  isAway = false
  await restEarlierDays(options)
  expect(done).toEqual(['canary/one', 'rested/day'])
})
