import { describe, expect, it } from 'vitest'
import { findPlace, gazetteerPlaceOf, placeNames } from '../../../src/desk/places/find-place.ts'
import { gazetteer, placesById } from '../../../src/desk/places/gazetteer.ts'

describe('gazetteer', () => {
  it('has unique ids, known holders, and names in Latin and Korean letters', () => {
    expect(placesById.size).toBe(gazetteer.length)
    for (const { id, within, latin, hangul, han } of gazetteer) {
      expect(id).toMatch(/^[a-z]{2}-[a-z0-9-]+$/)
      expect(within === null || placesById.has(within), id).toBe(true)
      expect(latin, id).toMatch(/^[A-Z][A-Za-z0-9' .-]+$/)
      expect(hangul[0], id).toMatch(/\p{Script=Hangul}/u)
      expect(han[0], id).toMatch(/\p{Script=Han}/u)
    }
  })

  it('finds every place by every one of its names', () => {
    for (const place of gazetteer)
      for (const name of [place.latin, ...place.otherLatin, ...place.hangul, ...place.han])
        expect(findPlace(name)?.id, name).toBe(place.id)
  })
})

describe('findPlace', () => {
  it.each([
    ['선양', 'cn-shenyang'],
    ['심양', 'cn-shenyang'],
    ['沈阳', 'cn-shenyang'],
    ['瀋陽市', 'cn-shenyang'],
    ['Shenyang', 'cn-shenyang'],
    ['SHEN-YANG', null],
    ['Shenyang, Liaoning province', 'cn-shenyang'],
    ['辽宁省沈阳市', 'cn-shenyang'],
    ['료녕성 심양시 서탑거리', 'cn-shenyang'],
    ['辽宁', 'cn-liaoning'],
    ['Jilin', 'cn-jilin'],
    ['Jilin City', 'cn-jilin-city'],
    ['吉林省吉林市', 'cn-jilin-city'],
    ["Ji'an", 'cn-jian'],
    ['Ji’an, Jilin', 'cn-jian'],
    ['Fujian', null],
    ['도문 변방 수용소', 'cn-tumen-border-detention'],
    ['图们看守所', 'cn-tumen-border-detention'],
    ['Tumen', 'cn-tumen'],
    ['Sinŭiju', 'kp-sinuiju'],
    ['Shinuiju', 'kp-sinuiju'],
    ['Hoiryong', 'kp-hoeryong'],
    ['전거리 교화소', 'kp-kyohwaso-12'],
    ['between Shenyang and Dandong', null],
    ['a village nobody knows', null],
    ['', null],
    ['\u001b[2J선양', 'cn-shenyang'],
  ])('of %j is %s', (text, id) => {
    expect(findPlace(text)?.id ?? null).toBe(id)
  })

  it('reads a text of any length', () => {
    expect(findPlace('가'.repeat(100_000))).toBeNull()
  })
})

describe('gazetteerPlaceOf', () => {
  it('reads the text together with the province, or a province alone', () => {
    expect(gazetteerPlaceOf({ text: '沈阳', admin: '辽宁' })?.id).toBe('cn-shenyang')
    expect(gazetteerPlaceOf({ admin: '辽宁' })?.id).toBe('cn-liaoning')
    expect(gazetteerPlaceOf({ text: 'the market', admin: '辽宁' })?.id).toBe('cn-liaoning')
    expect(gazetteerPlaceOf(null)).toBeNull()
  })

  it('does not contradict the country that the tip gives', () => {
    expect(gazetteerPlaceOf({ text: '심양', country: 'CN' })?.id).toBe('cn-shenyang')
    expect(gazetteerPlaceOf({ text: '심양', country: 'KR' })).toBeNull()
  })

  it('shows Latin, Korean and Chinese names', () => {
    const shenyang = findPlace('沈阳')
    expect(shenyang && placeNames(shenyang)).toBe('Shenyang (선양, 沈阳)')
  })
})
