import { describe, expect, it } from 'vitest'
import { checkField, checkSet } from '../../../src/desk/casebook/check-set.ts'
import { reliabilityTerms } from '../../../src/desk/casebook/reliability.ts'
import { seedTip } from '../support/sample-view.ts'

describe('checkSet', () => {
  it.each<[field: string, typed: string, value: unknown]>([
    ['status', 'read', 'read'],
    ['tier', '0', 0],
    ['tier', 'T2', 2],
    ['reliability', 'likely_reliable', 'likely_reliable'],
    ['reliability', 'Highly unreliable', 'highly_unreliable'],
    ['reliability', '99', 'unknown'],
    ['reliability', '2', 'likely_reliable'],
    ['assigned', ' 박 ', '박'],
    ['deadline', '2017-11-18', '2017-11-18'],
    ['persons.1.person_id', 'yi-1', 'yi-1'],
    ['persons.0.confirmed', 'yes', true],
    ['persons.0.guide', 'false', false],
    ['event.detained_when', '2017-11-04/..', '2017-11-04/..'],
    ['event.where_taken.lat', '41.8', 41.8],
    ['event.companions', '9', 9],
    ['event.authority', 'cn_public_security, cn_military', ['cn_public_security', 'cn_military']],
    ['event.authority', '', []],
    ['persons.0.nationality', 'KP，CN', ['KP', 'CN']],
    ['persons.0.names.1.text', '李英姬', '李英姬'],
    ['persons.2.names.0.text', '박철수', '박철수'],
  ])('accepts %s %j', (field, typed, value) => {
    expect(checkSet(seedTip, field, typed)).toEqual(value)
  })

  it('accepts groups and lists of groups as JSON', () => {
    const transfers = [{ when: '2017-11-07', to: { text: '단둥', country: 'CN' } }]
    expect(
      checkSet(seedTip, 'event.transfers', JSON.stringify(transfers), { isJson: true }),
    ).toEqual(transfers)
    expect(checkSet(seedTip, 'tier', '1', { isJson: true })).toBe(1)
  })

  it.each([
    ['status', 'done', 'VALUE_INVALID', 'status must be one of new, read, acting, waiting, closed'],
    ['tier', '4', 'VALUE_INVALID', 'tier must be one of 0, 1, 2, 3'],
    ['tier', '', 'VALUE_INVALID', 'tumen case unset'],
    ['deadline', '2017-11', 'VALUE_INVALID', 'deadline must be a day'],
    ['deadline', '2017-02-29', 'VALUE_INVALID', 'deadline must be a day'],
    ['reliability', 'good', 'VALUE_INVALID', 'highly_reliable'],
    ['title', 'two\nlines', 'VALUE_INVALID', 'one line'],
    ['persons.0.confirmed', 'maybe', 'VALUE_INVALID', 'yes or no'],
    [
      'persons.7.confirmed',
      'yes',
      'FIELD_UNKNOWN',
      'the tip has persons.0 to persons.1; add one with persons.2.names.0.text',
    ],
    ['statsu', 'read', 'FIELD_UNKNOWN', 'did you mean status?'],
    ['persons.0.confirmd', 'yes', 'FIELD_UNKNOWN', 'did you mean persons.N.confirmed?'],
    ['event.companions', 'nine', 'VALUE_INVALID', 'a whole number'],
    ['event.companions', '1.5', 'CORRECTION_REFUSED', 'event.companions must be of type integer'],
    ['event.held_where', '단둥', 'VALUE_INVALID', 'name a field in it (text, country, admin'],
    ['event.transfers', 'x', 'VALUE_INVALID', 'event.transfers.0.when'],
    ['event.authority', 'police', 'CORRECTION_REFUSED', 'cn_public_security'],
    ['event.where_taken.text', '', 'CORRECTION_REFUSED', 'must not be empty'],
    ['event.where_taken.lat', '91', 'CORRECTION_REFUSED', 'must be <= 90'],
    [
      'persons.0.status',
      'gone',
      'CORRECTION_REFUSED',
      'held, moved, returned, released, dead, missing, unknown',
    ],
  ])('refuses %s %j', (field, typed, code, message) => {
    expect(() => checkSet(seedTip, field, typed)).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(message) }),
    )
  })

  it('refuses invalid JSON, and null', () => {
    expect(() => checkSet(seedTip, 'event', '{how', { isJson: true })).toThrow(
      expect.objectContaining({
        code: 'VALUE_INVALID',
        message: expect.stringContaining('not JSON'),
      }),
    )
    expect(() => checkSet(seedTip, 'event', 'null', { isJson: true })).toThrow(
      expect.objectContaining({ code: 'VALUE_INVALID', message: expect.stringContaining('unset') }),
    )
  })

  it('lets a case without a tip be written by hand, its narrative first', () => {
    expect(checkSet(null, 'status', 'closed')).toBe('closed')
    expect(checkSet(null, 'narrative', 'A woman was taken.')).toBe('A woman was taken.')
    expect(() => checkSet(null, 'lang', 'ko')).toThrow(
      expect.objectContaining({
        code: 'CORRECTION_REFUSED',
        message: expect.stringContaining('set narrative first'),
      }),
    )
    expect(() => checkSet(null, 'persons.0.guide', 'yes')).toThrow(
      expect.objectContaining({ code: 'FIELD_UNKNOWN' }),
    )
  })
})

describe('checkField', () => {
  it('knows the fields of both kinds', () => {
    for (const field of ['status', 'persons.3.guide', 'event.transfers.0.to.text'])
      checkField(field)
    expect(() => checkField('event.nothing')).toThrow(
      expect.objectContaining({ code: 'FIELD_UNKNOWN' }),
    )
  })
})

describe('reliabilityTerms', () => {
  // Source: OpenEvSys, schema/mysql-dbpopulate-mt.sql, list 42: vocab numbers 01 to 05 and 99.
  it('are those of HURIDOCS micro-thesaurus 42', () => {
    expect(Object.values(reliabilityTerms).map(({ mt42, en }) => `${mt42} ${en}`)).toEqual([
      '01 Highly reliable',
      '02 Likely reliable',
      '03 Unsure',
      '04 Likely unreliable',
      '05 Highly unreliable',
      '99 Unknown',
    ])
  })
})
