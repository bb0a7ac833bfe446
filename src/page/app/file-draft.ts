import type { MetadataOutcome } from '../sealing/sealer.ts'

/** What can be said about a file from its first bytes: only pictures can be cleaned. */
export type FileKind = 'picture' | 'video' | 'document' | 'other'

export type FileState =
  | { readonly at: 'preparing' }
  | { readonly at: 'ready'; readonly bytes: number; readonly metadata: MetadataOutcome }
  /** It cannot be read: gone, or never readable. */
  | { readonly at: 'unreadable' }
  /** It has no bytes, or its size was reported as none: a file that is still in a cloud. */
  | { readonly at: 'empty' }
