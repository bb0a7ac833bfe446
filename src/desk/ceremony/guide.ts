import type { Card } from '../../keyring/card.ts'
import type { Secret } from '../../keyring/secret.ts'

/** The ceremony's way to talk to the people in the room: screen, keyboard, and their files. */
export interface Guide {
  say(line: string): void
  /** Shows the fingerprint as digits to read aloud, and as a QR code. */
  showFingerprint(groups: string): void
  /** Asks for one line and trims it; Enter alone gives the empty string. */
  ask(question: string): Promise<string>
  /** Asks for a new passphrase: random words, or one that is typed twice. */
  newPassphrase(name: string): Promise<Secret>
  passphraseOf(path: string): Promise<Secret>
  /** Reads a person's card and checks that it is sound and that its key can be sealed to. */
  readCard(path: string): Promise<Card>
}
