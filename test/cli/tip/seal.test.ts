import { execFileSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { beforeEach, describe, expect, it } from 'vitest'
import { openFile, unwrapWith } from '../../../src/age/file.ts'
import { inlineEngine } from '../../../src/age/stream.ts'
import { parseIdentityFile } from '../../../src/keyring/identity-file.ts'
import { maxTipBytes } from '../../../src/tip/bounds.ts'
import { pieces } from '../../age/pieces.ts'
import { hasSecret, readPicture } from '../../cleaning/pictures.ts'
import { primitives } from '../../support/ceremony.ts'
import type { Machine } from '../../support/machine.ts'
import { makeMachine } from '../../support/machine.ts'
import { readAll } from '../../tip/streams.ts'
import { commandDay, runHere } from '../support/run-here.ts'
import { runProgram, tumenPath } from '../support/run-tumen.ts'

const demoNote = 'DEMO keyring: do not seal a real tip to it\n'

let machine: Machine
let before: string[] = []
beforeEach(async () => {
  machine = await makeMachine(commandDay)
  writeFileSync(machine.at('비밀 사진.jpg'), Buffer.alloc(70_000, 'photo'))
  writeFileSync(machine.at('tip.json'), '{"narrative":"잡혀갔습니다","lang":"ko"}')
  writeFileSync(machine.at('bad.json'), '{"narrative":"잡혀갔습니다","sex":"비밀"}')
  writeFileSync(machine.at('there.age'), 'x')
  mkdirSync(machine.at('folder'))
  execFileSync('mkfifo', [machine.at('pipe')])
  before = readdirSync(machine.dir)
})

async function unpack(path: string): Promise<Map<string, Uint8Array>> {
  const identities = parseIdentityFile(primitives, readFileSync(machine.identityPath))
  const plaintext = openFile(
    { primitives, engine: inlineEngine(primitives) },
    unwrapWith(primitives, identities),
    pieces(readFileSync(path), 50_000),
  )
  return await readAll(plaintext)
}

const tipOf = (files: Map<string, Uint8Array>) =>
  JSON.parse(Buffer.from(files.get('tip.json') ?? []).toString()) as object

describe('tumen seal', () => {
  describe('of a picture with hidden data', () => {
    const camera = readPicture('camera.jpg')
    const sealPicture = async (...options: string[]) => {
      writeFileSync(machine.at('camera.jpg'), camera)
      const args = ['seal', '--narrative', 'x', 'camera.jpg', '-o', 'picture.age', ...options]
      const { status, stderr } = await runHere(machine, args)
      expect(status).toBe(0)
      const files = await unpack(machine.at('picture.age'))
      const { attachments } = tipOf(files) as { attachments: { metadata?: string }[] }
      const content = Buffer.from(files.get('attachments/camera.jpg') ?? [])
      return { metadata: attachments[0]?.metadata, content, note: stderr.replace(demoNote, '') }
    }

    it.each([[], ['--clean']])('removes it by default and with --clean %#', async (...options) => {
      const { metadata, content, note } = await sealPicture(...options)
      expect(metadata).toBe('removed')
      expect(hasSecret(content)).toBe(false)
      expect(content.length).toBeGreaterThan(500)
      expect(note).toBe('camera.jpg: hidden place, time and device are removed\n')
    })

    it('keeps it with --no-clean', async () => {
      const { metadata, content, note } = await sealPicture('--no-clean')
      expect({ metadata, note }).toEqual({ metadata: 'kept', note: '' })
      expect(content.equals(camera)).toBe(true)
    })

    it('is not sealed if it is damaged and nobody can be asked, unless by --no-clean', async () => {
      writeFileSync(machine.at('half.jpg'), camera.subarray(0, 40))
      const args = ['seal', '--narrative', 'x', 'half.jpg', '-o', 'unasked.age']
      const refused = await runHere(machine, args)
      expect(refused.status).toBe(1)
      expect(refused.stderr).toContain(
        'nothing was sealed: hidden place and time could not be removed from half.jpg; leave out half.jpg, or attach another copy. --no-clean attaches all pictures as they are',
      )
      expect(existsSync(machine.at('unasked.age'))).toBe(false)
      expect((await runHere(machine, [...args, '--no-clean'])).status).toBe(0)
    })

    it('of another kind is attached with a note where nobody can be asked', async () => {
      writeFileSync(machine.at('clip.mp4'), camera.subarray(200, 400))
      const args = ['seal', '--narrative', 'x', 'clip.mp4', '-o', 'clip.age']
      const { status, stderr } = await runHere(machine, args)
      expect(status).toBe(0)
      expect(stderr).toContain('clip.mp4: only pictures can be cleaned; it is attached as it is')
    })

    it.each([
      ['yes', 0, 'half.age'],
      ['no', 1, 'nothing was sealed: leave out half.jpg'],
      ['', 1, 'nothing was sealed: leave out half.jpg'],
    ])(
      'asks once about it on a terminal, and after %j ends with %i',
      async (answer, status, said) => {
        writeFileSync(machine.at('half.jpg'), camera.subarray(0, 40))
        const args = ['seal', '--narrative', 'x', 'half.jpg', '-o', 'half.age']
        const isTerminal = { stdin: true, stdout: false, stderr: false }
        const asked = await runHere(machine, args, { input: `${answer}\n`, isTerminal })
        expect(asked.status).toBe(status)
        expect(asked.stderr).toContain(
          'could not be removed from half.jpg. Attach as it is? [yes/no]',
        )
        if (status === 1) expect(asked.stderr).toContain(said)
        expect(existsSync(machine.at('half.age'))).toBe(status === 0)
      },
    )

    it('refuses an empty file', async () => {
      writeFileSync(machine.at('empty.jpg'), '')
      const args = ['seal', '--narrative', 'x', 'empty.jpg', '-o', 'empty.age']
      expect(await runHere(machine, args)).toMatchObject({
        status: 1,
        stderr: expect.stringContaining('save it on this device first') as string,
      })
    })
  })

  describe('--consent', () => {
    const consentAfter = async (...options: string[]) => {
      const done = await runHere(machine, [
        'seal',
        '--narrative',
        'x',
        '-o',
        'consent.age',
        ...options,
      ])
      if (done.status !== 0) return done.stderr
      const tip = tipOf(await unpack(machine.at('consent.age'))) as {
        consent?: { recipient: string; level: string }[]
        consent_meta?: object
      }
      return { levels: tip.consent?.map(({ level }) => level).join(' '), meta: tip.consent_meta }
    }

    it.each([
      ['with_names', [], 'ask_first named named ask_first named ask_first'],
      ['with_names', ['--un'], 'named named named ask_first named ask_first'],
      ['without_names', [], 'ask_first facts_only facts_only facts_only facts_only facts_only'],
      ['ask_me', [], 'ask_first ask_first ask_first ask_first ask_first ask_first'],
      ['nobody', [], 'no no no no no no'],
    ])('records %s %s as the page does', async (choice, more, levels) => {
      expect(await consentAfter('--consent', choice, ...more)).toEqual({
        levels,
        meta: { text_version: '2 en', date: `${commandDay}~` },
      })
    })

    it('says nothing when it is not given', async () => {
      expect(await consentAfter()).toEqual({ levels: undefined, meta: undefined })
    })

    it.each([
      [['--consent', 'all'], '--consent must be one of with_names, without_names'],
      [['--un'], '--un counts only with --consent with_names'],
      [['--consent', 'nobody', '--un'], '--un counts only with --consent with_names'],
    ])('refuses %j', async (options, message) => {
      expect(await consentAfter(...options)).toContain(message)
    })

    it('refuses to overrule the consent of a tip', async () => {
      const consent = [{ recipient: 'un', level: 'no' }]
      writeFileSync(machine.at('own.json'), JSON.stringify({ narrative: 'x', consent }))
      const done = await runHere(machine, ['seal', '--tip', 'own.json', '--consent', 'nobody'])
      expect(done.status).toBe(2)
      expect(done.stderr).toContain('a "consent" of its own')
    })
  })

  it('seals a tip and its files', async () => {
    const done = await runHere(machine, [
      'seal',
      '--tip',
      'tip.json',
      '비밀 사진.jpg',
      '-o',
      'x.age',
    ])
    expect(done).toEqual({
      status: 0,
      stdout: '',
      stderr: `${demoNote}비밀 사진.jpg: only pictures can be cleaned; it is attached as it is, with any place and time in it\n`,
    })
    const files = await unpack(machine.at('x.age'))
    expect([...files.keys()]).toEqual(['tip.json', 'attachments/비밀 사진.jpg'])
    expect(tipOf(files)).toMatchObject({
      narrative: '잡혀갔습니다',
      lang: 'ko',
      attachments: [{ media_type: 'image/jpeg', bytes: 70_000 }],
    })
  })

  it('seals large files in one pass to a file, and in two to a pipe', async () => {
    const content = randomBytes(9 * 1024 * 1024)
    writeFileSync(machine.at('big.bin'), content)
    const sha256 = createHash('sha256').update(content).digest('hex')
    const args = ['seal', '--json', '--narrative', 'x', 'big.bin', '-o', 'x.age']
    const { stdout } = await runHere(machine, args)
    expect(JSON.parse(stdout)).toEqual({
      bytes: statSync(machine.at('x.age')).size,
      receipt: createHash('sha256')
        .update(readFileSync(machine.at('x.age')))
        .digest('hex'),
    })
    const pipe = '"$0" "$1" seal --narrative x big.bin > piped.age'
    const inShell = ['-c', pipe, process.execPath, tumenPath]
    await runProgram('bash', machine.dir, inShell, machine.env)
    for (const name of ['x.age', 'piped.age']) {
      const files = await unpack(machine.at(name))
      expect(Buffer.from(files.get('attachments/big.bin') ?? []).equals(content)).toBe(true)
      expect(tipOf(files)).toMatchObject({ attachments: [{ bytes: content.length, sha256 }] })
    }
    expect(statSync(machine.at('x.age')).size).toBe(statSync(machine.at('piped.age')).size)
  })

  it('attaches the cleaned copy of a picture beside a large file, too', async () => {
    writeFileSync(machine.at('big.bin'), randomBytes(9 * 1024 * 1024))
    const picture = readFileSync('test/vectors/pictures/camera.jpg')
    writeFileSync(machine.at('camera.jpg'), picture)
    const args = ['seal', '--narrative', 'x', 'big.bin', 'camera.jpg', '-o', 'x.age']
    expect(await runHere(machine, args)).toMatchObject({ status: 0 })
    const attached = Buffer.from(
      (await unpack(machine.at('x.age'))).get('attachments/camera.jpg') ?? [],
    )
    expect(attached.length).toBeGreaterThan(0)
    expect(attached.equals(picture)).toBe(false)
  })

  it('reads plain text from stdin, and writes the envelope to stdout', async () => {
    const pipe = `echo '아내가 잡혀갔습니다' | "$0" "$1" seal > piped.age`
    const done = await runProgram(
      'bash',
      machine.dir,
      ['-c', pipe, process.execPath, tumenPath],
      machine.env,
    )
    expect(done).toMatchObject({ status: 0, stderr: demoNote })
    expect(tipOf(await unpack(machine.at('piped.age')))).toMatchObject({
      narrative: '아내가 잡혀갔습니다',
    })
  })

  const utf16 = Buffer.from('\ufeff아내가 잡혀갔습니다\r\n', 'utf16le')
  it.each([
    ['UTF-8 with a mark', Buffer.from('\ufeff아내가 잡혀갔습니다\r\n')],
    ['UTF-16', utf16],
    ['UTF-16, greater byte first', Buffer.from(utf16).swap16()],
  ])('reads a narrative in %s', async (_, bytes) => {
    writeFileSync(machine.at('notes.txt'), bytes)
    const done = await runProgram(
      'bash',
      machine.dir,
      ['-c', '"$0" "$1" seal -o notes.age < notes.txt', process.execPath, tumenPath],
      machine.env,
    )
    expect(done.status).toBe(0)
    const tip = tipOf(await unpack(machine.at('notes.age')))
    expect(tip).toMatchObject({ narrative: '아내가 잡혀갔습니다' })
  })

  it('refuses a narrative in another encoding, and seals nothing', async () => {
    // 아내 in EUC-KR.
    writeFileSync(machine.at('notes.txt'), Buffer.from('bec6b3bb', 'hex'))
    const done = await runProgram(
      'bash',
      machine.dir,
      ['-c', '"$0" "$1" seal -o notes.age < notes.txt', process.execPath, tumenPath],
      machine.env,
    )
    expect(done).toMatchObject({ status: 1 })
    expect(done.stderr).toContain('the text is not in UTF-8')
    expect(existsSync(machine.at('notes.age'))).toBe(false)
  })

  it('reads the tip as JSON from stdin, or the narrative from the command line', async () => {
    await runHere(machine, ['seal', '--tip', '-', '-o', 'a.age'], { input: '{"narrative":"하나"}' })
    await runHere(machine, ['seal', '--narrative', ' 둘\n', '--lang', 'ko', '-o', 'b.age'])
    expect(tipOf(await unpack(machine.at('a.age')))).toMatchObject({ narrative: '하나' })
    expect(tipOf(await unpack(machine.at('b.age')))).toMatchObject({ narrative: '둘', lang: 'ko' })
  })

  it.each([
    [2, ['--tip', 'tip.json', '--narrative', 'x'], 'do not go together'],
    [2, ['--narativ', 'x'], 'did you mean --narrative?'],
    [1, ['--tip', 'none.json'], 'none.json is missing (--tip)'],
    [1, ['--tip', 'bad.json', '비밀 사진.jpg'], 'sex'],
    [1, ['--narrative', '', '비밀 사진.jpg'], 'narrative'],
    [1, ['--narrative', 'x', 'none.jpg'], 'none.jpg cannot be read (there is no such file)'],
    [1, ['--narrative', 'x', '비밀 사진.jpg', 'folder'], 'folder is not a plain file'],
    [1, ['--narrative', 'x', 'pipe'], 'pipe is not a plain file'],
    [1, ['--narrative', 'x', '-o', 'folder'], 'folder is a folder'],
    [1, ['--narrative', 'x', '-o', 'there.age'], 'there.age exists and is not replaced'],
    [1, ['--narrative', 'x', '-o', 'no/such/x.age'], 'no such file'],
    [1, ['--narrative', 'x', '--dir', 'folder'], 'keyring.json is missing'],
  ])('ends with %i for %j and leaves nothing behind', async (status, args, expected) => {
    const output = args.includes('-o') ? [] : ['-o', 'x.age']
    const done = await runHere(machine, ['seal', ...args, ...output])
    expect(done).toMatchObject({ status, stdout: '', stderr: expect.stringContaining(expected) })
    expect(done.stderr.replace(demoNote, '').trim().split('\n')).toHaveLength(1)
    expect(readdirSync(machine.dir)).toEqual(before)
    expect(readFileSync(machine.at('there.age'), 'utf8')).toBe('x')
  })

  it.each([
    ['a wrong tip', ['--tip', 'bad.json', '비밀 사진.jpg']],
    ['a missing file', ['--narrative', '비밀 이야기', 'none.jpg']],
    ['an output that is there', ['--narrative', '비밀 이야기', '비밀 사진.jpg', '-o', 'there.age']],
  ])(
    'says nothing of the tip, its files or their place when it fails for %s',
    async (_why, args) => {
      const { stderr } = await runHere(machine, ['seal', '-o', 'x.age', ...args])
      expect(stderr).not.toContain('비밀')
      if (!args.includes('-o')) expect(stderr).not.toContain(machine.dir)
    },
  )

  it('does not write an envelope to a terminal', async () => {
    const done = await runHere(machine, ['seal', '--narrative', 'x'], {
      isTerminal: { stdin: false, stdout: true, stderr: false },
    })
    expect(done).toMatchObject({
      status: 2,
      stdout: '',
      stderr: expect.stringContaining('stdout is a terminal: name a file with --output'),
    })
  })

  it('refuses an expired keyring', async () => {
    const late = { now: () => new Date('2028-01-01T00:00:00Z') }
    const done = await runHere(machine, ['seal', '--narrative', 'x', '-o', 'x.age'], {
      clock: late,
    })
    expect(done).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('the keyring expired'),
    })
    expect(readdirSync(machine.dir)).toEqual(before)
  })

  it.each([
    [maxTipBytes - 1, 'tip.json is over'],
    [maxTipBytes, 'tip.json is over'],
    [maxTipBytes + 1, `stdin holds more than ${maxTipBytes} bytes`],
  ])('reads %i bytes of stdin', async (bytes, expected) => {
    const input = new Uint8Array(bytes).fill(0x78)
    const done = await runHere(machine, ['seal', '-o', 'x.age'], { input })
    expect(done.status).toBe(1)
    expect(done.stderr).toContain(expected)
    expect(readdirSync(machine.dir)).toEqual(before)
  })
})
