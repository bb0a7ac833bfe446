import { createHash } from 'node:crypto'
import { sealFile } from '../../src/age/file.ts'
import type { Recipient } from '../../src/age/keys.ts'
import type { Primitives } from '../../src/age/primitives.ts'
import { inlineEngine } from '../../src/age/stream.ts'
import type { FileToAttach } from '../../src/seal/seal-tip.ts'
import { sealTip } from '../../src/seal/seal-tip.ts'
import type { DetentionTip } from '../../src/tip/schema.ts'
import { serializeTip } from '../../src/tip/tip-json.ts'
import { gather } from '../age/pieces.ts'

export const plainTip: DetentionTip = {
  schema: 'urn:tumen:detention_tip:1',
  narrative: '사람들이 잡혀갔습니다',
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

export function fileOf(name: string, content: Uint8Array): FileToAttach {
  return {
    name,
    bytes: content.length,
    mediaType: null,
    sha256: () => sha256(content),
    async *content() {
      yield content
    },
  }
}

/** Seals a tip like the command line and the page. */
export async function sealWhole(
  primitives: Primitives,
  recipients: readonly Recipient[],
  tip: DetentionTip = plainTip,
  files: readonly FileToAttach[] = [],
): Promise<Buffer> {
  const { content } = await sealTip({
    primitives,
    engine: inlineEngine(primitives),
    serialize: serializeTip,
    recipients,
    tip,
    files,
  })
  return await gather(content)
}

/** Seals any plaintext, as a person may do by hand. */
export async function sealByHand(
  primitives: Primitives,
  recipients: readonly Recipient[],
  plaintext: Uint8Array,
): Promise<Buffer> {
  async function* once() {
    yield plaintext
  }
  return await gather(
    sealFile({ primitives, engine: inlineEngine(primitives) }, recipients, once()),
  )
}
