import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nameKeys } from '../../../src/desk/people/name-keys.ts'
import { alikeScore, nameSimilarity } from '../../../src/desk/people/similarity.ts'

/** Each row is one name in the spellings of different people. */
const sameNames = [
  [
    '리영희',
    '이영희',
    '李英姬',
    'Ri Yong-hui',
    'Lee Young-hee',
    'Younghee Lee',
    'Rhee Yŏng-hŭi',
    'Yi Yeong-hui',
  ],
  ['박철수', '朴哲洙', 'Pak Chol-su', 'Park Chul Soo', 'Bak Cheol-su', 'PARK CHOLSU'],
  ['김정희', '金正姬', 'Kim Jong-hui', 'Gim Jeonghui', 'Kim Jung Hee'],
  ['최은경', '崔恩京', 'Choe Un-gyong', 'Choi Eun-kyung', "Ch'oe Ŭn-gyŏng"],
  ['노무현', '로무현', '盧武鉉', 'Roh Moo-hyun', 'No Mu-hyeon'],
  ['류경식', '유경식', '柳京植', 'Ryu Kyong-sik', 'Yoo Kyung Sik'],
  ['정민호', 'Jong Min-ho', 'Chung Min-ho', 'Jeong Minho'],
  ['조명철', '趙明哲', 'Jo Myong-chol', 'Cho Myung Chul'],
  ['강순옥', '姜順玉', 'Kang Sun-ok', 'Gang Soon Ok'],
  ['임금순', '림금순', '林琴順', 'Rim Kum-sun', 'Lim Geum Soon'],
  ['王建国', '王建國', 'Wang Jianguo', 'WANG JIAN GUO'],
  ['مەمەت تۇرسۇن', 'Memet Tursun', 'Мемет Турсун', 'Tursun Memet'],
  ['Гүлнар Әхмәт', 'گۈلنار ئەخمەت', 'Gulnar Ehmet'],
  ['리성철', '이성철', '李成哲', 'Ri Song-chol', 'Lee Sung-chul', 'Yi Seongcheol', 'RISONGCHOL'],
  ['순옥', 'Sun-ok', 'Soonok'],
  ['ཚེ་རིང', 'ཚེ་རིང་'],
]

/** Each pair is two different names. */
const otherNames = [
  ['리영희', '리영철'],
  ['김철수', '김영희'],
  ['박철수', '백철수'],
  ['최은경', '최순옥'],
  ['정민호', '장혁'],
  ['Kim Chol-su', 'Pak Chol-su'],
  ['Ri Yong-hui', 'Kim Yong-hui'],
  ['王建国', '张秀英'],
  ['李英姬', '金英姬'],
  ['Memet Tursun', 'Aygul Abdulla'],
  ['강순옥', '한동일'],
  ['조명철', '김정희'],
  ['Lee Young-hee', 'Han Tong-il'],
  ['윤미란', '오정애'],
  // Within one script, letters that romanised spellings confuse still make different names.
  ['김선', '김순'],
  ['김영', '김용'],
  ['김수정', '김소정'],
  ['박은', '박언'],
  ['선희', '순희'],
  ['김성철', '김성천'],
  ['王建国', '王建军'],
  ['김정은', '김정일'],
  ['Choi Eun-kyung', 'Choi Dong-wook'],
  ['임금순', '임혁'],
  ['노무현', '노태우'],
  ['류경식', '류미란'],
  ['དོན་གྲུབ', 'བསྟན་འཛིན'],
  ['Wang Jianguo', 'Wang Xiuying'],
] as const

const pairs = sameNames.flatMap((spellings) =>
  spellings.flatMap((one, index) =>
    spellings.slice(index + 1).map((other) => [one, other] as const),
  ),
)

describe('nameSimilarity', () => {
  it('has 60 pairs and more to find', () => {
    expect(pairs.length).toBeGreaterThanOrEqual(60)
  })

  it.each(pairs)('recognises %s and %s as one name', (one, other) => {
    // 王建国 and Wang Jianguo share the Mandarin reading. The Korean reading of one name would not
    // match the Mandarin reading of the other.
    expect(nameSimilarity(one, other).score).toBeGreaterThanOrEqual(alikeScore)
  })

  it.each([
    ['리성철', 'Li Chengzhe'],
    ['박철', 'Piao Zhe'],
    ['김철', 'Jin Zhe'],
  ])('recognises that %s may be %s in Chinese papers', (korean, mandarin) => {
    expect(nameSimilarity(korean, mandarin)).toEqual({
      score: 0.65,
      why: 'perhaps the Mandarin reading of the name',
    })
  })

  it.each(otherNames)('distinguishes %s and %s', (one, other) => {
    expect(nameSimilarity(one, other).score).toBeLessThan(alikeScore)
  })

  it('is the same both ways, from 0 to 1, for any text', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 300 }),
        fc.string({ unit: 'grapheme', maxLength: 300 }),
        (one, other) => {
          const { score } = nameSimilarity(one, other)
          expect(score).toBe(nameSimilarity(other, one).score)
          expect(score).toBeGreaterThanOrEqual(0)
          expect(score).toBeLessThanOrEqual(1)
        },
      ),
      { numRuns: 300 },
    )
  })
})

describe('nameKeys', () => {
  it('is bounded whatever the text', () => {
    for (const text of ['金'.repeat(50_000), 'a '.repeat(50_000), '', '\u202e', '樂'.repeat(30)])
      expect(nameKeys(text).length).toBeLessThanOrEqual(8)
  })
})
