import { describe } from 'vitest'
import type { SharedFolder } from '../../src/store/s3-folder.ts'
import { digestOf } from '../../src/reply-store/stored-indexes.ts'
import { describeSharing } from './sharing-contract.ts'

/**
 * A stand-in for the bucket, on a server that honours conditional writes or on one that ignores
 * them.
 */
function openMemory({ hasConditions }: { hasConditions: boolean }): SharedFolder {
  const objects = new Map<string, Uint8Array>()
  const markOf = (name: string): string | null => {
    const bytes = objects.get(name)
    return bytes === undefined ? null : digestOf(bytes)
  }
  return {
    list: async () => new Map([...objects].map(([name, bytes]) => [name, digestOf(bytes)])),
    async read(name, maxBytes) {
      const bytes = objects.get(name)
      return bytes === undefined || bytes.length > maxBytes ? null : bytes
    },
    async write(name, bytes, replaces) {
      if (hasConditions && replaces !== undefined && markOf(name) !== replaces) return false
      objects.set(name, bytes)
      return true
    },
    remove: async (name) => void objects.delete(name),
  }
}

describe('answers of several machines', () => {
  describeSharing(async () => openMemory({ hasConditions: true }))
})

describe('answers of several machines on a store that ignores conditions', () => {
  describeSharing(async () => openMemory({ hasConditions: false }))
})
