import type { Primitives } from '../../age/primitives.ts'
import { loadSodiumPrimitives } from '../../age/sodium.ts'
import type { Reply } from '../../tip/thread.ts'
import type { DetentionTip } from '../../tip/schema.ts'
import { threadFields } from '../../tip/schema-id.ts'
import { isReplyLanguage } from '../../thread/reply-group.ts'
import type { Thread } from '../../thread/thread.ts'
import { deriveThread, replyGroupOf } from '../../thread/thread.ts'
import type { WordLanguage } from '../../thread/words.ts'
import { drawThreadSecret, wordLanguageFor } from '../../thread/words.ts'
import type { OptionValues } from '../frame/command.ts'
import type { CliContext } from '../frame/context.ts'
import { usageError } from '../frame/errors.ts'
import { openOutput, withOutput } from '../frame/output.ts'
import { formatWordsFile, readWordsFile, wordsFileOption } from './words-file.ts'

/** The options with which `tumen seal` makes a tip that can be answered, or a follow-up. */
export const threadOptions = {
  'words-out': {
    type: 'string',
    value: 'FILE',
    about: 'draw twelve words and write them to FILE; - is stdout',
  },
  ...wordsFileOption,
  answers: {
    type: 'string',
    value: 'ID',
    about: 'with --words-file: the id of the answer that this tip replies to',
  },
  close: { type: 'boolean', about: 'with --words-file: no more answers are wanted' },
  'new-words-out': {
    type: 'string',
    value: 'FILE',
    about: 'with --words-file: from now on only these new words are answered',
  },
  'words-lang': {
    type: 'string',
    value: 'CODE',
    about: 'list of the new words: en, ko or zh (default: the language of the tip)',
  },
} as const

type ThreadValues = OptionValues<typeof threadOptions> & { readonly output?: string | undefined }

/** Words that were drawn for a tip and are yet to be written. */
export interface NewWords {
  path: string
  thread: Thread
  language: WordLanguage
}

/** @throws CliError `USAGE` for options that do not go together. */
export function checkThreadOptions(values: ThreadValues): void {
  const isFollowUp = values['words-file'] !== undefined
  const out = values['words-out'] ?? values['new-words-out']
  if (isFollowUp && values['words-out'] !== undefined)
    throw usageError(
      '--words-file and --words-out do not go together: new words for the same thread are --new-words-out',
    )
  const needing = (['answers', 'close', 'new-words-out'] as const).find(
    (name) => values[name] !== undefined && values[name] !== false,
  )
  if (!isFollowUp && needing !== undefined)
    throw usageError(`--${needing} needs --words-file with the words of the thread`)
  if (values.answers !== undefined && !/^[0-9a-f]{32}$/.test(values.answers))
    throw usageError(
      '--answers must be the id of an answer: 32 hex digits, as "tumen answers" prints',
    )
  if (values['words-lang'] !== undefined && !isWordLanguage(values['words-lang']))
    throw usageError('--words-lang must be en, ko or zh')
  if (out === '-' && (values.output === undefined || values.output === '-'))
    throw usageError('words and envelope cannot both go to stdout: name a file with --output')
}

/** Adds to a tip how it can be answered. */
export async function addThread(
  context: CliContext,
  values: ThreadValues,
  tip: DetentionTip,
): Promise<{ tip: DetentionTip; newWords: NewWords | null }> {
  const [newPath, path] = [values['words-out'], values['words-file']]
  if (newPath === undefined && path === undefined) return { tip, newWords: null }
  const there = threadFields.find((field) => tip[field] !== undefined && tip[field] !== null)
  if (there !== undefined)
    throw usageError(`the tip has the field ${there} already: remove it, or leave out the options`)
  const primitives = await loadSodiumPrimitives()
  if (path === undefined) {
    const newWords = drawWords(primitives, values, tip, newPath ?? '-')
    return { tip: { ...tip, reply: groupFor(newWords.thread, tip, newWords.language) }, newWords }
  }
  const { thread, language } = await readWordsFile(context, path)
  const nextPath = values['new-words-out']
  const newWords =
    nextPath === undefined ? null : drawWords(primitives, values, tip, nextPath, language)
  return {
    tip: {
      ...tip,
      reply: groupFor(thread, tip, language),
      ...(newWords === null
        ? {}
        : { reply_next: groupFor(newWords.thread, tip, newWords.language) }),
      ...(values.answers === undefined ? {} : { answers: values.answers }),
      ...(values.close === true ? { close: true } : {}),
    },
    newWords,
  }
}

/**
 * Runs `work` with a function that puts the new words in their place. If the work fails before it
 * calls that, no file with words is left behind.
 */
export async function withNewWords<Result>(
  context: CliContext,
  newWords: NewWords | null,
  work: (commitWords: () => Promise<void>) => Promise<Result>,
): Promise<Result> {
  if (newWords === null) return await work(async () => {})
  const { path, thread, language } = newWords
  const output = await openOutput(context, { path, isBinary: false })
  try {
    return await work(async () => {
      await withOutput(output, () => output.write(formatWordsFile(thread, language)))
    })
  } finally {
    await output.discard()
  }
}

function drawWords(
  primitives: Primitives,
  values: ThreadValues,
  tip: DetentionTip,
  path: string,
  before?: WordLanguage,
): NewWords {
  const chosen = values['words-lang']
  const language =
    chosen !== undefined && isWordLanguage(chosen)
      ? chosen
      : (before ?? wordLanguageFor(tip.lang ?? ''))
  return { path, thread: deriveThread(primitives, drawThreadSecret(primitives)), language }
}

/** Answers are written in the language of the tip, or else of the words. */
function groupFor(thread: Thread, tip: DetentionTip, language: WordLanguage): Reply {
  const { lang } = tip
  return replyGroupOf(thread, isReplyLanguage(lang) && lang !== 'other' ? lang : language)
}

function isWordLanguage(text: string): text is WordLanguage {
  return text === 'en' || text === 'ko' || text === 'zh'
}
