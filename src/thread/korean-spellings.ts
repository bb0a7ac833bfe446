/**
 * How North Koreans spell words of the Korean list. Words from Chinese keep an initial ㄹ or ㄴ that
 * the South drops (로동 for 노동, 녀성 for 여성), also inside a word (비률 for 비율).
 */

const firstSyllable = 0xac00
const lastSyllable = 0xd7a3
const medials = 21
const finals = 28
// Positions of the letters in the order of Unicode's syllables (The Unicode Standard §3.12).
const nieun = 2
const rieul = 5
const ieung = 11
const finalNieun = 4
const ya = 2
const yeo = 6
const ye = 7
const yo = 12
const yu = 17
const i = 20
const softVowels: ReadonlySet<number> = new Set([ya, yeo, ye, yo, yu, i])

/** Other differences: no ㅅ between the parts of a compound, and single words. */
const singleSpellings: Readonly<Record<string, readonly string[]>> = {
  고춧가루: ['고추가루'],
  냇물: ['내물'],
  눈썹: ['눈섭'],
  뒷모습: ['뒤모습'],
  뒷산: ['뒤산'],
  마라톤: ['마라손'],
  바닷가: ['바다가'],
  빗물: ['비물'],
  빗방울: ['비방울'],
  빗줄기: ['비줄기'],
  빛깔: ['빛갈'],
  불이익: ['불리익'],
  색깔: ['색갈'],
  손뼉: ['손벽'],
  쇠고기: ['소고기'],
  수돗물: ['수도물'],
  숫자: ['수자'],
  어젯밤: ['어제밤'],
  여대생: ['녀대생'],
  오랫동안: ['오래동안'],
  외갓집: ['외가집'],
  윗사람: ['웃사람'],
  이빨: ['이발'],
  제삿날: ['제사날'],
  젓가락: ['저가락'],
  존댓말: ['존대말'],
  찻잔: ['차잔'],
  촛불: ['초불'],
  칫솔: ['치솔'],
  컴퓨터: ['콤퓨터'],
  텔레비전: ['텔레비죤'],
  하룻밤: ['하루밤'],
  햇볕: ['해볕'],
  햇살: ['해살'],
  횟수: ['회수'],
  후춧가루: ['후추가루'],
}

/** Every other spelling of a word in NFC. */
export function northKoreanSpellings(word: string): string[] {
  const inside = withRieulInside(word)
  const single = singleSpellings[word] ?? []
  return [...new Set([...withInitial(word), inside, ...withInitial(inside), ...single])].filter(
    (spelling) => spelling !== word,
  )
}

interface Syllable {
  initial: number
  vowel: number
  final: number
}

function syllableOf(character: string): Syllable | null {
  const code = character.charCodeAt(0)
  if (code < firstSyllable || code > lastSyllable) return null
  const at = code - firstSyllable
  return {
    initial: Math.floor(at / (medials * finals)),
    vowel: Math.floor(at / finals) % medials,
    final: at % finals,
  }
}

function characterOf({ initial, vowel, final }: Syllable): string {
  return String.fromCharCode(firstSyllable + (initial * medials + vowel) * finals + final)
}

function withInitial(word: string): string[] {
  const syllable = syllableOf(word)
  if (syllable === null) return []
  const { initial, vowel } = syllable
  const others =
    initial === nieun ? [rieul] : initial === ieung && softVowels.has(vowel) ? [rieul, nieun] : []
  return others.map((other) => characterOf({ ...syllable, initial: other }) + word.slice(1))
}

/** 율 and 열 after a vowel or ㄴ are 률 and 렬 in the North. */
function withRieulInside(word: string): string {
  return [...word]
    .map((character, at) => {
      const before = syllableOf(word[at - 1] ?? '')
      const syllable = syllableOf(character)
      if (at === 0 || syllable === null || ![0, finalNieun].includes(before?.final ?? -1))
        return character
      return ['율', '열'].includes(character)
        ? characterOf({ ...syllable, initial: rieul })
        : character
    })
    .join('')
}
