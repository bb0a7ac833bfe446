import { parseRecipient } from '../../age/keys.ts'
import { loadSodiumPrimitives } from '../../age/sodium.ts'
import { maxCardBytes, parseCard } from '../../keyring/card.ts'
import type { Card } from '../../keyring/card.ts'
import { readBounded } from '../../disk/small-files.ts'
import type { CliContext } from '../frame/context.ts'
import { resolvePath } from '../frame/context.ts'
import { failure } from '../frame/errors.ts'

/**
 * @throws KeyringError `INVALID`; CliError `FAILED` if the card is missing or nothing can be sealed
 * to its key.
 */
export async function readCard(context: CliContext, path: string): Promise<Card> {
  const card = parseCard(await readInput(context, path, maxCardBytes))
  await checkSealable(card)
  return card
}

/** Reads at most `maxBytes + 1` bytes of a file. @throws CliError `FAILED` if it is missing. */
export async function readInput(
  context: CliContext,
  path: string,
  maxBytes: number,
): Promise<Uint8Array> {
  const bytes = await readBounded(resolvePath(context, path), maxBytes)
  if (bytes === null) throw failure(`${path} is missing`)
  return bytes
}

/** Tries to seal to the key: a key that fails would later stop every source from sealing. */
async function checkSealable(card: Card): Promise<void> {
  if (card.kind !== 'recipient') return
  const primitives = await loadSodiumPrimitives()
  const hybrid = primitives.xwingEncapsulate(parseRecipient(card.recipient).publicKey)
  const classic = primitives.x25519(
    primitives.randomBytes(32),
    parseRecipient(card.recipient_x25519).publicKey,
  )
  if (hybrid !== null && classic !== null) return
  throw failure(`${card.name}: nothing can be sealed to this key: ask for a new card`)
}
