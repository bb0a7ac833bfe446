import type { PreparedFile } from '../sealing/sealer.ts'

/** The kind of a file, as far as it matters here: only pictures can be cleaned. */
export type FileKind = 'picture' | 'video' | 'document' | 'other'

export type FileState =
  | { readonly at: 'preparing' }
  | ({ readonly at: 'ready' } & Readonly<PreparedFile>)
  /** The file cannot be read: it was deleted, or was never readable. */
  | { readonly at: 'unreadable' }
  /** The file has no bytes, or its reported size is zero because it is still in cloud storage. */
  | { readonly at: 'empty' }
