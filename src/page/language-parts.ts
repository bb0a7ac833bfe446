import { textsOf } from './all-texts.ts'
import { type Gloss, glosses } from './glosses.ts'
import type { Language } from './languages.ts'
import { passingProblems, type PassingProblem } from '../wire/problem-codes.ts'
import type { ProblemText, Spoken, TextGroup } from './texts.ts'

/**
 * Splits a language file in two: the app loads the words it shows first, and the rest after the
 * first paint.
 */
const parts = {
  first: ['frame', 'organisation', 'leave', 'safety', 'torFacts', 'form'],
  later: ['later', 'receipt', 'receipts', 'words', 'answers', 'warning'],
  offline: ['offline'],
} as const satisfies Record<string, readonly TextGroup[]>

type Part = keyof typeof parts

/**
 * The server's reasons for a delay while a tip waits to be sent, taken from the group `problems`.
 */
type DelayTexts = { delayReasons: Readonly<Record<PassingProblem, ProblemText>> }

export type PartTexts<Name extends Part> = Spoken<(typeof parts)[Name][number]> &
  (Name extends 'later' ? DelayTexts : unknown) &
  (Name extends 'first' ? { gloss?: Gloss } : unknown)

const request = /\/languages\/(\w+)\.ts\?(first|later|offline)$/

/**
 * A plugin for the bundler (Rollup's interface): `languages/ko.ts?first` is a module with only the
 * words shown first, including those from the fallback language.
 */
export const languageParts = {
  name: 'language-parts',
  enforce: 'pre' as const,
  load(id: string): string | null {
    const [, language, part] = request.exec(id) ?? []
    if (language === undefined || part === undefined) return null
    return `export const spoken = ${JSON.stringify(partOf(language as Language, part as Part))}`
  },
}

function partOf(language: Language, part: Part): object {
  const { foreign, foreignNote, ...texts } = textsOf(language)
  const groups = parts[part].map((group) => [group, texts[group]])
  const delayReasons = passingProblems.map((code) => [code, texts.problems.texts[code]])
  return {
    language,
    foreign,
    foreignNote,
    ...Object.fromEntries(groups),
    ...(part === 'first' ? { gloss: glosses[language] } : {}),
    ...(part === 'later' ? { delayReasons: Object.fromEntries(delayReasons) } : {}),
  }
}
