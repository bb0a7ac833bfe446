import { rm } from 'node:fs/promises'
import { join } from 'node:path'

import { maxOrganisationBytes } from '../../keyring/bounds.ts'
import { makeSecretDir, readBounded, replaceFile, writeNewFile } from '../../disk/small-files.ts'
import { organisationFileName, organisationSignatureName } from '../../keyring/load-organisation.ts'
import { formatOrganisation, parseOrganisation } from '../../keyring/organisation.ts'
import type { Organisation } from '../../keyring/organisation.ts'
import { defineCommand } from '../frame/command.ts'
import { printJson, printLine, printNote, resolvePath } from '../frame/context.ts'
import type { CliContext } from '../frame/context.ts'
import { dirOption, keyringDir } from '../frame/keyring-folder.ts'

export const keyringOrganisation = defineCommand({
  name: 'keyring organisation',
  summary: 'describe your organisation on the page: make, check and adopt FILE',
  usage: 'FILE [--dir DIR] [--json]',
  help: `If FILE does not exist, a form is written there. Fill it in, and give the same command again:
FILE is checked and becomes organisation.json of the keyring folder, not signed yet.
Then sign it with "tumen keyring sign". Without a signature the page does not use it.

A language may leave out "name", on purpose: the page then says that no name is given, and why.
"title" is what the tab shows. Leave it out unless the name may be seen over somebody's shoulder.
Languages: en, ko, zh, ug, ru, bo. Readers of a language that is left out see English, or the first one.`,
  options: {
    ...dirOption,
    json: { type: 'boolean', about: 'print the checked file as JSON' },
  },
  positionals: { min: 1, max: 1 },
  async run(context, values, [file = '']) {
    const path = resolvePath(context, file)
    const bytes = await readBounded(path, maxOrganisationBytes)
    if (bytes === null) return await writeForm(context, path, file)
    const organisation = parseOrganisation(withoutMark(bytes))
    await takeOver(context, await keyringDir(context, values.dir), organisation)
    if (values.json === true) printJson(context, organisation)
    else printWhat(context, organisation)
    return 0
  },
})

/** Some editors begin a file with a byte order mark, which JSON does not allow. */
function withoutMark(bytes: Uint8Array): Uint8Array {
  const isMarked = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf
  return isMarked ? bytes.subarray(3) : bytes
}

/** Empty texts are refused, so that a form that was not filled in is never signed. */
const emptyWords = { name: '', about: '', reading: '', elsewhere: '' }

const emptyForm = {
  format: 'tumen-organisation',
  version: 1,
  languages: { en: emptyWords, ko: emptyWords, zh: emptyWords },
  addresses: [],
}

async function writeForm(context: CliContext, path: string, file: string): Promise<number> {
  await writeNewFile(path, `${JSON.stringify(emptyForm, null, 2)}\n`)
  printLine(context, `wrote the form ${file}`)
  printNote(
    context,
    `fill in every text, or delete the languages you do not speak, then run "tumen keyring organisation ${file}" again`,
  )
  return 0
}

/** Replaces the file and removes its old signature, which no longer matches. */
async function takeOver(
  context: CliContext,
  dir: string,
  organisation: Organisation,
): Promise<void> {
  const path = join(dir, organisationFileName)
  const next = formatOrganisation(organisation)
  const old = await readBounded(path, maxOrganisationBytes)
  if (old !== null && Buffer.from(old).equals(next)) {
    printNote(context, 'organisation.json says this already: nothing is changed')
    return
  }
  await makeSecretDir(dir)
  await rm(join(dir, organisationSignatureName), { force: true })
  await replaceFile(path, next)
  printNote(context, 'organisation.json is not signed yet: use "tumen keyring sign"')
}

function printWhat(context: CliContext, { languages, addresses }: Organisation): void {
  for (const [language, words] of Object.entries(languages)) {
    const name = words.name ?? 'no name, on purpose'
    const title = words.title === undefined ? 'a neutral title' : `the title ${words.title}`
    printLine(context, `${language}  ${name}, ${title}`)
  }
  for (const address of addresses) printLine(context, `also at ${address}`)
}
