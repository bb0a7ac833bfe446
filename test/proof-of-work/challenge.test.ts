import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  challengeIn,
  maxNumber,
  readSolution,
  writeSolution,
} from '../../src/proof-of-work/challenge.ts'

const digest = 'ab'.repeat(32)
const challenge = {
  algorithm: 'SHA-256' as const,
  challenge: digest,
  maxnumber: maxNumber,
  salt: `${'0f'.repeat(12)}&`,
  signature: digest,
}
const problem = (over: object = {}) =>
  JSON.stringify({ code: 'PROOF_OF_WORK_NEEDED', challenge: { ...challenge, ...over } })

describe('challengeIn', () => {
  it('finds the challenge in a problem', () => {
    expect(challengeIn(problem())).toEqual(challenge)
  })

  it.each([
    ['another problem', JSON.stringify({ code: 'TOO_MANY_UPLOADS', challenge })],
    ['no JSON', '{'],
    ['null', 'null'],
    ['no challenge', JSON.stringify({ code: 'PROOF_OF_WORK_NEEDED', challenge: null })],
    ['work for hours', problem({ maxnumber: 2 * maxNumber + 1 })],
    ['no work', problem({ maxnumber: 0 })],
    ['half a number', problem({ maxnumber: 1.5 })],
    ['a salt that makes each try long', problem({ salt: `${'0'.repeat(41)}&` })],
    ['a salt that runs into the number', problem({ salt: '0'.repeat(24) })],
    ['a short digest', problem({ challenge: 'ab' })],
    ['a signature that is none', problem({ signature: `${digest}\r\nX: y` })],
  ])('is null for %s', (_what, text) => {
    expect(challengeIn(text)).toBe(null)
  })

  it('is total', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => void challengeIn(text)))
  })
})

describe('readSolution', () => {
  const { maxnumber: _, ...rest } = challenge
  const solution = { ...rest, number: maxNumber }

  it('reads what writeSolution wrote', () => {
    expect(readSolution(writeSolution(solution))).toEqual(solution)
  })

  it.each([
    ['nothing', ''],
    ['what says that there is none', 'none'],
    ['what is no base64', '{"algorithm":"SHA-256"}'],
    ['what is no JSON', btoa('x')],
    ['another algorithm', writeSolution({ ...solution, algorithm: 'SHA-1' as 'SHA-256' })],
    ['number 0', writeSolution({ ...solution, number: 0 })],
    ['a number beyond all', writeSolution({ ...solution, number: maxNumber + 1 })],
    ['a number in words', writeSolution({ ...solution, number: '7' as unknown as number })],
    ['400 characters and one', `${writeSolution(solution)}${'A'.repeat(401)}`.slice(0, 401)],
  ])('is null for %s', (_what, header) => {
    expect(readSolution(header)).toBe(null)
  })

  it('is total', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json().map((text) => Buffer.from(text).toString('base64')),
        ),
        (header) => void readSolution(header),
      ),
    )
  })
})
