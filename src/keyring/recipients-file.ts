import type { Day } from '../time/day.ts'
import { recipientsOn } from './keyring.ts'
import type { Keyring, RecipientEntry } from './keyring.ts'

const purpose = {
  hybrid: 'Post-quantum recipients (age1pq1): age -R recipients.txt, with age 1.3 or later.',
  x25519:
    'Classic recipients (age1) for age before 1.3 only: age -R recipients-x25519.txt. With a newer age use recipients.txt.',
}

/** `/recipients.txt`: the recipients that a tip is sealed to on this day, for `age -R`. */
export function recipientsText(keyring: Keyring, day: Day): string {
  return formatList(keyring, day, purpose.hybrid, (entry) => entry.recipient)
}

/** `/recipients-x25519.txt`: the same people, for an age without post-quantum recipients. */
export function recipientsX25519Text(keyring: Keyring, day: Day): string {
  return formatList(keyring, day, purpose.x25519, (entry) => entry.recipient_x25519)
}

function formatList(
  keyring: Keyring,
  day: Day,
  forWhat: string,
  pick: (entry: RecipientEntry) => string,
): string {
  const lines = [`# ${forWhat}`, `# Valid until ${keyring.expires}. Seal to all of them.`]
  if (keyring.demo) lines.push('# DEMO: made for trying out. Do not send anything real.')
  for (const entry of recipientsOn(keyring, day)) {
    lines.push(`# ${entry.name} (${entry.role})`, pick(entry))
  }
  return `${lines.join('\n')}\n`
}
