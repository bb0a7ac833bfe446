import type { Card } from '../../keyring/card.ts'
import type { Secret } from '../../keyring/secret.ts'

/**
 * How the ceremony communicates with the people in the room: by screen, keyboard, and their files.
 */
export interface Guide {
  say(line: string): void
  /** Shows the fingerprint as digits to read aloud, and as a QR code. */
  showFingerprint(groups: string): void
  /** Asks for one line and trims it. Pressing only Enter gives the empty string. */
  ask(question: string): Promise<string>
  /** Asks for a new passphrase: either random words, or one that the person types twice. */
  newPassphrase(name: string): Promise<Secret>
  passphraseOf(path: string): Promise<Secret>
  /** Reads a person's card, checks that it is valid, and checks that its key can be sealed to. */
  readCard(path: string): Promise<Card>
}
