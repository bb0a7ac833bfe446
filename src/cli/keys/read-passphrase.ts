import { readBounded } from '../../disk/small-files.ts'
import { Secret } from '../../keyring/secret.ts'
import type { CliContext } from '../frame/context.ts'
import { resolvePath } from '../frame/context.ts'
import { failure } from '../frame/errors.ts'
import { withTerminal } from './terminal.ts'

/** minisign and age also accept no longer passphrase. */
export const maxPassphraseBytes = 1024
/** The options of `withTerminal` for reading a passphrase. */
export const forPassphrase = {
  wayOut: 'there is no terminal to ask for the passphrase: give --passphrase-file FILE',
  maxBytes: maxPassphraseBytes,
} as const

/** The options of all commands that ask for a passphrase. */
export const passphraseOptions = {
  'passphrase-file': {
    type: 'string',
    value: 'FILE',
    about: 'read the passphrase from the first line of FILE',
  },
} as const

interface Asking {
  readonly prompt: string
  readonly file?: string | undefined
}

/**
 * Reads the passphrase of an existing secret: from the given file, or hidden from the terminal.
 * @throws CliError `FAILED` if there is neither, or if the passphrase is empty or too long.
 */
export async function readPassphrase(context: CliContext, asking: Asking): Promise<Secret> {
  const { prompt, file } = asking
  const ask = () => withTerminal(context, forPassphrase, (terminal) => terminal.readHidden(prompt))
  return checkPassphrase(file === undefined ? await ask() : await readPassphraseFile(context, file))
}

/** @throws CliError `FAILED` if the passphrase is empty, or longer than age and minisign accept. */
export function checkPassphrase(passphrase: string): Secret {
  if (passphrase === '') throw failure('the passphrase is empty: give one')
  if (Buffer.byteLength(passphrase) > maxPassphraseBytes)
    throw failure(`the passphrase is longer than ${maxPassphraseBytes} bytes`)
  return Secret.fromText(passphrase)
}

/** Reads the first line of the file. @throws CliError `FAILED` if the file does not exist. */
export async function readPassphraseFile(context: CliContext, file: string): Promise<string> {
  const bytes = await readBounded(resolvePath(context, file), maxPassphraseBytes + 2)
  if (bytes === null)
    throw failure(`${file} is missing: it should hold the passphrase (--passphrase-file)`)
  const [line = ''] = new TextDecoder().decode(bytes).split(/\r?\n/)
  bytes.fill(0)
  return line
}
