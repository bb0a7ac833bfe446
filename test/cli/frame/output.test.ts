import { readFileSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

import { CliError } from '../../../src/cli/frame/errors.ts'
import { openOutput, withOutput } from '../../../src/cli/frame/output.ts'
import { fakeContext } from '../support/fake-context.ts'
import { makeTempDir } from '../support/run-tumen.ts'

const bytes = new TextEncoder().encode('sealed')

describe('openOutput', () => {
  it('shows the file only when it is complete, readable only by its owner', async () => {
    const cwd = await makeTempDir()
    const output = await openOutput(fakeContext({ cwd }), { path: 'x.age', isBinary: true })
    await output.write(bytes)
    expect(readdirSync(cwd)).not.toContain('x.age')
    await output.write(bytes)
    await output.commit()
    await output.discard()
    expect(readdirSync(cwd)).toEqual(['x.age'])
    expect(readFileSync(join(cwd, 'x.age'), 'utf8')).toBe('sealedsealed')
    expect(statSync(join(cwd, 'x.age')).mode & 0o777).toBe(0o600)
  })

  it('leaves nothing behind when filling it fails', async () => {
    const cwd = await makeTempDir()
    const output = await openOutput(fakeContext({ cwd }), { path: 'x.age', isBinary: true })
    const filling = withOutput(output, async ({ write }) => {
      await write(bytes)
      throw new Error('the source ended early')
    })
    await expect(filling).rejects.toThrow('ended early')
    expect(readdirSync(cwd)).toEqual([])
  })

  it('leaves nothing behind when interrupted', async () => {
    const context = fakeContext({ cwd: await makeTempDir() })
    const output = await openOutput(context, { path: 'x.age', isBinary: true })
    await output.write(bytes)
    expect(readdirSync(context.cwd)).toHaveLength(1)
    context.interrupt()
    expect(readdirSync(context.cwd)).toEqual([])
    await output.discard()
  })

  it('never replaces a file unless mayReplace is set', async () => {
    const cwd = await makeTempDir()
    const context = fakeContext({ cwd })
    writeFileSync(join(cwd, 'x'), 'evidence')
    await expect(openOutput(context, { path: 'x', isBinary: true })).rejects.toThrow(
      'x exists and is not replaced',
    )
    const late = await openOutput(context, { path: 'late', isBinary: true })
    writeFileSync(join(cwd, 'late'), 'evidence')
    await expect(withOutput(late, ({ write }) => write(bytes))).rejects.toThrow('exists')
    const replacing = await openOutput(context, { path: 'x', isBinary: true, mayReplace: true })
    expect(readFileSync(join(cwd, 'x'), 'utf8')).toBe('evidence')
    await withOutput(replacing, ({ write }) => write(bytes))
    expect(readFileSync(join(cwd, 'x'), 'utf8')).toBe('sealed')
    expect(readFileSync(join(cwd, 'late'), 'utf8')).toBe('evidence')
    expect(readdirSync(cwd).sort()).toEqual(['late', 'x'])
  })

  it('writes to a device without replacing it', async () => {
    const output = await openOutput(fakeContext(), {
      path: '/dev/null',
      isBinary: true,
      mayReplace: true,
    })
    await withOutput(output, ({ write }) => write(bytes))
    expect(statSync('/dev/null').isCharacterDevice()).toBe(true)
  })

  it('does not follow a symbolic link to a file that must not be replaced', async () => {
    const cwd = await makeTempDir()
    writeFileSync(join(cwd, 'target'), 'evidence')
    symlinkSync('target', join(cwd, 'link'))
    await expect(
      openOutput(fakeContext({ cwd }), { path: 'link', isBinary: true }),
    ).rejects.toThrow(CliError)
    expect(readFileSync(join(cwd, 'target'), 'utf8')).toBe('evidence')
  })

  it.each([undefined, '-'])('writes to stdout for %s', async (path) => {
    const context = fakeContext()
    await withOutput(await openOutput(context, { path, isBinary: true }), ({ write }) =>
      write(bytes),
    )
    expect(context.written.stdout).toBe('sealed')
  })

  it('refuses bytes on a terminal, but prints text there', async () => {
    const context = fakeContext({ isTerminal: { stdin: true, stdout: true, stderr: true } })
    await expect(openOutput(context, { isBinary: true })).rejects.toMatchObject({ code: 'USAGE' })
    await withOutput(await openOutput(context, { isBinary: false }), ({ write }) => write(bytes))
    expect(context.written.stdout).toBe('sealed')
  })

  it('reports a folder in place of the file', async () => {
    const cwd = await makeTempDir()
    await expect(openOutput(fakeContext({ cwd }), { path: '.', isBinary: true })).rejects.toThrow(
      'is a folder',
    )
  })
})
