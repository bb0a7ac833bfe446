import { lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { makeFolder } from '../../disk/make-folder.ts'
import { writeNewFile } from '../../disk/small-files.ts'
import { decodeText } from '../../text/decode-text.ts'
import { maxReplyChars } from '../files/bounds.ts'
import { CasebookError } from '../files/errors.ts'
import { answerFileName, layoutOf } from '../files/layout.ts'
import { readCasebookFile } from '../files/read-file.ts'
import { standardTexts } from './standard-texts.ts'

/** UTF-8 needs at most four bytes a character. */
const maxAnswerBytes = maxReplyChars * 4

export interface StandardAnswer {
  name: string
  languages: readonly string[]
}

/**
 * The standard answers of a casebook. Their files are made on first use; after that nothing
 * overwrites or restores them.
 */
export async function listStandardAnswers(casebook: string): Promise<StandardAnswer[]> {
  await makeOnFirstUse(casebook)
  const names = (await readdir(layoutOf(casebook).answers)).flatMap((each) => {
    const [, name, language] = answerFileName.exec(each) ?? []
    return name === undefined || language === undefined ? [] : [{ name, language }]
  })
  return [...Map.groupBy(names, ({ name }) => name)]
    .map(([name, found]) => ({ name, languages: found.map(({ language }) => language).sort() }))
    .sort((one, other) => (one.name < other.name ? -1 : 1))
}

/**
 * @throws CasebookError `VALUE_INVALID` when there is no such answer in this language.
 */
export async function readStandardAnswer(
  casebook: string,
  name: string,
  language: string,
): Promise<string> {
  const answers = await listStandardAnswers(casebook)
  const found = answers.find((each) => each.name === name)
  if (found === undefined)
    throw new CasebookError(
      'VALUE_INVALID',
      `there is no such standard answer; there are ${answers.map((each) => each.name).join(', ')}`,
    )
  const known = found.languages.find((each) => each === language)
  if (known === undefined)
    throw new CasebookError(
      'VALUE_INVALID',
      `${found.name} has no text in the source's language (${language}); it has ${found.languages.join(', ')}: write answers/${found.name}.${language}.txt`,
    )
  const path = join(layoutOf(casebook).answers, `${found.name}.${known}.txt`)
  const bytes = await readCasebookFile(path, maxAnswerBytes)
  return decode(bytes ?? new Uint8Array(), `answers/${found.name}.${known}.txt`)
}

function decode(bytes: Uint8Array, name: string): string {
  try {
    return decodeText(bytes).trim()
  } catch (cause) {
    throw new CasebookError('FILE_DAMAGED', `${name} is not text in UTF-8`, cause)
  }
}

async function makeOnFirstUse(casebook: string): Promise<void> {
  const { answers } = layoutOf(casebook)
  const isThere = await lstat(answers).then(
    () => true,
    () => false,
  )
  if (isThere) return
  await makeFolder(answers, 0o700)
  for (const [name, texts] of Object.entries(standardTexts))
    for (const [language, text] of Object.entries(texts))
      await writeNewFile(join(answers, `${name}.${language}.txt`), `${text}\n`)
}
