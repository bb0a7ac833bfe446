import { loadSodiumPrimitives } from '../../age/sodium.ts'
import { readBounded } from '../../disk/small-files.ts'
import { decodeText } from '../../text/decode-text.ts'
import type { Thread } from '../../thread/thread.ts'
import { deriveThread } from '../../thread/thread.ts'
import type { WordLanguage } from '../../thread/words.ts'
import { readWords, wordsOf } from '../../thread/words.ts'
import type { CliContext } from '../frame/context.ts'
import { resolvePath } from '../frame/context.ts'
import { failure } from '../frame/errors.ts'
import { named } from '../keys/with-passphrase.ts'
import { readStdin } from '../frame/stdin.ts'

const maxWordsFileBytes = 4096

export const wordsFileOption = {
  'words-file': {
    type: 'string',
    value: 'FILE',
    about: 'the twelve words; - is stdin',
  },
} as const

export interface ThreadOfWords {
  thread: Thread
  language: WordLanguage
}

/**
 * Reads twelve words from a file, in any form in which a person may write them.
 * @throws CliError `FAILED` for an unreadable file; ThreadError for wrong words.
 */
export async function readWordsFile(context: CliContext, path: string): Promise<ThreadOfWords> {
  const bytes =
    path === '-'
      ? await readStdin(context, maxWordsFileBytes, 'write the twelve words, then press Ctrl-D:')
      : await readBounded(resolvePath(context, path), maxWordsFileBytes)
  if (bytes === null) throw failure(`${path} is missing (--words-file)`)
  if (bytes.length > maxWordsFileBytes) throw failure(`${path} is too long to hold twelve words`)
  const { secret, language } = readNamed(path, bytes)
  bytes.fill(0)
  return { thread: deriveThread(await loadSodiumPrimitives(), secret), language }
}

function readNamed(path: string, bytes: Uint8Array): ReturnType<typeof readWords> {
  try {
    return readWords(decodeText(bytes))
  } catch (error) {
    if (error instanceof TypeError) throw failure(`${path} is not text in UTF-8 (--words-file)`)
    throw path === '-' ? error : named(path, error)
  }
}

/** The words of a thread as they are written to a file: one line. */
export function formatWordsFile({ secret }: Thread, language: WordLanguage): Uint8Array {
  return new TextEncoder().encode(`${wordsOf(secret, language).join(' ')}\n`)
}
