import { createHash } from 'node:crypto'
import type { DetentionTip } from '../../../src/tip/schema.ts'
import { seedTip } from '../support/sample-view.ts'

/**
 * Made tips in Korean, Chinese, English and Uyghur, varied as real ones are: many say almost nothing. The same seed
 * gives the same tips; what they must come to is written down by hand in answer-sheet.ts.
 */
export function generateTips(count: number, seed = 'tumen corpus 1'): DetentionTip[] {
  return [seedTip, ...Array.from({ length: count - 1 }, (_, index) => tipOf(chooserOf(`${seed} ${index}`), index))]
}

type Choose = <Value>(values: readonly Value[]) => Value

/** Digest after digest: no generator of numbers whose versions differ. */
function chooserOf(seed: string): Choose {
  let at = 0
  return <Value>(values: readonly Value[]): Value => {
    const digest = createHash('sha256').update(`${seed} ${at++}`).digest()
    return values[digest.readUInt32BE(0) % values.length] as Value
  }
}

const koreanNames = ['김철수', '박영희', '최은경', '정민호', '강순옥', '조명철', '윤미란', '장혁', '임금순', '한동일', '리성철', '오정애']
const latinOfThem = ['Kim Chol-su', 'Pak Yong-hui', 'Choe Un-gyong', 'Jong Min-ho', 'Kang Sun-ok', 'Jo Myong-chol', 'Yun Mi-ran', 'Jang Hyok', 'Im Kum-sun', 'Han Tong-il', 'Ri Song-chol', 'O Jong-ae']
const chineseNames = ['金哲洙', '朴英姬', '李成哲', '王建国', '张秀英']
const uyghurNames = ['مەمەت تۇرسۇن', 'ئايگۈل ئابدۇللا', 'Tursun Memet', 'Гүлнар Әхмәт']
const places = [
  { text: '선양', country: 'CN', admin: 'Liaoning' }, { text: '옌지', country: 'CN', admin: 'Jilin' }, { text: '延吉', country: 'CN', admin: 'Jilin' },
  { text: 'Kunming', country: 'CN', admin: 'Yunnan' }, { text: 'ئۈرۈمچى', country: 'CN', admin: 'Xinjiang' }, { text: 'Nong Khai', country: 'TH' },
] as const
const dates = ['2017-11-04', '2017-11~', '2017-10-28', '2017-11-01/2017-11-10', '2017?', '2017-08', '2017-11-02/..', '2016-12-20/2017-01-05', 'unknown', '2017-05-17']
const authorities = ['cn_public_security', 'cn_border_or_immigration', 'kp_state_security', 'unknown'] as const
const narratives = {
  ko: ['어제 밤에 경찰이 와서 데려갔습니다.', '전화가 끊겼습니다. 도와주세요.', '국경에서 잡혔다고 합니다.'],
  zh: ['昨天晚上警察把他们带走了。', '我们联系不上她了。', '听说在边境被抓。'],
  en: ['They were taken from the bus.', 'Her phone is off since Friday.', 'A neighbour saw police at the door.'],
  ug: ['ئۇلارنى كېچىدە ئېلىپ كەتتى.', 'خەۋەر ئالالمىدۇق.'],
} as const

function tipOf(choose: Choose, index: number): DetentionTip {
  const lang = choose(['ko', 'ko', 'ko', 'zh', 'zh', 'en', 'ug'] as const)
  const tip: DetentionTip = { narrative: `${choose(narratives[lang])} (${index + 1})`, lang }
  // One in six writes a sentence and no more.
  if (choose([0, 1, 2, 3, 4, 5]) === 0) return tip
  const personCount = choose([1, 1, 1, 2, 3])
  tip.topic = choose(['detention', 'detention', 'return_feared', 'disappearance', 'returned', 'released'] as const)
  tip.urgent_now = choose(['yes', 'no', 'unsure'] as const)
  tip.persons = Array.from({ length: personCount }, () => personOf(choose, lang))
  if (choose([0, 1, 2]) === 0) tip.people_count = { min: personCount + choose([0, 1, 4]), max: personCount + choose([4, 6]) }
  tip.event = {
    detained_when: choose(dates), where_taken: { ...choose(places) }, authority: [choose(authorities)],
    how_taken: choose(['checkpoint', 'raid', 'vehicle', 'border', 'unknown'] as const),
    ...(tip.topic === 'return_feared' ? { return_risk: { to_country: 'KP' } } : {}),
  }
  tip.source = { relation: choose(['spouse', 'parent', 'friend', 'helper', 'prefer_not'] as const), basis: choose(['saw', 'told_by_other'] as const), contact: { way: 'other', text: `source-contact-${index + 1}` } }
  tip.consent = choose([[], [{ recipient: 'un', level: 'named' }], [{ recipient: 'un', level: 'facts_only' }, { recipient: 'media', level: 'no' }], [{ recipient: 'embassy', level: 'named_photo' }]] as const).map((each) => ({ ...each }))
  return tip
}

function personOf(choose: Choose, lang: keyof typeof narratives): NonNullable<DetentionTip['persons']>[number] {
  const which = choose(koreanNames.map((_, index) => index))
  const name = lang === 'ug' ? choose(uyghurNames) : lang === 'zh' ? choose(chineseNames) : lang === 'en' ? latinOfThem[which] ?? '' : koreanNames[which] ?? ''
  const age = choose([null, 4, 9, 17, 19, 27, 34, 45, 63, 71])
  return {
    names: choose([0, 1, 2, 3, 4, 5, 6, 7]) === 0 ? [] : [{ text: name, by: 'source' }],
    sex: choose(['female', 'male', 'unknown'] as const),
    ...(age === null ? {} : { age: { value: age, unit: 'years' as const, reckoning: choose(['international', 'counting', 'unknown'] as const) } }),
    nationality: lang === 'ug' ? ['CN'] : choose([['KP'], ['KP'], ['CN']]),
    ...(lang === 'ug' ? { ethnicity: 'Uyghur' } : {}),
    risk_flags: choose([[], [], [], ['pregnant'], ['medical'], ['previously_returned']] as const).map((flag) => flag),
    status: choose(['held', 'held', 'held', 'moved', 'returned', 'released', 'unknown'] as const),
  }
}
