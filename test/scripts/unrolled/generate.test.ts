import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { sources } from '../../../scripts/unrolled/generate.ts'

describe('generate', () => {
  it.each(Object.entries(sources))('has written %s as it is', (path, source) => {
    expect(readFileSync(path, 'utf8')).toBe(source())
  })

  it.each(Object.keys(sources))('calls no function in %s', (path) => {
    const code = readFileSync(path, 'utf8').replace(/\/\*\*[^]*?\*\/|\/\/.*/g, '')
    const body = code.slice(code.indexOf('): void {'))
    const calls = body.match(/\b(?!for\b)\w+ ?\(/g)
    expect(calls).toBeNull()
  })
})
