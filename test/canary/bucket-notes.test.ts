import { expect, it } from 'vitest'
import { openNotes } from '../../src/canary/bucket-notes.ts'
import type { StagingStore } from '../../src/store/staging-store.ts'

const receipt = 'a'.repeat(64)

/** A bucket that stops taking anything after it was told to. */
function makeBucket() {
  const objects = new Map<string, Uint8Array>()
  let isFull = false
  const set = (key: string, bytes: Uint8Array): void => {
    if (isFull) throw new Error('the store is full')
    objects.set(key, bytes)
  }
  return {
    objects,
    fill: () => void (isFull = true),
    put: async (key: string, bytes: Uint8Array) => set(key, bytes),
    get: async (key: string) => {
      const bytes = objects.get(key)
      return bytes === undefined ? null : { bytes: bytes.length, body: [bytes] }
    },
    copy: async (from: string, to: string) => set(to, objects.get(from) ?? new Uint8Array()),
    remove: async (key: string) => void objects.delete(key),
  }
}

it('keeps the note of a canary until the note that it is done is there', async () => {
  const bucket = makeBucket()
  const notes = openNotes({ bucket } as unknown as StagingStore, '/nowhere')
  await notes.write(receipt, {
    fileKey: new Uint8Array(16),
    token: '0'.repeat(32),
    day: '2026-11-23',
  })
  bucket.fill()
  await expect(notes.finish(receipt)).rejects.toThrow('full')
  expect([...bucket.objects.keys()]).toEqual([`canary/${receipt}.sent`])
})
