import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readReceipt } from '../../src/wire/read-receipt.ts'

const receipt = '3f8a0c1d2e4b5a6978c0d1e2f3a4b5c6d7e8f9010a1b2c3d4e5f60718293a4b5'
const groups = receipt.match(/.{4}/g)?.join(' ') ?? ''

const numberedLines = Array.from(
  { length: 4 },
  (_, i) => `${i + 1}. ${groups.slice(20 * i, 20 * i + 19)}`,
).join('\n')

describe('readReceipt', () => {
  it.each([
    ['as it is', receipt],
    ['in groups', groups],
    ['in capitals', receipt.toUpperCase()],
    ['on several lines', groups.replaceAll(' ', '\n')],
    ['with dashes', groups.replaceAll(' ', '-')],
    [
      'in full-width letters',
      receipt.replace(/./g, (c) => String.fromCodePoint((c.codePointAt(0) ?? 0) + 0xfee0)),
    ],
    ['in its address', `http://abcdefghijklmnop.onion/receipts/${receipt}?lang=ko`],
    ['as JSON', `{"receipt":"${receipt}","bytes":65536}`],
    ['in quote marks', `“${receipt}”`],
    [
      'with its heading',
      `Your receipt\n${groups}\nWith it you can ask whether your message has arrived.`,
    ],
    ['with a Korean heading', `접수증 번호: ${groups} 입니다`],
    ['after words that are hex digits', `code abe: ${groups}`],
    [
      'as tumen send prints it',
      `stored\nreceipt ${receipt}\nin short 01234 56789 11111 22222 33333 44444 55555 66666`,
    ],
    ['on numbered lines', numberedLines],
    ['after its day', `2026-11-29 ${groups}`],
    ['before its day and time', `${groups} 2026.11.29 10:33`],
    ['in pairs with colons', receipt.replace(/..(?=.)/g, '$&:')],
    ['in Arabic digits', receipt.replace(/\d/g, (c) => String.fromCharCode(0x660 + Number(c)))],
    ['twice', `${receipt} ${receipt}`],
    [
      'with Cyrillic letters',
      receipt.replaceAll('a', 'а').replaceAll('c', 'с').replaceAll('e', 'е'),
    ],
    ['with O and l for digits', receipt.replaceAll('0', 'O').replaceAll('1', 'l')],
    ['with Greek letters', receipt.replaceAll('a', 'α').replaceAll('e', 'ε').replaceAll('0', 'ο')],
    ['in small capitals', receipt.replaceAll('a', 'ᴀ').replaceAll('b', 'ʙ')],
    ['with 0x before it', `0x${receipt}`],
    ['in pointed brackets', `<${receipt}>`],
    ['as HTML', `<code>${groups.replaceAll(' ', '</code> <code>')}</code>`],
    ['with entities', groups.replaceAll(' ', '&nbsp;')],
    ['escaped', encodeURIComponent(`receipt ${groups}`)],
    ['with a Korean particle', `접수증은 ${receipt}입니다`],
    ['between Chinese words', `回执${receipt}收到了吗`],
    ['after a Korean day', `2026. 11. 28. ${groups}`],
    ['before a day', `${groups} 28/11/2026`],
    ['after its month', `28 Dec 2026 ${groups}`],
    ['on lines with numbers in circles', numberedLines.replace(/(\d)\./g, '①')],
    ['twice in groups', `${groups} ${groups}`],
    ['with invisible marks', `\u200f${groups.replaceAll(' ', '\u200b ')}\u202c`],
  ])('reads one %s', (_, pasted) => {
    expect(readReceipt(pasted)).toEqual({ found: 'one', readings: [receipt] })
  })

  it.each([
    ['a year', `2026 ${groups}`],
    ['a number of a phone', `010-1234-5678 ${groups}`],
    ['numbers of lines', numberedLines.replaceAll('.', '')],
    ['its length', `67890 ${groups}`],
  ])('includes the receipt in its readings if digits stand next to it: %s', (_, pasted) => {
    const read = readReceipt(pasted)
    expect(read.found === 'one' && read.readings.includes(receipt)).toBe(true)
  })

  it.each([
    ['nothing', ''],
    ['63 digits', receipt.slice(1)],
    ['65 digits', `${receipt}0`],
    ['the short digits', '01234 56789 11111 22222 33333 44444 55555 66666'],
    ['words alone', 'I lost my receipt'],
  ])('finds none in %s', (_, pasted) => {
    expect(readReceipt(pasted)).toEqual({ found: 'none' })
  })

  it.each([
    ['after each other', `${receipt} ${'ab'.repeat(32)}`],
    ['in groups', `${groups} ${'abcd '.repeat(16)}`],
    ['with words between', `first ${receipt}, then ${groups.replaceAll('3', '4')}`],
  ])('says that there are several receipts %s', (_, pasted) => {
    expect(readReceipt(pasted)).toEqual({ found: 'several' })
  })

  it('reads any text without throwing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 500 }), (pasted) => {
        const read = readReceipt(pasted)
        return read.found !== 'one' || read.readings.every((one) => /^[0-9a-f]{64}$/.test(one))
      }),
    )
  })
})
