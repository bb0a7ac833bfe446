import { openSync } from 'node:fs'
import { ReadStream } from 'node:tty'

import { readBounded } from '../keyring/files.ts'
import { Secret } from '../keyring/secret.ts'
import type { CliContext } from './context.ts'
import { resolvePath } from './context.ts'
import { failure } from './errors.ts'

/** minisign and age take no more either. */
export const maxPassphraseBytes = 1024
/** A floor against typing errors, not a measure of strength. */
export const minNewPassphraseCharacters = 8

const enter = /[\r\n]/
const interrupt = '\u0003'
const endOfText = '\u0004'
const erase = new Set(['\u007f', '\b'])

/** Options every command that asks for a passphrase has. */
export const passphraseOptions = {
  'passphrase-file': { type: 'string', value: 'FILE', about: 'read the passphrase from the first line of FILE' },
} as const

interface Asking {
  readonly prompt: string
  readonly file?: string | undefined
  /** Asked twice, and not too short. */
  readonly isNew?: boolean
}

/**
 * From the file named, else from the terminal without showing it.
 * @throws CliError `FAILED` when there is neither, or when it is empty, too long or (new) too short.
 */
export async function readPassphrase(context: CliContext, asking: Asking): Promise<Secret> {
  const passphrase = asking.file === undefined ? await ask(context, asking) : await readFromFile(context, asking.file)
  const length = Array.from(passphrase).length
  if (length === 0) throw failure('the passphrase is empty: give one')
  if (Buffer.byteLength(passphrase) > maxPassphraseBytes) throw failure(`the passphrase is longer than ${maxPassphraseBytes} bytes`)
  if (asking.isNew === true && length < minNewPassphraseCharacters) {
    throw failure(`the passphrase has fewer than ${minNewPassphraseCharacters} characters: six or more random words are good`)
  }
  return Secret.fromText(passphrase)
}

async function readFromFile(context: CliContext, file: string): Promise<string> {
  const bytes = await readBounded(resolvePath(context, file), maxPassphraseBytes + 2)
  if (bytes === null) throw failure(`${file} is missing: it should hold the passphrase (--passphrase-file)`)
  const [line = ''] = new TextDecoder().decode(bytes).split(/\r?\n/)
  bytes.fill(0)
  return line
}

async function ask(context: CliContext, asking: Asking): Promise<string> {
  return await withTerminal(context, async (readLine) => {
    const first = await readLine(asking.prompt)
    if (asking.isNew !== true) return first
    if ((await readLine('the same again: ')) !== first) throw failure('the two passphrases differ: try again')
    return first
  })
}

/** Asks the terminal itself, so that stdin and stdout stay free for pipes. */
async function withTerminal<T>(context: CliContext, use: (readLine: (prompt: string) => Promise<string>) => Promise<T>): Promise<T> {
  const terminal = openTerminal()
  const forget = context.onInterrupt(() => terminal.setRawMode(false))
  const characters = eachCharacter(terminal)
  try {
    terminal.setRawMode(true)
    return await use(async (prompt) => {
      context.stderr.write(prompt)
      return await readLine(characters).finally(() => context.stderr.write('\n'))
    })
  } finally {
    terminal.setRawMode(false)
    terminal.destroy()
    forget()
  }
}

function openTerminal(): ReadStream {
  try {
    return new ReadStream(openSync('/dev/tty', 'r+'))
  } catch (cause) {
    throw failure('there is no terminal to ask for the passphrase: give --passphrase-file FILE', cause)
  }
}

async function* eachCharacter(terminal: ReadStream): AsyncGenerator<string, undefined> {
  terminal.setEncoding('utf8')
  for await (const piece of terminal as AsyncIterable<string>) yield* piece
  return undefined
}

async function readLine(characters: AsyncGenerator<string, undefined>): Promise<string> {
  const typed: string[] = []
  for (;;) {
    const { value: character } = await characters.next()
    if (character === undefined) throw failure('the terminal was closed before the passphrase was given')
    if (enter.test(character)) return typed.join('')
    if (character === interrupt || character === endOfText) throw failure('no passphrase was given')
    if (erase.has(character)) typed.pop()
    else if (typed.length <= maxPassphraseBytes) typed.push(character)
  }
}
