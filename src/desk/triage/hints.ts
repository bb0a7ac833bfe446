import type { DetentionTip } from '../../tip/schema.ts'
import type { Place } from '../../tip/event.ts'
import { gazetteerPlaceOf } from '../places/find-place.ts'
import { gazetteer } from '../places/gazetteer.ts'
import type { TriageReason } from '../files/case-view.ts'

/*
 * Hints are words in the source's text. A hint can make a case more urgent and never less urgent,
 * because it is a guess from free text: "not sent back" contains "sent back".
 */

/** Words for a forced return. Chinese and Korean text is matched without its blanks. */
const returnWords: readonly RegExp[] = [
  /북송|송환|압송|추방|호송|인계|돌려보[내낼낸냈]|되돌려|넘겨(?:졌|진|질|주|준)|북으로(?:끌려|보내|넘)|북한으로(?:끌려|보내|넘)|조선으로(?:끌려|보내|넘)|국경(?:으로|쪽으로|에)(?:끌려|실려|이송|보내)/u,
  /遣返|遣送|遣回|強遣|强遣|北送|送回|送返|押送|押回|引渡|移交|驱逐出境|驅逐出境|交给朝鲜|交給朝鮮|递解|遞解/u,
  /\b(?:sen[dt]|sending|forced|returned|taken|handed)\s+(?:\S+\s+){0,4}?(?:back|over)\b|\brepatriat\w*|\bdeport\w*|\brefoul\w*|\bextradit\w*|\bforced?\s+returns?\b|\bforcibly\s+returned\b|\breturn(?:ed)?\s+to\s+(?:north\s+korea|the\s+dprk|china)\b|\bto\s+the\s+border\b/iu,
  /депорт|выдвор|экстрад|репатри|(?:вернут|выслать|высылк|отправ\S*\s+(?:\S+\s+)?(?:обратно|назад))/iu,
  /قايتۇرۇ|قايتۇرۋ/u,
]
const matchedWithBlanks = new Set(returnWords.slice(2))

/** Korean names of Chinese places that are also common words or given names in Korean. */
const ambiguousHangul = new Set([
  '지안',
  '모한',
  '하북',
  '안투',
  '북경',
  '청도',
  '운남',
  '시짱',
  '돈화',
])
const chinesePlaces = gazetteer
  .filter(({ country }) => country === 'CN')
  .flatMap(({ hangul, han }) => [...hangul.filter((name) => !ambiguousHangul.has(name)), ...han])
const china = ['중국', '中国', '中國', '연변', '동북삼성']

/** The reason to show when a text of the tip mentions a return; null otherwise. */
export function returnHint(tip: DetentionTip | null): TriageReason | null {
  for (const text of textsOf(tip)) {
    const plain = text.normalize('NFKC')
    const unspaced = plain.replace(/\s+/gu, '')
    for (const words of returnWords) {
      const found = words.exec(matchedWithBlanks.has(words) ? plain : unspaced)?.[0]
      if (found !== undefined)
        return {
          code: 'HINT_RETURN',
          text: `a hint: the text says "${found.slice(0, 60)}", which may mean a return by force`,
        }
    }
  }
  return null
}

/**
 * A hint when Korean script appears together with a place in China, which may mean North Koreans.
 * Null otherwise.
 */
export function koreanInChinaHint(tip: DetentionTip | null): TriageReason | null {
  const names = (tip?.persons ?? []).flatMap((person) => person.names ?? [])
  const isKorean = [tip?.narrative ?? '', ...names.map(({ text }) => text)].some((text) =>
    /\p{Script=Hangul}/u.test(text),
  )
  return isKorean && isInChina(tip)
    ? {
        code: 'HINT_KOREAN_IN_CHINA',
        text: 'a hint: Korean script and a place in China, and nobody said which nationality',
      }
    : null
}

function isInChina(tip: DetentionTip | null): boolean {
  const { where_taken, held_where, transfers } = tip?.event ?? {}
  const places: (Place | null | undefined)[] = [
    where_taken,
    held_where,
    ...(transfers ?? []).flatMap(({ from, to }) => [from, to]),
  ]
  const isPlaceInChina = places.some(
    (place) => place?.country === 'CN' || gazetteerPlaceOf(place)?.country === 'CN',
  )
  const narrative = (tip?.narrative ?? '').normalize('NFKC')
  return isPlaceInChina || [...china, ...chinesePlaces].some((name) => narrative.includes(name))
}

/**
 * Every text of the tip about the events, without texts about the source and without file names.
 */
function textsOf(tip: DetentionTip | null): string[] {
  if (tip === null) return []
  const texts: string[] = [tip.narrative]
  const walk = (value: unknown): void => {
    if (typeof value === 'string') texts.push(value)
    else if (typeof value === 'object' && value !== null) Object.values(value).forEach(walk)
  }
  walk([tip.event, tip.steps, tip.persons])
  return texts
}
