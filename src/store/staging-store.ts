import type { BlobStore, Prefix, Receipt } from './blob-store.ts'
import type { SpaceGuard } from './space.ts'

/**
 * A store that receives envelopes on a disk of this machine. A file that was received there in
 * parts becomes a blob without being received again.
 */
export interface StagingStore extends BlobStore {
  readonly space: SpaceGuard
  /** Makes a blob of a durable file. The old name remains until its owner removes it. */
  adopt(path: string, prefix: Prefix, receipt: Receipt): Promise<'created' | 'exists'>
}
