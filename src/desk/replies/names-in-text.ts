import type { CaseView } from '../files/case-view.ts'
import { fullNameKeys } from '../people/name-keys.ts'

/** A name in Latin letters has up to this many words. */
const maxNameWords = 3
const [minNameSyllables, maxNameSyllables] = [2, 4]

/**
 * The names of a case's persons that a text contains, in any script and spelling, with Korean
 * particles after them.
 */
export function findNamesOf(text: string, tips: readonly CaseView[]): string[] {
  const names = [
    ...new Set(
      tips
        .flatMap(({ persons, original }) => [
          ...persons.flatMap(({ person }) => person.names ?? []),
          ...(original?.persons ?? []).flatMap((person) => person.names ?? []),
        ])
        .map((name) => name.text),
    ),
  ]
  const keys = new Set(names.flatMap(fullNameKeys))
  const spelled = names.filter((name) => partsOf(name).some((part) => contains(text, part)))
  const sounding = candidatesIn(text).filter((candidate) =>
    fullNameKeys(candidate).some((key) => keys.has(key)),
  )
  return [...new Set([...spelled, ...sounding])]
}

/** A name, and its given name alone: that is enough for somebody who knows the family. */
function partsOf(name: string): string[] {
  const whole = name.normalize('NFKC').trim()
  if (/^[\p{Script=Hangul}\p{Script=Han}\s]+$/u.test(whole)) {
    const syllables = whole.replace(/\s+/gu, '')
    return [syllables, syllables.slice(1)].filter((part) => part.length >= minNameSyllables)
  }
  return [whole, ...whole.split(/\s+/u)].filter((part) => part.length >= 3)
}

function contains(text: string, part: string): boolean {
  if (/^[\p{Script=Hangul}\p{Script=Han}]/u.test(part))
    return text.replace(/\s+/gu, '').includes(part)
  const escaped = part.replace(/[.*+?^${}()|[\]\\]/gu, '\\$&')
  return new RegExp(`(?<!\\p{L})${escaped}(?!\\p{L})`, 'iu').test(text)
}

/** Everything in a text that could be a name: beginnings of words, and two or three words. */
function candidatesIn(text: string): string[] {
  const found = new Set<string>()
  for (const [word] of text.matchAll(/\p{Script=Hangul}+/gu))
    for (let end = minNameSyllables; end <= Math.min(maxNameSyllables, word.length); end += 1)
      found.add(word.slice(0, end))
  for (const [run] of text.matchAll(/\p{Script=Han}+/gu))
    for (let start = 0; start < run.length; start += 1)
      for (let length = minNameSyllables; length <= maxNameSyllables; length += 1)
        if (start + length <= run.length) found.add(run.slice(start, start + length))
  // A name in letters is written with capitals; other words would give too many.
  for (const [run] of text.matchAll(/\p{Lu}[\p{L}'’-]*(?:[ \t]+\p{Lu}[\p{L}'’-]*)+/gu)) {
    const words = run.split(/[ \t]+/u)
    for (let start = 0; start < words.length; start += 1)
      for (let length = 2; length <= maxNameWords; length += 1)
        if (start + length <= words.length) found.add(words.slice(start, start + length).join(' '))
  }
  return [...found]
}
