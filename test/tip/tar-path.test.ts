import { describe, expect, it } from 'vitest'
import { defaultTarBounds } from '../../src/tip/bounds.ts'
import { parseTarPath } from '../../src/tip/tar-path.ts'

const parse = (path: string | Uint8Array, isDirectory = false) =>
  parseTarPath(
    typeof path === 'string' ? new TextEncoder().encode(path) : path,
    isDirectory,
    defaultTarBounds,
  )

describe('parseTarPath', () => {
  it.each([
    ['a/b', false, ['a', 'b']],
    ['./a', false, ['a']],
    ['././a', false, ['a']],
    ['a/', true, ['a']],
    ['./', true, []],
    ['././', true, []],
    ['.//', true, []],
    // A byte order mark is part of the name: dropping it would make two names one file.
    ['\ufeffa', false, ['\ufeffa']],
  ] as const)('reads %j (folder: %s)', (path, isDirectory, components) => {
    expect(parse(path, isDirectory)).toEqual(components)
  })

  it.each([
    ['', false, 'is empty'],
    ['a'.repeat(1025), false, 'is over 1024 bytes'],
    [Uint8Array.of(0xff), false, 'is not UTF-8'],
    ['a\u0007', false, 'has a control character or a backslash'],
    ['a\\b', false, 'has a control character or a backslash'],
    ['/a', false, 'is absolute'],
    ['/', true, 'is absolute'],
    ['a/../b', false, 'has an empty, . or .. component'],
    ['a//b', false, 'has an empty, . or .. component'],
    ['.//a/', true, 'has an empty, . or .. component'],
    // A single component that is too long.
    [`attachments/${'a'.repeat(256)}`, false, 'has a component over 255 bytes'],
    ['1/2/3/4/5/6/7/8/9', false, 'is over 8 folders deep'],
  ] as const)('refuses %j (folder: %s): %s', (path, isDirectory, reason) => {
    expect(() => parse(path, isDirectory)).toThrow(
      expect.objectContaining({ code: 'TAR_PATH', message: expect.stringContaining(reason) }),
    )
  })
})
