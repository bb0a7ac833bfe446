import type { Recipient } from '../../age/keys.ts'
import { noblePrimitives } from '../../age/noble.ts'
import type { ChunkEngine } from '../../age/stream.ts'
import type { Envelope } from '../../seal/seal-tip.ts'
import { sealTip } from '../../seal/seal-tip.ts'
import type { DetentionTip } from '../../tip/schema.ts'
import { writeTip } from '../../tip/write-tip.ts'
import type { PreparedContent } from './prepare-file.ts'
import { readPrepared } from './prepare-file.ts'

/** Seals a tip and its prepared files, with fresh keys each time. */
export function sealEnvelope(work: {
  engine: ChunkEngine
  tip: DetentionTip
  files: readonly PreparedContent[]
  recipients: readonly Recipient[]
}): Promise<Envelope> {
  const files = work.files.map((file) => ({
    name: file.name,
    bytes: file.content.size,
    mediaType: file.mediaType,
    metadata: file.metadata,
    sha256: () => file.sha256,
    content: () => readPrepared(file),
  }))
  return sealTip({ ...work, primitives: noblePrimitives, serialize: writeTip, files })
}
