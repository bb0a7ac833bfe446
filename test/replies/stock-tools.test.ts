import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Decrypter } from 'age-encryption'
import { describe, expect, it } from 'vitest'
import { revealIdentity } from '../../src/age/keys.ts'
import {
  formatPublicKeyFile,
  generateSigningKey,
  signMinisign,
} from '../../src/keyring/minisign.ts'
import { dropName } from '../../src/replies/drop.ts'
import {
  dropTrustedComment,
  formatIndex,
  indexTrustedComment,
} from '../../src/replies/index-file.ts'
import { makeDrop } from '../../src/replies/make-drop.ts'
import { splitMessage } from '../../src/replies/message.ts'
import { primitives } from '../support/ceremony.ts'
import { makeTempDir } from '../support/temp-dir.ts'
import { answerTo, newId, newThread, sampleIndex } from './samples.ts'

describe('tar, minisign and typage', () => {
  it('verify, unpack and open what the desk wrote', async () => {
    const folder = await makeTempDir()
    const [thread, desk, id] = [newThread(primitives), generateSigningKey(), newId(primitives)]
    const text = '우리는 편지를 읽었습니다. '.repeat(300).trim()
    const parts = splitMessage(text, ['un'])
    expect(parts.length).toBeGreaterThan(1)
    const { bytes: drop } = await makeDrop(primitives, {
      id,
      day: '2027-03-01',
      messages: [answerTo(primitives, thread, { parts, asks: ['un'] })],
      opened: [thread.tagKey],
    })
    const index = formatIndex(sampleIndex())
    const put = (name: string, bytes: Uint8Array, trustedComment: string) => {
      writeFileSync(join(folder, name), bytes)
      const signature = signMinisign({ secretKey: desk, message: bytes, trustedComment })
      writeFileSync(join(folder, `${name}.minisig`), signature)
    }
    put(dropName(id), drop, dropTrustedComment(id))
    put('index.json', index, indexTrustedComment(sampleIndex()))
    writeFileSync(join(folder, 'desk.pub'), formatPublicKeyFile(desk.publicKey))
    const run = (program: string, ...args: string[]) =>
      execFileSync(program, args, { cwd: folder, encoding: 'utf8' })
    expect(run('minisign', '-V', '-p', 'desk.pub', '-m', 'index.json')).toContain(
      'tumen replies index seq 7, 2027-03-01',
    )
    expect(run('minisign', '-V', '-p', 'desk.pub', '-m', dropName(id))).toContain(
      `tumen replies drop ${id}`,
    )
    run('tar', '-xf', dropName(id))
    const decrypter = new Decrypter()
    decrypter.addIdentity(revealIdentity(thread.identity))
    const opened: { part: number; text: string }[] = []
    for (const name of readdirSync(folder).filter((each) => each.endsWith('.age'))) {
      const file = new Uint8Array(readFileSync(join(folder, name)))
      const plaintext = await decrypter.decrypt(file).catch(() => null)
      if (plaintext === null) continue
      expect(plaintext).toHaveLength(6533)
      opened.push(JSON.parse(new TextDecoder().decode(plaintext)) as (typeof opened)[number])
    }
    const joined = opened.toSorted((a, b) => a.part - b.part).map((each) => each.text)
    expect(joined.join('')).toBe(text)
  })
})
