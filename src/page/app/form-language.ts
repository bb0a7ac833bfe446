import { h, type ComponentChild } from 'preact'
import { COMPLETE_LANGUAGES, type Language, LANGUAGE_NAMES } from '../languages.ts'
import { ForeignNote, languageAttributes } from '../view/wording.ts'
import { formLanguageOf, type AppTexts } from './speaking.ts'

/**
 * Where a language has no form, the reader chooses the form's language. The page must not choose
 * one that somebody is afraid of.
 */
export function FormLanguage({
  texts,
  onChoose,
}: {
  texts: AppTexts
  onChoose: (language: Language, rest: Language) => void
}): ComponentChild {
  if (texts.foreign.form === undefined) return null
  const chosen = formLanguageOf(texts)
  return h(
    'div',
    { class: 'form-language', id: 'form-language' },
    h(ForeignNote, { texts, group: 'form' }),
    h(
      'div',
      { class: 'row-of-buttons' },
      COMPLETE_LANGUAGES.map((language) =>
        h(
          'button',
          {
            type: 'button',
            class: 'button button-quiet',
            'aria-pressed': language === chosen,
            ...languageAttributes(language),
            onClick: () => onChoose(texts.language, language),
          },
          LANGUAGE_NAMES[language],
        ),
      ),
    ),
  )
}
