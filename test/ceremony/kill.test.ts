import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, watch } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'

import { stepIds } from '../../src/desk/ceremony/state.ts'
import { tumenPath } from '../cli/support/run-tumen.ts'
import { makeBroughtCards } from '../desk/ceremony/players.ts'
import { makeTempDir } from '../support/temp-dir.ts'
import { filesBelow } from '../support/tree.ts'

const passphrases: Record<string, string> = {
  root: 'orbit velvet canyon drift mango pistol',
  kim: 'quantum barely inside wedding fox elbow',
  desk: 'lemon harbor pyramid sniff organ tattoo',
}
const typed = (name: string) => passphrases[name] ?? ''

let dir: string
let cards: { park: string; server: string }
beforeEach(async () => {
  dir = await makeTempDir()
  cards = await makeBroughtCards(join(dir, 'brought'))
})
const at = (...parts: string[]) => join(dir, 'ceremony', ...parts)

/**
 * Answers to each question, which may depend on the text shown. A test machine does not meet the
 * conditions of a ceremony, so the question whether to continue all the same is answered too.
 */
const answers: ReadonlyArray<
  readonly [question: RegExp, answer: (match: RegExpExecArray) => string]
> = [
  [/(Is all of it so\?|Go on all the same\?) \(yes or no\) $/, () => 'yes'],
  [
    /Name of person (\d)[^\n]*: $/,
    ([, number]) => ['김 순희', 'Lee', ''][Number(number) - 1] ?? '',
  ],
  [/passphrase for (\w+) \(only Enter[^\n]*: $/, ([, name = '']) => typed(name)],
  [/the same again: $/, () => typed(lastNamed)],
  [/passphrase of [^\n]*(root|desk)\.key, from the paper: $/, ([, name = '']) => typed(name)],
  [/How many papers[^\n]*: $/, () => ''],
  [/How many of them[^\n]*: $/, () => ''],
  [
    /Name of an analyst[^\n]*no more\.([^\n]*)\n> $/,
    ([, soFar = '']) => (!soFar.includes('kim') ? 'kim' : soFar.includes('park') ? '' : cards.park),
  ],
  [/What does kim do[^\n]*: $/, () => ''],
  [/Path of the server's card[^\n]*\n> $/, () => cards.server],
  [/The last day[^\n]*: $/, () => '2099-12-31'],
  [/Read aloud and heard the same[^\n]*\(yes or no\) $/, () => 'yes'],
  [/Are both on paper[^\n]*\(yes or no\) $/, () => 'yes'],
  [/Is the stick \w+[^\n]*\(yes or no\) $/, () => 'yes'],
  [/Is it printed[^\n]*\(yes or no\) $/, () => 'yes'],
]
let lastNamed = ''

interface Run {
  readonly status: number | null
  readonly shown: string
}

/**
 * Runs the real command on its own terminal, and kills it with SIGKILL at the question or at the
 * new file that `isEnd` selects.
 */
async function runCeremony(isEnd: {
  question?: (question: string) => boolean
  file?: (path: string) => boolean
}): Promise<Run> {
  const command = `echo "pid $$."; exec '${process.execPath}' '${tumenPath}' keyring ceremony --dir ceremony`
  const child = spawn('script', ['-qec', command, '/dev/null'], {
    cwd: dir,
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  let shown = ''
  let answered = 0
  let isDead = false
  const kill = () => {
    const pid = Number(/pid (\d+)\./.exec(shown)?.[1])
    if (isDead || !(pid > 1)) return
    isDead = true
    process.kill(pid, 'SIGKILL')
  }
  const watcher = watch(dir, { recursive: true }, (_event, name) => {
    if (name !== null && isEnd.file?.(name) === true) kill()
  })
  child.stdout.setEncoding('utf8').on('data', (piece: string) => {
    shown += piece
    const open = plain(shown.slice(answered))
    for (const [question, answer] of answers) {
      const match = question.exec(open)
      if (match === null || isDead) continue
      answered = shown.length
      lastNamed = /passphrase for (\w+)/.exec(match[0])?.[1] ?? lastNamed
      if (isEnd.question?.(match[0]) === true) kill()
      else child.stdin.write(`${answer(match)}\r`)
      return
    }
  })
  const [status] = (await once(child, 'close')) as [number | null]
  watcher.close()
  return { status, shown: plain(shown) }
}

/** The text without escape sequences for the cursor and colours. */
function plain(text: string): string {
  return text.replace(/\u001b\[[0-9;?]*[A-Za-z]/g, '').replaceAll('\r', '')
}

async function checkHeld({ status, shown }: Run): Promise<void> {
  expect(shown).toContain('The ceremony is complete.')
  expect(status).toBe(0)
  for (const passphrase of Object.values(passphrases)) expect(shown).not.toContain(passphrase)
  const state = JSON.parse(readFileSync(at('ceremony.json'), 'utf8')) as {
    done: { step: string }[]
  }
  expect(state.done.map(({ step }) => step)).toEqual([...stepIds])
  expect((await filesBelow(at())).filter((name) => name.includes('.tmp'))).toEqual([])
  for (const stick of ['for-server', 'for-desk', 'for-safe'])
    expect(
      spawnSync('sha256sum', ['--check', '--strict', 'SHA256SUMS'], { cwd: at(stick) }).status,
    ).toBe(0)
  expect(
    spawnSync('minisign', [
      '-Vm',
      at('for-server', 'keyring.json'),
      '-p',
      at('for-server', 'root.pub'),
    ]).status,
  ).toBe(0)
  const { recipients } = JSON.parse(readFileSync(at('for-server', 'keyring.json'), 'utf8')) as {
    recipients: { name: string; recipient: string }[]
  }
  expect(recipients.map(({ name }) => name)).toEqual(['kim', 'park'])
  const identity = await openWithAge(at('for-safe', 'kim.identity.age'), typed('kim'))
  expect(identity).toContain(`# public key: ${recipients[0]?.recipient}`)
}

/** Runs Debian's age, which needs a terminal to read a passphrase. */
async function openWithAge(path: string, passphrase: string): Promise<string> {
  const child = spawn(
    'script',
    ['-qec', `age -d -o '${join(dir, 'opened')}' '${path}'`, '/dev/null'],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  )
  let isAnswered = false
  child.stdout.setEncoding('utf8').on('data', (piece: string) => {
    if (!isAnswered && piece.includes('passphrase'))
      isAnswered = child.stdin.write(`${passphrase}\r`)
  })
  await once(child, 'close')
  return existsSync(join(dir, 'opened')) ? readFileSync(join(dir, 'opened'), 'utf8') : ''
}

describe('tumen keyring ceremony, on a terminal', () => {
  it('continues after SIGKILL at the first occurrence of each question', async () => {
    const seen = new Set<string>()
    const isNew = (question: string) => {
      // The question shows the names entered so far. Only their number counts, because the names
      // are earlier answers.
      const kind = question.replace(/So far:.*/s, (names) => `${names.split(',').length}`)
      return !seen.has(kind) && Boolean(seen.add(kind))
    }
    let run = await runCeremony({ question: isNew })
    let runs = 1
    for (; !run.shown.includes('The ceremony is complete.'); runs += 1)
      run = await runCeremony({ question: isNew })
    await checkHeld(run)
    expect(runs - 1).toBe(seen.size)
    expect(seen.size).toBeGreaterThanOrEqual(25)
  }, 900_000)

  it('continues after SIGKILL at the moment each of its files appears', async () => {
    const seen = new Set<string>()
    const isNew = (path: string) => {
      const name = path.replace(/\.[0-9a-f]{12}\.tmp$/, '.tmp')
      return (
        path.startsWith('ceremony/') &&
        path.includes('.') &&
        !seen.has(name) &&
        Boolean(seen.add(name))
      )
    }
    let run = await runCeremony({ file: isNew })
    for (let runs = 0; !run.shown.includes('The ceremony is complete.'); runs += 1) {
      expect(runs).toBeLessThan(100)
      run = await runCeremony({ file: isNew })
    }
    await checkHeld(run)
    const files = [...seen].map((path) => path.replace(/\/\.([^/]+)\.tmp$/, '/$1'))
    expect(files).toEqual(
      expect.arrayContaining(
        [
          'for-safe/root.key',
          'cards/kim.card.json',
          'for-server/keyring.json.minisig',
          'for-desk/SHA256SUMS',
        ].map((name) => `ceremony/${name}`),
      ),
    )
  }, 900_000)
})
