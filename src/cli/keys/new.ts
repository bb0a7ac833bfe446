import { loadSodiumPrimitives } from '../../age/sodium.ts'
import type { Card } from '../../keyring/card.ts'
import { fingerprintGroups } from '../../keyring/fingerprint.ts'
import {
  cardDigest,
  fileNameProblem,
  findKeyFile,
  makeIdentity,
  makeSigningKey,
  writeKeyFiles,
} from '../../keyring/make-keys.ts'
import { nameProblem } from '../../keyring/names.ts'
import { defineCommand } from '../frame/command.ts'
import { printJson, printLine, resolvePath } from '../frame/context.ts'
import type { CliContext } from '../frame/context.ts'
import { failure, usageError } from '../frame/errors.ts'
import { today } from '../frame/keyring-folder.ts'
import { checkPassphraseChoice, newPassphraseOptions, readNewPassphrase } from './new-passphrase.ts'
import { printFingerprintQr, qrOption } from './qr.ts'

const purposes = ['export', 'acknowledgement', 'root'] as const
type Purpose = (typeof purposes)[number]

const options = {
  out: { type: 'string', value: 'DIR', about: 'the folder to write to (default: this one)' },
  role: { type: 'string', value: 'ROLE', about: 'what the person does (default: analyst)' },
  purpose: {
    type: 'string',
    value: 'PURPOSE',
    about: 'make a signing key: export, acknowledgement or root',
  },
  ...newPassphraseOptions,
  ...qrOption,
  json: { type: 'boolean', about: 'print the card as JSON' },
} as const

export const keysNew = defineCommand({
  name: 'keys new',
  summary: 'make an identity that opens tips, or a signing key',
  usage:
    'NAME [--out DIR] [--role ROLE | --purpose PURPOSE] [--generate-passphrase | --passphrase-file FILE | --no-passphrase]',
  help: `
Without --purpose: NAME.identity.age (secret; "age -d" opens it) and NAME.card.json (public).
With --purpose:    NAME.key (secret, minisign), NAME.pub and NAME.card.json (public).
Asks for a passphrase. If you press only Enter, it makes one of nine random words (99 bits) to write on paper.
Bring the card to the ceremony and compare the fingerprint by voice. No file is ever replaced.`,
  options,
  positionals: { min: 1, max: 1 },
  async run(context, values, [name = '']) {
    checkName(name)
    const purpose = readPurpose(values.purpose)
    if (purpose !== null && values.role !== undefined)
      throw usageError('--role and --purpose do not go together: a signing key has no role')
    checkPassphraseChoice(values)
    const role = values.role ?? 'analyst'
    const roleProblem = nameProblem(role)
    if (roleProblem !== null) throw usageError(`--role ${roleProblem}`)
    const dir = resolvePath(context, values.out ?? '.')
    await refuseExisting(dir, name)
    const passphrase = await readNewPassphrase(context, name, values)
    const made =
      purpose === null
        ? await makeIdentity(
            await loadSodiumPrimitives(),
            { name, role, day: today(context) },
            passphrase,
          )
        : makeSigningKey(name, purpose, passphrase)
    passphrase?.wipe()
    const paths = await writeKeyFiles(dir, name, made, context.onInterrupt)
    if (values.json === true) printJson(context, made.card)
    else printCard(context, made.card, paths, values.qr === true)
    return 0
  },
})

function printCard(
  context: CliContext,
  card: Card,
  paths: readonly string[],
  isQrAsked: boolean,
): void {
  const lines =
    card.kind === 'recipient'
      ? [`recipient          ${card.recipient}`, `recipient (x25519) ${card.recipient_x25519}`]
      : [`public key  ${card.public_key}`]
  const fingerprint = fingerprintGroups(cardDigest(card))
  for (const line of [...lines, `fingerprint ${fingerprint}`]) printLine(context, line)
  printFingerprintQr(context, fingerprint, isQrAsked)
  for (const path of paths) printLine(context, `wrote ${path}`)
}

/** The name is also used as a file name, on a stick that any operating system may read. */
function checkName(name: string): void {
  const problem = nameProblem(name) ?? fileNameProblem(name)
  if (problem !== null) throw usageError(`NAME ${problem}`)
}

function readPurpose(text: string | undefined): Purpose | null {
  if (text === undefined) return null
  const purpose = purposes.find((known) => known === text)
  if (purpose === undefined) throw usageError(`--purpose must be one of ${purposes.join(', ')}`)
  return purpose
}

async function refuseExisting(dir: string, name: string): Promise<void> {
  const path = await findKeyFile(dir, name)
  if (path !== null)
    throw failure(
      `${path} exists and is not replaced: choose another name, or another folder with --out`,
    )
}
