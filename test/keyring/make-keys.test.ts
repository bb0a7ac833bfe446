import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

import type { KeyFile } from '../../src/keyring/make-keys.ts'
import { makeIdentity, makeSigningKey, writeKeyFiles } from '../../src/keyring/make-keys.ts'
import { day, makeTempDir, primitives } from './fixtures.ts'

const files: KeyFile[] = [
  { suffix: '.key', content: 'secret' },
  { suffix: '.pub', content: 'public' },
  { suffix: '.card.json', content: 'card' },
]

describe('writeKeyFiles', () => {
  it('leaves none behind when it is interrupted in the middle, a half-written one neither', async () => {
    const dir = await makeTempDir()
    let cleanUp = () => {}
    const seen: string[][] = []
    const interrupting = {
      suffix: '.card.json',
      get content() {
        writeFileSync(join(dir, '.root.card.json.0123456789ab.tmp'), 'half')
        seen.push(readdirSync(dir).sort())
        cleanUp()
        seen.push(readdirSync(dir))
        return 'card'
      },
    }
    let isForgotten = false
    await writeKeyFiles(dir, 'root', { files: [...files.slice(0, 2), interrupting] }, (cleanup) => {
      cleanUp = cleanup
      return () => void (isForgotten = true)
    })
    expect(seen).toEqual([['.root.card.json.0123456789ab.tmp', 'root.key', 'root.pub'], []])
    expect(isForgotten).toBe(true)
  })

  it.each(['.key', '.pub', '.card.json'])(
    'writes none when %s is in the way, and leaves that one as it was',
    async (suffix) => {
      const dir = await makeTempDir()
      writeFileSync(join(dir, `root${suffix}`), 'older')
      await expect(writeKeyFiles(dir, 'root', { files })).rejects.toMatchObject({ code: 'EEXIST' })
      expect(readdirSync(dir)).toEqual([`root${suffix}`])
      expect(readFileSync(join(dir, `root${suffix}`), 'utf8')).toBe('older')
    },
  )

  it('writes none when the disk does not take one of them', async () => {
    const dir = await makeTempDir()
    mkdirSync(join(dir, 'root.pub'))
    await expect(writeKeyFiles(dir, 'root', { files })).rejects.toThrow()
    expect(readdirSync(dir)).toEqual(['root.pub'])
  })
})

describe('makeIdentity and makeSigningKey', () => {
  it('make a secret first and a card that says nothing of it', async () => {
    const identity = await makeIdentity(
      primitives,
      { name: 'kim', role: 'analyst', day },
      undefined,
    )
    const signer = makeSigningKey('desk', 'acknowledgement', undefined)
    expect(identity.files.map(({ suffix }) => suffix)).toEqual(['.identity', '.card.json'])
    expect(signer.files.map(({ suffix }) => suffix)).toEqual(['.key', '.pub', '.card.json'])
    expect(JSON.stringify([identity.card, signer.card])).not.toContain('SECRET')
  })
})
