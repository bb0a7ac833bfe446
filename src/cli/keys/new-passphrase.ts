import { randomBytes } from 'node:crypto'
import { wordlist } from '@scure/bip39/wordlists/english.js'
import { equalConstantTime } from '../../age/bytes.ts'
import { estimateBits, minTypedBits } from '../../keyring/passphrase-strength.ts'
import { Secret } from '../../keyring/secret.ts'
import type { CliContext } from '../frame/context.ts'
import { failure, usageError } from '../frame/errors.ts'
import { withTerminal } from './terminal.ts'
import type { Terminal } from './terminal.ts'
import {
  checkPassphrase,
  forPassphrase,
  passphraseOptions,
  readPassphraseFile,
} from './read-passphrase.ts'

/**
 * BIP 39's English list: 2,048 words of at most eight letters. No two words have the same first
 * four letters.
 */
export const dicewareWords: readonly string[] = wordlist
const bitsPerWord = 11
/** Entropy: 9 × 11 = 99 bits. */
export const generatedWords = 9

/**
 * A passphrase of random words separated by single spaces.
 * @param random returns bytes from a cryptographic source.
 */
export function generatePassphrase(random: (length: number) => Uint8Array = randomBytes): Secret {
  const bytes = random(generatedWords * 2)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  // 2,048 divides 65,536, so the low eleven bits are uniform without drawing again.
  const words = Array.from(
    { length: generatedWords },
    (_, index) => dicewareWords[view.getUint16(index * 2) % 2 ** bitsPerWord] ?? '',
  )
  bytes.fill(0)
  return Secret.fromText(words.join(' '))
}

/** The options of all commands that protect a new secret. */
export const newPassphraseOptions = {
  ...passphraseOptions,
  'generate-passphrase': {
    type: 'boolean',
    about: `make a passphrase of ${generatedWords} random words and show it once`,
  },
  'no-passphrase': {
    type: 'boolean',
    about: "leave the secret unprotected (the server's export key needs this)",
  },
} as const

interface NewPassphraseValues {
  readonly 'passphrase-file'?: string | undefined
  readonly 'generate-passphrase'?: boolean | undefined
  readonly 'no-passphrase'?: boolean | undefined
}

/** @throws CliError `USAGE` if more than one of the options was given. */
export function checkPassphraseChoice(values: NewPassphraseValues): void {
  const chosen = (['passphrase-file', 'generate-passphrase', 'no-passphrase'] as const).filter(
    (name) => values[name] !== undefined && values[name] !== false,
  )
  if (chosen.length > 1)
    throw usageError(`--${chosen.slice(0, 2).join(' and --')} do not go together: choose one`)
}

/**
 * Reads the passphrase for a new secret; undefined with `--no-passphrase`. If the person only
 * presses Enter, a passphrase is generated.
 * @throws CliError `FAILED` if the passphrase can be guessed, there is no terminal, or the person
 * stops.
 */
export async function readNewPassphrase(
  context: CliContext,
  name: string,
  values: NewPassphraseValues,
): Promise<Secret | undefined> {
  if (values['no-passphrase'] === true) return undefined
  const file = values['passphrase-file']
  if (file !== undefined) {
    const passphrase = checkPassphrase(await readPassphraseFile(context, file))
    refuseGuessable(passphrase)
    return passphrase
  }
  return await withTerminal(context, forPassphrase, async (terminal) => {
    const typed =
      values['generate-passphrase'] === true
        ? ''
        : await terminal.readHidden(`passphrase for ${name} (only Enter: one is made for you): `)
    if (typed === '') return await handOver(terminal, name, generatePassphrase())
    const passphrase = checkPassphrase(typed)
    refuseGuessable(passphrase)
    if ((await terminal.readHidden('the same again: ')) !== typed)
      throw failure('the two passphrases differ: try again')
    return passphrase
  })
}

/**
 * Shows the passphrase on the terminal only. Continues after the person has typed it back with the
 * screen cleared, which proves that it is on paper.
 */
async function handOver(terminal: Terminal, name: string, passphrase: Secret): Promise<Secret> {
  for (;;) {
    terminal.show([
      `The passphrase for ${name}:`,
      '',
      ...passphraseLines(passphrase.revealText()),
      '',
      'Write it on paper, with a pen: the words, in this order, one space between two.',
      'It is shown only here and now: without the paper it is lost.',
      '',
    ])
    await terminal.readHidden('Press Enter when it is on paper. The screen is cleared then. ')
    terminal.show([
      `Now type the passphrase for ${name} from the paper. It does not show.`,
      '(Only Enter: see it again.)',
    ])
    for (let isAgain = false; ; isAgain = true) {
      const typed = await terminal.readHidden(
        isAgain ? 'That is not it. Again, from the paper: ' : 'from the paper: ',
      )
      if (typed.trim() === '') break
      if (isSame(typed, passphrase)) {
        terminal.hide()
        return passphrase
      }
    }
  }
}

/** Three words on each line, numbered so that the reader finds the place again. */
function passphraseLines(passphrase: string): string[] {
  const words = passphrase.split(' ').map((word, index) => `${index + 1}. ${word}`.padEnd(14))
  return words.flatMap((_, index) =>
    index % 3 === 0
      ? [
          `    ${words
            .slice(index, index + 3)
            .join('')
            .trimEnd()}`,
        ]
      : [],
  )
}

function isSame(typed: string, passphrase: Secret): boolean {
  const read = Secret.fromText(typed.trim().replace(/\s+/gu, ' ').toLowerCase())
  const same = equalConstantTime(read.reveal(), passphrase.reveal())
  read.wipe()
  return same
}

function refuseGuessable(passphrase: Secret): void {
  const bits = estimateBits(passphrase.revealText())
  if (bits >= minTypedBits) return
  passphrase.wipe()
  throw failure(
    `the passphrase can be guessed (about ${bits} bits, ${minTypedBits} are needed): have one made with --generate-passphrase, or take six or more random words`,
  )
}
