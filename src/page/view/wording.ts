import { h, type ComponentChild } from 'preact'
import { LANGUAGE_DIRECTIONS, LANGUAGE_TAGS, type Language } from '../languages.ts'
import type { Lines, Spoken, TextGroup } from '../texts.ts'

/** Marks a block whose words are in a language other than the page's (WCAG 3.1.2). */
export function languageOfGroup(
  texts: Spoken<never>,
  group: TextGroup,
): { lang?: string; dir?: 'ltr' | 'rtl' } {
  const language = texts.foreign[group]
  return language === undefined ? {} : languageAttributes(language)
}

export function languageAttributes(language: Language): { lang: string; dir: 'ltr' | 'rtl' } {
  return { lang: LANGUAGE_TAGS[language], dir: LANGUAGE_DIRECTIONS[language] }
}

/** A note in the page's own language, above a block that is in another language. */
export function ForeignNote({
  texts,
  group,
}: {
  texts: Spoken<never>
  group: TextGroup
}): ComponentChild {
  if (texts.foreign[group] === undefined || texts.foreignNote === null) return null
  return h('p', { class: 'hint', ...languageAttributes(texts.language) }, texts.foreignNote)
}

/** Text between backquotes is code, which runs from left to right in every language. */
export function withCode(text: string): ComponentChild[] {
  return text
    .split('`')
    .map((part, index) => (index % 2 === 0 ? part : h('code', { dir: 'ltr' }, part)))
}

export function paragraphs(lines: Lines): ComponentChild[] {
  return lines.map((line) => h('p', null, withCode(line)))
}

export function items(lines: Lines): ComponentChild[] {
  return lines.map((line) => h('li', null, withCode(line)))
}

/** @param inserts the values for the placeholders `{name}` */
export function fill(text: string, inserts: Readonly<Record<string, string | number>>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(inserts[name] ?? whole))
}
