import { createHash } from 'node:crypto'
import type { DetentionTip } from '../../../src/tip/schema.ts'
import type { Answer } from './answer-sheet.ts'
import { answers } from './answer-sheet.ts'

/**
 * Generated tips in Korean, Chinese, English, Uyghur and Russian script. The first ones are the
 * rows of the answer sheet, unchanged. The others repeat its rows with other sources and other
 * persons; their answers are known, because only fields that no rule reads were changed. The same
 * seed gives the same tips.
 */
export function generateCorpus(count: number, seed = 'tumen corpus 1'): Answer[] {
  const more = rowsToRepeat()
  const made = Array.from({ length: Math.max(0, count - answers.length) }, (_, index) =>
    told(more[index % more.length] as Answer, chooserOf(`${seed} ${index}`), index),
  )
  return [...answers, ...made]
}

/** The tips without their answers. */
export function generateTips(count: number, seed?: string): DetentionTip[] {
  return generateCorpus(count, seed)
    .slice(0, count)
    .map(({ tip }) => tip)
}

/**
 * All rows that can be repeated alone: not the seed case, which happened once, and not a pair of
 * duplicates, which would have to be repeated together.
 */
function rowsToRepeat(): Answer[] {
  return answers.filter(
    ({ id, isDuplicateOfPrevious }, index) =>
      id !== 'seed' &&
      isDuplicateOfPrevious !== true &&
      answers[index + 1]?.isDuplicateOfPrevious !== true,
  )
}

type Choose = <Value>(values: readonly Value[]) => Value

/** Chooses by a chain of digests, because a random number generator may change between versions. */
function chooserOf(seed: string): Choose {
  let at = 0
  return <Value>(values: readonly Value[]): Value => {
    const digest = createHash('sha256').update(`${seed} ${at++}`).digest()
    return values[digest.readUInt32BE(0) % values.length] as Value
  }
}

const names = {
  ko: [
    '김철수',
    '박영희',
    '최은경',
    '정민호',
    '강순옥',
    '조명철',
    '윤미란',
    '장혁',
    '임금순',
    '한동일',
    '리성철',
    '오정애',
  ],
  zh: ['金哲洙', '朴英姬', '李成哲', '王建国', '张秀英', '崔银京'],
  en: [
    'Kim Chol-su',
    'Pak Yong-hui',
    'Choe Un-gyong',
    'Jong Min-ho',
    'Kang Sun-ok',
    'Ri Song-chol',
    'Yi Seong-cheol',
    'Lee Sung-chul',
  ],
  ug: ['مەمەت تۇرسۇن', 'ئايگۈل ئابدۇللا', 'Мәмәт Турсун', 'Гүлнар Әхмәт', 'Tursun Memet'],
} as const
const narratives = {
  ko: [
    '어제 밤에 경찰이 와서 데려갔습니다.',
    '전화가 끊겼습니다. 도와주세요.',
    '국경에서 잡혔다고 합니다.',
  ],
  zh: ['昨天晚上警察把他们带走了。', '我们联系不上她了。', '听说在边境被抓。'],
  en: [
    'They were taken from the bus.',
    'Her phone is off since Friday.',
    'A neighbour saw police at the door.',
  ],
  ug: ['ئۇلارنى كېچىدە ئېلىپ كەتتى.', 'خەۋەر ئالالمىدۇق.'],
} as const
const places = ['선양', '옌지', '延吉', '沈阳', 'Shenyang', 'Tumen', 'ئۈرۈمچى']

/**
 * Changes the language, the name, the town (within the same country) and the source. None of them
 * changes the answer.
 */
function told(answer: Answer, choose: Choose, index: number): Answer {
  const lang = choose(['ko', 'ko', 'ko', 'zh', 'zh', 'en', 'ug'] as const)
  const { tip } = answer
  const isHostile = answer.id === 'hostile-text'
  const where = tip.event?.where_taken
  return {
    ...answer,
    id: `${answer.id} #${index + 1}`,
    tip: {
      ...tip,
      lang,
      narrative: isHostile
        ? `${tip.narrative} (${index + 1})`
        : `${choose(narratives[lang])} (${index + 1})`,
      ...(tip.persons && !isHostile
        ? {
            persons: tip.persons.map((person) => ({
              ...person,
              names: [{ text: choose(names[lang]) }],
              sex: choose(['female', 'male', 'unknown'] as const),
            })),
          }
        : {}),
      ...(tip.event
        ? {
            event: {
              ...tip.event,
              ...(where && !isHostile ? { where_taken: { ...where, text: choose(places) } } : {}),
              how_taken: choose(['checkpoint', 'raid', 'vehicle', 'unknown'] as const),
            },
          }
        : {}),
      source: {
        relation: choose(['spouse', 'parent', 'friend', 'helper', 'prefer_not'] as const),
        contact: { way: 'other', text: `source-contact-${index + 1}` },
      },
    },
  }
}
