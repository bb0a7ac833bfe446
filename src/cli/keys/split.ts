import { basename, join } from 'node:path'

import { loadSodiumPrimitives } from '../../age/sodium.ts'
import { fingerprintGroups } from '../../keyring/fingerprint.ts'
import { fileNameProblem, keySuffixes, writeKeyFiles } from '../../keyring/make-keys.ts'
import { nameProblem } from '../../keyring/names.ts'
import { formatShare } from '../../keyring/share-format.ts'
import { maxShares, splitSecret } from '../../keyring/shares.ts'
import { defineCommand } from '../frame/command.ts'
import { printLine, resolvePath } from '../frame/context.ts'
import { failure, usageError } from '../frame/errors.ts'
import { today } from '../frame/keyring-folder.ts'
import { readSecretFile } from './read-secret.ts'
import { passphraseOptions } from './read-passphrase.ts'

export const keysSplit = defineCommand({
  name: 'keys split',
  summary: 'split a secret key into paper shares, enough of which restore it',
  usage: 'FILE --shares N --threshold K [--out DIR] [--passphrase-file FILE]',
  help: `
Writes NAME.share-1-of-N.txt and so on: short texts to print or copy by hand. Any K of them restore the key; fewer
reveal nothing about it. A share has no passphrase: keep each in a different place, with a different person.
FILE is not changed. Print the shares on a printer without a network or memory, then delete the files.`,
  options: {
    shares: { type: 'string', value: 'N', about: `number of shares, 2 to ${maxShares}` },
    threshold: { type: 'string', value: 'K', about: 'number of shares that restore it, 2 to N' },
    out: { type: 'string', value: 'DIR', about: 'the folder to write to (default: this one)' },
    ...passphraseOptions,
  },
  positionals: { min: 1, max: 1 },
  async run(context, values, [path = '']) {
    const [shares, threshold] = [
      readCount('shares', values.shares),
      readCount('threshold', values.threshold),
    ]
    const of = secretName(path)
    const dir = resolvePath(context, values.out ?? '.')
    const secret = await readSecretFile(context, path, values['passphrase-file'])
    const made = await splitSecret(await loadSodiumPrimitives(), secret, {
      of,
      day: today(context),
      shares,
      threshold,
    }).finally(() => secret.text.wipe())
    const files = made.map((share) => ({
      suffix: `.share-${share.number}-of-${shares}.txt`,
      content: formatShare(share),
    }))
    for (const { bytes } of made) bytes.fill(0)
    const paths = await writeKeyFiles(dir, of, { files }, context.onInterrupt).catch(
      (error: NodeJS.ErrnoException) => {
        throw error.code === 'EEXIST'
          ? failure(
              `${join(dir, of)}.share-… exists and is not replaced: choose another folder with --out`,
            )
          : error
      },
    )
    for (const written of paths) printLine(context, `wrote ${written}`)
    printLine(
      context,
      `any ${threshold} of the ${shares} restore ${of}, fingerprint ${fingerprintGroups(secret.digest)}`,
    )
    return 0
  },
})

/** The name of the person or key, taken from the file name. */
function secretName(path: string): string {
  const name = basename(path)
  const suffix = [...keySuffixes]
    .sort((one, other) => other.length - one.length)
    .find((known) => name.endsWith(known))
  const of = suffix === undefined ? name : name.slice(0, -suffix.length)
  const problem = nameProblem(of) ?? fileNameProblem(of)
  if (problem !== null) throw usageError(`the name of FILE ${problem}`)
  return of
}

function readCount(option: string, text: string | undefined): number {
  if (text === undefined) throw usageError(`--${option} is needed`)
  if (!/^\d{1,3}$/.test(text)) throw usageError(`--${option} must be a number`)
  return Number(text)
}
