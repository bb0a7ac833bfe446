import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { problemCodes } from '../../src/ops/problems.ts'

const folders = ['signals', 'several/contract', 'several/redis'].map((name) =>
  join(import.meta.dirname, '..', name),
)

/** Problems whose way out no test walks until nothing is reported, each with the reason. */
const notWalked: Readonly<Record<string, string>> = {
  MACHINE_MISSING: 'needs a second machine: test/ops/machines-watch.test.ts',
  CHORES_NOBODY: 'needs a shared store: test/ops/machines-watch.test.ts',
  CHORES_TWICE: 'needs two workers on a shared store: test/ops/machines-watch.test.ts',
  SUSPECT_OBJECTS: 'its way out is people who look at objects that somebody put into the store',
  TOR_DOWN: 'needs tor: test/onion/heal.test.ts',
  ONION_UNREACHABLE: 'needs tor: test/onion/heal.test.ts',
}

/**
 * The problems in the tests that make a problem appear, and then make it disappear by doing what
 * its way out says.
 */
function walkedCodes(): Set<string> {
  const text = folders
    .flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)))
    .filter((path) => basename(path).startsWith('ways-out'))
    .map((path) => readFileSync(path, 'utf8'))
    .join('\n')
  return new Set(problemCodes.filter((code) => text.includes(`'${code}'`)))
}

describe('the ways out of the problems', () => {
  it('are each walked by a test, or named here with a reason', () => {
    const walked = walkedCodes()
    expect(problemCodes.filter((code) => !walked.has(code) && !(code in notWalked))).toEqual([])
  })

  it('are not named here when they are walked, or when there is no such problem', () => {
    const walked = walkedCodes()
    const codes: readonly string[] = problemCodes
    expect(
      Object.keys(notWalked).filter((code) => walked.has(code) || !codes.includes(code)),
    ).toEqual([])
  })

  it('that are walked are more than those that are not', () => {
    expect(walkedCodes().size).toBeGreaterThan(Object.keys(notWalked).length)
  })
})
