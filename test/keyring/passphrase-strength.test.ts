import { describe, expect, it } from 'vitest'

import { estimateBits, minTypedBits } from '../../src/keyring/passphrase-strength.ts'

describe('estimateBits', () => {
  it.each([
    'password',
    'Password123!',
    'correct horse',
    '1234567890123456789012',
    'qwertyuiopasdfghjkl',
    'abcdefghijklmnopqrstuvwxyz',
    'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
    'kimkimkimkimkimkimkimkim',
    'abandon abandon abandon abandon abandon abandon',
    'London 1984',
    '19840101 19840102',
    '비밀번호',
    '김정은',
    'six random words',
  ])('finds %j too weak', (passphrase) => {
    expect(estimateBits(passphrase)).toBeLessThan(minTypedBits)
  })

  it.each([
    'orbit velvet canyon drift mango pistol',
    'quince TRACTOR obvious 47 lamp?! wheel',
    '조개 껍데기 여섯 개와 파란 우산 열두 자루',
    'Vq7#kW2!xZ9@pL4$mN',
  ])('finds %j good enough', (passphrase) => {
    expect(estimateBits(passphrase)).toBeGreaterThanOrEqual(minTypedBits)
  })

  it('counts eleven bits for a word of the list, once, case aside', () => {
    expect(estimateBits('orbit')).toBe(11)
    expect(estimateBits('ORBIT canyon')).toBe(22)
    expect(estimateBits('orbit orbit')).toBe(12)
  })
})
