import { revealIdentity } from '../../age/keys.ts'
import { wipeThread } from '../../thread/thread.ts'
import { defineCommand } from '../frame/command.ts'
import type { CliContext } from '../frame/context.ts'
import { printJson, printLine } from '../frame/context.ts'
import { usageError } from '../frame/errors.ts'
import type { ThreadOfWords } from './words-file.ts'
import { readWordsFile, wordsFileOption } from './words-file.ts'

const languageNames = { en: 'English', ko: 'Korean', zh: 'Chinese' } as const

export const command = defineCommand({
  name: 'words',
  summary: 'check the twelve words of a thread, or print the age identity that they give',
  usage: '--words-file FILE (--check | --identity) [--json]',
  help: `The words may be written with or without blanks, in any case, numbered or not.
The identity opens the answers in a drop with age 1.3 or later. It is as secret as the words.

  tumen words --check --words-file words.txt
  tumen words --identity --words-file words.txt > thread.identity
  tar -xf DROP.tar && for slot in *.age; do age -d -i thread.identity "$slot"; done

Exit status 1: a word is not on the list, there are not twelve, or their order is wrong.`,
  options: {
    ...wordsFileOption,
    check: { type: 'boolean', about: 'say whether the words are right; print none of them' },
    identity: { type: 'boolean', about: 'print AGE-SECRET-KEY-PQ-1…' },
    json: { type: 'boolean', about: 'print JSON' },
  },
  positionals: { min: 0, max: 0 },
  async run(context, values) {
    const path = values['words-file']
    if (path === undefined) throw usageError('name the file with the words: --words-file FILE')
    if ((values.check === true) === (values.identity === true))
      throw usageError('say what to do with the words: either --check or --identity')
    const read = await readWordsFile(context, path)
    if (values.identity === true) printIdentity(context, read, values.json === true)
    else printCheck(context, read, values.json === true)
    wipeThread(read.thread)
    return 0
  },
})

function printIdentity(context: CliContext, { thread }: ThreadOfWords, isJson: boolean): void {
  const identity = revealIdentity(thread.identity)
  if (isJson) printJson(context, { identity, recipient: thread.recipient, thread: thread.id })
  else printLine(context, identity)
}

function printCheck(
  context: CliContext,
  { thread, language }: ThreadOfWords,
  isJson: boolean,
): void {
  if (isJson) printJson(context, { language, thread: thread.id })
  else printLine(context, `the twelve words are right (${languageNames[language]})`)
}
