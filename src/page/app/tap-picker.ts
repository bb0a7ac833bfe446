import { h, type ComponentChild } from 'preact'
import type { TapTexts } from '../two-way-texts.ts'
import { fill } from '../view/wording.ts'
import { nextStep, type Tapping } from './tapping.ts'
import type { PageWordList } from './word-lists/word-list.ts'

export interface TapPickerProps {
  texts: TapTexts
  list: PageWordList
  tapping: Tapping
  /** The number of the word, from 1. */
  n: number
  onTap: (choice: string) => void
  onBack: () => void
}

const questions = { letter: 'letter', start: 'start', word: 'which' } as const

/** Chooses one word by buttons, so that no keyboard and no clipboard learns it. */
export function TapPicker(props: TapPickerProps): ComponentChild {
  const { texts, list, tapping, n, onTap, onBack } = props
  const { at, choices } = nextStep(list, tapping)
  const { language } = list.table
  return h(
    'div',
    { class: 'tap', role: 'group', 'aria-labelledby': 'tap-label', 'data-tap': at },
    h(
      'p',
      { class: 'label', id: 'tap-label' },
      fill(texts.word, { n, question: texts[questions[at]] }),
    ),
    h(
      'div',
      { class: 'tap-choices', lang: language === 'zh' ? 'zh-Hans' : language, translate: false },
      choices.map((choice, place) =>
        h(
          'button',
          {
            key: `${at} ${choice}`,
            type: 'button',
            class: 'button button-quiet tap-choice',
            id: place === 0 ? 'tap-first' : undefined,
            onClick: () => onTap(choice),
          },
          choice,
        ),
      ),
    ),
    at !== 'letter' &&
      h(
        'button',
        { type: 'button', class: 'button button-quiet', id: 'tap-back', onClick: onBack },
        texts.back,
      ),
  )
}
