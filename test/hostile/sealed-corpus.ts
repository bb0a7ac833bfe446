import type { Recipient } from '../../src/age/keys.ts'
import { sealFile } from '../../src/age/file.ts'
import { nodeChunkCipher } from '../../src/age/node-cipher.ts'
import { inlineEngine } from '../../src/age/stream.ts'
import { gather } from '../age/pieces.ts'
import { primitives } from '../support/ceremony.ts'
import { ageEnvelopes } from './age-envelopes.ts'
import type { HostileEnvelope } from './hostile-envelope.ts'
import { jsonPlaintexts, schemaPlaintexts } from './json-envelopes.ts'
import { tarPlaintexts } from './tar-envelopes.ts'

/**
 * Every hostile envelope, sealed to `recipients`. Generated one at a time, because some are large.
 */
export async function* hostileEnvelopes(
  recipients: readonly Recipient[],
): AsyncGenerator<HostileEnvelope> {
  yield* await ageEnvelopes(recipients)
  for (const plaintext of [...tarPlaintexts(), ...jsonPlaintexts(), ...schemaPlaintexts()]) {
    async function* once() {
      yield plaintext.bytes
    }
    yield {
      ...plaintext,
      bytes: await gather(
        sealFile({ primitives, engine: inlineEngine(nodeChunkCipher) }, recipients, once()),
      ),
    }
  }
}
