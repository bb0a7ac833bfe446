import { parseRecipient } from '../age/keys.ts'
import type { Recipient } from '../age/keys.ts'
import { formatPublicKeyLine, parsePublicKey } from './minisign-format.ts'

/** What is wrong with a recipient string, or null. */
export function recipientProblem(text: string, kind: Recipient['kind']): string | null {
  const wanted =
    kind === 'hybrid' ? 'is not an age1pq1… recipient' : 'is not an age1… (X25519) recipient'
  try {
    return parseRecipient(text).kind === kind ? null : wanted
  } catch {
    return `${wanted}: the text is damaged`
  }
}

/** What is wrong with a minisign public key line, or null. */
export function publicKeyProblem(line: string): string | null {
  try {
    return formatPublicKeyLine(parsePublicKey(line)) === line
      ? null
      : 'is not one minisign key line'
  } catch {
    return 'is not a minisign public key: expected the line that starts with RW'
  }
}
