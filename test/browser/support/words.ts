import type { FormTexts } from '../../../src/page/app/form-texts.ts'
import { textsOf } from '../../../src/page/all-texts.ts'
import type { SpokenTexts } from '../../../src/page/texts.ts'

/** The languages in which every text exists. */
export const fullLanguages = ['ko', 'zh', 'en'] as const
export type FullLanguage = (typeof fullLanguages)[number]

/** The labels of buttons and fields: tests find them as people do. */
export interface Words {
  form: FormTexts
  page: SpokenTexts
}

export function wordsOf(language: FullLanguage): Words {
  return { form: textsOf(language).form, page: textsOf(language) }
}
