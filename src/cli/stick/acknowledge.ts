import { readBounded } from '../../disk/small-files.ts'
import { maxKeyFileBytes } from '../../keyring/bounds.ts'
import type { SigningKey } from '../../keyring/minisign.ts'
import { takeInFromStick } from './acknowledge-on-server.ts'
import { writeAcknowledgement } from './acknowledge-on-desk.ts'
import { defineCommand } from '../frame/command.ts'
import type { CliContext } from '../frame/context.ts'
import { resolvePath } from '../frame/context.ts'
import { failure, usageError } from '../frame/errors.ts'
import { dirOption, keyringDir } from '../frame/keyring-folder.ts'
import { passphraseOptions } from '../keys/read-passphrase.ts'
import { readSigningKey } from '../keys/read-secret.ts'

export const command = defineCommand({
  name: 'acknowledge',
  summary: 'on the desk: confirm the opened tips; on the server: read the confirmation',
  usage:
    'FOLDER --casebook DIR --key FILE   (desk)\n       tumen acknowledge FOLDER                               (server)',
  help: `On the desk: writes acknowledgement.json and its signature into FOLDER, naming every
envelope of the export that the casebook holds. Also writes replies/: the answers that wait
("tumen case reply"), who learns that staff opened their message, and the index that confirms the
keyring to the page. A stick brings one drop of a constant size, whatever there is to say. The
answers count as being on the stick once it is synced. Carry the stick back.

On the server: checks FOLDER/acknowledgement.json and hands it to the worker, which marks
the envelopes collected; they are deleted after TUMEN_RETENTION_DAYS. Answers of the desk in
FOLDER/replies are checked and taken in as well; sources see them from the next step on.
Exit status 1: answers were refused, and none of them took effect.`,
  options: {
    ...dirOption,
    casebook: {
      type: 'string',
      value: 'DIR',
      about: 'desk: the casebook the export was opened into',
    },
    key: { type: 'string', value: 'FILE', about: "desk: the desk's minisign secret key" },
    by: {
      type: 'string',
      value: 'NAME',
      about: 'desk: who does it, for the custody log (default: analyst)',
    },
    ...passphraseOptions,
    json: { type: 'boolean', about: 'print what was done as JSON' },
  },
  positionals: { min: 1, max: 1 },
  async run(context, values, [path = '']) {
    const folder = resolvePath(context, path)
    if (values.casebook === undefined && values.key === undefined)
      return await takeInFromStick(context, folder, values.json === true)
    if (values.casebook === undefined)
      throw usageError('--casebook DIR is missing: only what it holds is acknowledged')
    if (values.key === undefined)
      throw usageError("--key FILE is missing: name the desk's minisign secret key")
    const key = await readKey(context, values.key, values['passphrase-file'])
    const dir = await keyringDir(context, values.dir)
    return await writeAcknowledgement(context, {
      folder,
      dir,
      casebook: resolvePath(context, values.casebook),
      by: values.by,
      key,
      isJson: values.json === true,
    })
  },
})

async function readKey(
  context: CliContext,
  path: string,
  passphraseFile: string | undefined,
): Promise<SigningKey> {
  const bytes = await readBounded(resolvePath(context, path), maxKeyFileBytes)
  if (bytes === null) throw failure(`${path} is missing (--key)`)
  const text = new TextDecoder().decode(bytes)
  return await readSigningKey(context, { path, text, passphraseFile })
}
