import { Identity } from '../../age/keys.ts'
import { nodeChunkCipher } from '../../age/node-cipher.ts'
import { loadSodiumPrimitives } from '../../age/sodium.ts'
import { inlineEngine } from '../../age/stream.ts'
import type { DigestThread } from './digest-thread.ts'
import { startDigestThread } from './digest-thread.ts'
import type { ImportTools, KnownIdentity } from './import-envelope.ts'

/** What a thread starts with. Its copy of the secrets is wiped at the end. */
export interface ThreadBeginning {
  casebook: string
  tool: string
  openedAt: string
  /** Whether a core is idle, which can take the digests of large envelopes. */
  hasSpareCore: boolean
  identities: readonly ({
    kind: Identity['kind']
    secret: Uint8Array
    publicKey: Uint8Array
  } & Omit<KnownIdentity, 'identity'>)[]
}

/** Everything that opening in this thread needs. `close` must be called at the end. */
export async function toolsOf(
  beginning: ThreadBeginning,
  onBytes: (bytes: number) => void,
): Promise<{ tools: ImportTools; close: () => Promise<void> }> {
  const { tool, openedAt, hasSpareCore } = beginning
  const identities = beginning.identities.map(({ kind, secret, publicKey, ...known }) => ({
    identity: new Identity(kind, secret.slice(), publicKey),
    ...known,
  }))
  let digests: DigestThread | null = null
  return {
    tools: {
      primitives: await loadSodiumPrimitives(),
      engine: inlineEngine(nodeChunkCipher),
      identities,
      tool,
      openedAt,
      onBytes,
      ...(hasSpareCore && {
        startLargeDigest: (fd: number) => (digests ??= startDigestThread()).start(fd),
      }),
    },
    async close() {
      for (const { identity } of identities) identity.wipe()
      await digests?.close()
    },
  }
}
