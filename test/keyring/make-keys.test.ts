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
  it('leaves no file behind when it is interrupted, not even a half-written one', async () => {
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
    'writes none when %s exists, and does not change that file',
    async (suffix) => {
      const dir = await makeTempDir()
      writeFileSync(join(dir, `root${suffix}`), 'older')
      await expect(writeKeyFiles(dir, 'root', { files })).rejects.toMatchObject({ code: 'EEXIST' })
      expect(readdirSync(dir)).toEqual([`root${suffix}`])
      expect(readFileSync(join(dir, `root${suffix}`), 'utf8')).toBe('older')
    },
  )

  it('writes none of them when one cannot be written', async () => {
    const dir = await makeTempDir()
    mkdirSync(join(dir, 'root.pub'))
    await expect(writeKeyFiles(dir, 'root', { files })).rejects.toThrow()
    expect(readdirSync(dir)).toEqual(['root.pub'])
  })
})

describe('makeIdentity and makeSigningKey', () => {
  it('make the secret first, and a card that does not contain it', async () => {
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
