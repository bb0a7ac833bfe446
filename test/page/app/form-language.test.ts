import { h } from 'preact'
import { renderToStaticMarkup } from 'preact-render-to-string'
import { describe, expect, it } from 'vitest'
import { textsOf } from '../../../src/page/all-texts.ts'
import { App } from '../../../src/page/app/app.ts'
import { FormLanguage } from '../../../src/page/app/form-language.ts'
import { formLanguageOf, loadDeferredTexts, loadTexts } from '../../../src/page/app/speaking.ts'
import type { AppState } from '../../../src/page/app/state.ts'
import { glosses } from '../../../src/page/glosses.ts'
import { noActions, statesIn } from './states.ts'
import { COMPLETE_LANGUAGES, LANGUAGES } from '../../../src/page/languages.ts'

describe('the language of the form', () => {
  it('can be chosen among exactly the languages that have everything', () => {
    const complete = LANGUAGES.filter((language) =>
      Object.values(textsOf(language).foreign).every((other) => other === undefined),
    )
    expect(complete).toEqual([...COMPLETE_LANGUAGES])
  })

  it('is never Chinese unless the reader chooses it', async () => {
    for (const language of ['ug', 'bo', 'ru'] as const)
      expect(formLanguageOf(await loadTexts(language))).toBe('en')
  })

  it.each(COMPLETE_LANGUAGES)(
    '%s is used for all that Uyghur lacks, first and later',
    async (rest) => {
      const [texts, chosen] = [await loadTexts('ug', rest), textsOf(rest)]
      const later = await loadDeferredTexts(texts)
      expect(texts.language).toBe('ug')
      expect(formLanguageOf(texts)).toBe(rest)
      expect(texts.frame).toEqual(textsOf('ug').frame)
      expect(texts.form).toEqual(chosen.form)
      expect(later.later).toEqual(chosen.later)
      expect(later.receipt).toEqual(chosen.receipt)
      expect(later.delayReasons.DRAINING).toEqual(chosen.problems.texts.DRAINING)
    },
  )

  it.each(['ug', 'bo'] as const)('has the questions in %s beside its own', async (language) => {
    const { first } = await statesIn(language)
    const html = renderToStaticMarkup(h(App, { state: first as AppState, actions: noActions }))
    const { direction, words } =
      language === 'ug'
        ? { direction: 'rtl', words: 'نېمە ئىش بولدى؟' }
        : { direction: 'ltr', words: 'གནས་ཚུལ་གང་བྱུང་སོང་།' }
    expect(html).toMatch(
      new RegExp(
        `What happened[^<]*<.*?<span class="gloss" lang="${language}" dir="${direction}">${words}`,
      ),
    )
    expect(Object.values(glosses[language] ?? {}).filter((text) => !html.includes(text))).toEqual(
      [],
    )
  })

  it('has nothing beside it in a language of its own', async () => {
    const { first } = await statesIn('ko')
    const state = first as AppState
    expect(renderToStaticMarkup(h(App, { state, actions: noActions }))).not.toContain('gloss')
  })

  it('changes nothing for a language that has a form', async () => {
    expect(await loadTexts('ko', 'zh')).toEqual(await loadTexts('ko'))
  })

  it('offers the choice, says which one is taken, and asks in the reader’s own language', async () => {
    const texts = await loadTexts('ug', 'zh')
    const html = renderToStaticMarkup(h(FormLanguage, { texts, onChoose: () => undefined }))
    expect(html).toContain(textsOf('ug').foreignNote)
    expect(html.match(/aria-pressed="true"[^>]*>([^<]+)/)?.[1]).toBe('简体中文')
    const korean = await loadTexts('ko')
    expect(
      renderToStaticMarkup(h(FormLanguage, { texts: korean, onChoose: () => undefined })),
    ).toBe('')
  })
})
