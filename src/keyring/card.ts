import { Type } from 'typebox'
import type { Static } from 'typebox'

import { KeyringError } from './errors.ts'
import { formatJsonDocument, parseJsonDocument } from './json-document.ts'
import { publicKeyProblem, recipientProblem } from './key-problems.ts'
import { nameProblem } from './names.ts'

/** A post-quantum recipient has 1,959 characters. */
export const maxCardBytes = 16 * 1024

const strict = { additionalProperties: false }
const head = { format: Type.Literal('tumen-card'), version: Type.Literal(1) }
const Text = Type.String({ maxLength: 4096 })

const AnyCardSchema = Type.Object({ ...head, kind: Type.Enum(['recipient', 'signer']) })
const RecipientCardSchema = Type.Object(
  {
    ...head,
    kind: Type.Literal('recipient'),
    name: Text,
    role: Text,
    recipient: Text,
    recipient_x25519: Text,
  },
  strict,
)
const SignerCardSchema = Type.Object(
  {
    ...head,
    kind: Type.Literal('signer'),
    name: Text,
    purpose: Type.Enum(['export', 'acknowledgement', 'root']),
    public_key: Text,
  },
  strict,
)

export type RecipientCard = Static<typeof RecipientCardSchema>
export type SignerCard = Static<typeof SignerCardSchema>
/** The public half of a key, which its owner brings to the ceremony. It may be lost safely. */
export type Card = RecipientCard | SignerCard

/** @throws KeyringError `INVALID`, naming the field. */
export function parseCard(bytes: Uint8Array): Card {
  const bounds = { what: 'card', maxBytes: maxCardBytes }
  const { kind } = parseJsonDocument(AnyCardSchema, bytes, bounds)
  const card = parseJsonDocument(
    kind === 'recipient' ? RecipientCardSchema : SignerCardSchema,
    bytes,
    bounds,
  )
  for (const [field, problem] of cardProblems(card)) {
    if (problem !== null) throw new KeyringError('INVALID', `card: ${field} ${problem}`)
  }
  return card
}

export function formatCard(card: Card): Uint8Array {
  return formatJsonDocument(card)
}

function cardProblems(card: Card): Array<[field: string, problem: string | null]> {
  const name: [string, string | null] = ['name', nameProblem(card.name)]
  if (card.kind === 'signer') return [name, ['public_key', publicKeyProblem(card.public_key)]]
  return [
    name,
    ['role', nameProblem(card.role)],
    ['recipient', recipientProblem(card.recipient, 'hybrid')],
    ['recipient_x25519', recipientProblem(card.recipient_x25519, 'x25519')],
  ]
}
