import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { midnightOf, dayOfInstant } from '../../src/time/day.ts'
import { padmeLength } from '../../src/tip/padme.ts'
import { runProgram, runTumen } from '../cli/support/run-tumen.ts'
import { cleanUp, freePort, startSupervisor, temporaryFolder, until } from '../supervise/start.ts'
import type { Started } from '../supervise/start.ts'
import { plaintextBytesOf } from '../support/plaintext-bytes.ts'
import { writeSeeded } from '../support/seeded.ts'
import { digestsBelow, digestsOfTip, filesBelow, needlesIn, sha256OfFile } from '../support/tree.ts'
import { dumpRedis } from './redis-dump.ts'
import { unpackWithTypage } from './unpack.ts'

/** Follows a tip from the source to the desk. Each test continues where the previous one ended. */

const mebibyte = 1024 * 1024
const photo = '체포 장면 사진.jpg'
const video = '국경 쪽 영상.mp4'
/** Enough for many batches of chunks. test/memory and test/hostile use hundreds of megabytes. */
const videoBytes = 24 * mebibyte
/**
 * A loopback address that nothing else uses, so that finding it proves a leak.
 */
const sourceAddress = '127.0.0.77'
const userAgent = 'TellTaleBrowser/7.7 (found if kept)'

const tip = {
  schema: 'urn:tumen:detention_tip:1',
  narrative:
    '11월 4일 새벽 선양에서 세 사람이 잡혀갔습니다.\n네 살짜리 아이도 있습니다. “어디로 갔는지 모릅니다.”',
  lang: 'ko',
  persons: [
    { names: [{ text: '리영희', script: 'Hang' }], sex: 'female', birth: '1989~', status: 'held' },
    { names: [{ text: '김철수', script: 'Hang' }], sex: 'male', birth: '1985', status: 'unknown' },
    { names: [{ text: '리별', script: 'Hang' }], minor: 'yes', status: 'unknown' },
  ],
}

let folder = ''
let run: Started
let env: Record<string, string> = {}
let url = ''
const sealed = { path: '', receipt: '' }
const byHand = { path: '', receipt: '' }

const at = (...parts: string[]) => join(folder, ...parts)
const tumen = (...args: string[]) => runTumen(folder, args, env)
/** Runs a command that must succeed, and returns its output. */
async function doneBy(...args: string[]): Promise<string> {
  const { status, stdout, stderr } = await tumen(...args)
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  return stdout
}
const curl = (...args: string[]) => runProgram('curl', folder, ['-sS', '--max-time', '20', ...args])

beforeAll(async () => {
  folder = await temporaryFolder()
  const [port, opsPort] = [await freePort(), await freePort()]
  url = `http://127.0.0.1:${port}`
  env = {
    TUMEN_DATA_DIR: at('var'),
    TUMEN_KEYS_DIR: at('keys'),
    TUMEN_LISTEN: `127.0.0.1:${port}`,
    TUMEN_OPS_LISTEN: `127.0.0.1:${opsPort}`,
    TUMEN_SWEEP_SECONDS: '1',
  }
  await mkdir(at('source', 'attachments'), { recursive: true })
  await writeFile(at('source', 'tip.json'), JSON.stringify(tip))
  ;[run] = await Promise.all([
    startSupervisor({
      mains: [],
      dataDir: at('var'),
      env,
    }),
    writeSeeded(at('source', 'attachments', photo), 'photo', mebibyte),
    writeSeeded(at('source', 'attachments', video), 'video', videoBytes),
  ])
  await run.untilOutput('ready; Ctrl-C')
})
afterAll(cleanUp)

async function stateOf(receipt: string): Promise<string> {
  const answer = await fetch(`${url}/receipts/${receipt}`)
  return answer.status === 200
    ? ((await answer.json()) as { state: string }).state
    : String(answer.status)
}

const untilStored = (receipt: string) =>
  until(
    async () => (await stateOf(receipt)) === 'stored',
    () => `${receipt} to be stored: ${run.output()}`,
  )

describe('the way of a tip', () => {
  it('starts on a machine that reports that it is ready', async () => {
    expect(await doneBy('status', '--json')).toContain('"ready": true')
    expect(run.output()).toContain('DEMO KEYRING')
  })

  it('is sealed by tumen seal', async () => {
    sealed.path = at('비밀 봉투.age')
    const attachments = [photo, video].map((name) => at('source', 'attachments', name))
    const { status, stderr } = await tumen(
      'seal',
      '--tip',
      at('source', 'tip.json'),
      ...attachments,
      '-o',
      sealed.path,
    )
    const [demo, ...notes] = stderr.trimEnd().split('\n')
    expect({ status, demo }).toEqual({
      status: 0,
      demo: 'DEMO keyring: do not seal a real tip to it',
    })
    // Neither file is a real picture or video.
    expect(notes).toEqual(
      attachments.map((path) => expect.stringContaining(`${path}: only pictures can be cleaned`)),
    )
    sealed.receipt = await sha256OfFile(sealed.path)
  })

  it('is sent by tumen send, and stored', async () => {
    const sent = await doneBy('send', sealed.path, '--to', url, '--json')
    expect(JSON.parse(sent)).toEqual({
      receipt: sealed.receipt,
      bytes: (await stat(sealed.path)).size,
    })
    expect(['accepted', 'stored']).toContain(await stateOf(sealed.receipt))
    await untilStored(sealed.receipt)
  })

  it('also works when sealed with tar and age, and sent with curl', async () => {
    byHand.path = at('손으로 봉한 것.age')
    await writeFile(at('recipients.txt'), (await curl(`${url}/recipients-x25519.txt`)).stdout)
    const small = ['--exclude', video, '-C', at('source'), 'tip.json', 'attachments']
    const pipe = 'set -o pipefail; out=$1; shift; tar -c "$@" | age -R recipients.txt -o "$out"'
    expect(
      await runProgram('bash', folder, ['-c', pipe, 'bash', byHand.path, ...small]),
    ).toMatchObject({ status: 0, stderr: '' })
    byHand.receipt = (await runProgram('sha256sum', folder, [byHand.path])).stdout.slice(0, 64)
    const asSource = ['--interface', sourceAddress, '-A', userAgent]
    const sent = await curl(
      ...asSource,
      '-H',
      'Accept: application/json',
      '-F',
      `envelope=@${byHand.path}`,
      `${url}/submissions`,
    )
    expect(JSON.parse(sent.stdout)).toEqual({
      receipt: byHand.receipt,
      bytes: (await stat(byHand.path)).size,
    })
    await untilStored(byHand.receipt)
    expect(await seenBy(asSource)).toEqual({ address: sourceAddress, userAgent })
  })

  it('is exported to a stick, and again when the stick is lost', async () => {
    for (const stick of ['lost stick', 'stick']) {
      const outcome = JSON.parse(await doneBy('export', stick, '--json')) as object
      expect(outcome).toMatchObject({
        exported: expect.arrayContaining([sealed.receipt, byHand.receipt]),
        damaged: [],
        gone: [],
      })
    }
    expect(await digestsBelow(at('stick'))).toEqual(
      expect.objectContaining({
        [`${sealed.receipt}.age`]: sealed.receipt,
        [`${byHand.receipt}.age`]: byHand.receipt,
      }),
    )
    // Two envelopes, the sums with their signature, and the index of the answers.
    expect(await readdir(at('stick'))).toHaveLength(5)
  })

  it('is checked with sha256sum, minisign and tumen verify', async () => {
    const sums = await runProgram('sha256sum', at('stick'), ['-c', 'SHA256SUMS'])
    expect(sums.stdout.match(/: OK$/gm)).toHaveLength(2)
    expect(sums.status).toBe(0)
    const { signers } = JSON.parse(readFileSync(at('keys', 'keyring.json'), 'utf8')) as {
      signers: { purpose: string; public_key: string }[]
    }
    const key = signers.find(({ purpose }) => purpose === 'export')?.public_key ?? ''
    const signature = await runProgram('minisign', at('stick'), ['-Vm', 'SHA256SUMS', '-P', key])
    expect(signature).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('tumen export of 2 envelopes'),
    })
    expect(await doneBy('verify', 'stick')).toContain('2 envelopes good, signed by DEMO server')
  })

  it('is opened by tumen open, byte for byte', async () => {
    const { status, stdout, stderr } = await tumen(
      'open',
      'stick',
      '--identity',
      at('var', 'demo', 'demo.identity'),
      '--casebook',
      'casebook',
    )
    expect({ status, stdout }).toEqual({ status: 0, stdout: 'opened 2, already there 0\n' })
    // The tip that was sealed by hand does not mention its photo in tip.json, and the analyst is
    // warned.
    expect(stderr).toBe(
      `opened, with something odd in it; all of it is kept:\n  ${byHand.receipt}: attachments/${photo} is not listed in tip.json\nto read the casebook, open ${at('casebook', 'index.html')} in a browser\n`,
    )
    const opened = at('casebook', 'tips', sealed.receipt)
    expect(await digestsBelow(join(opened, 'attachments'))).toEqual(
      await digestsBelow(at('source', 'attachments')),
    )
    const { attachments, ...rest } = JSON.parse(readFileSync(join(opened, 'tip.json'), 'utf8'))
    expect(rest).toEqual(tip)
    expect(attachments).toEqual([
      {
        name: photo,
        media_type: 'image/jpeg',
        bytes: mebibyte,
        sha256: await sha256OfFile(at('source', 'attachments', photo)),
        metadata: 'cannot_be_removed',
      },
      {
        name: video,
        media_type: 'video/mp4',
        bytes: videoBytes,
        sha256: await sha256OfFile(at('source', 'attachments', video)),
        metadata: 'cannot_be_removed',
      },
    ])
    const { [`attachments/${video}`]: _big, ...small } = await digestsBelow(at('source'))
    expect(await digestsOfTip(at('casebook', 'tips', byHand.receipt))).toEqual(small)
  })

  it('is opened by typage and GNU tar to the same files', async () => {
    await unpackWithTypage({
      envelope: at('stick', `${sealed.receipt}.age`),
      identityFile: at('var', 'demo', 'demo.identity'),
      folder: at('typage'),
    })
    expect(await digestsBelow(at('typage'))).toEqual(
      await digestsOfTip(at('casebook', 'tips', sealed.receipt)),
    )
  })

  it("is opened by Debian's age and GNU tar to the same files when it was sealed with them", async () => {
    await mkdir(at('age'))
    const pipe = 'set -o pipefail; grep ^AGE-SECRET-KEY-1 "$1" | age -d -i - "$2" | tar -x -C age'
    const args = [
      '-c',
      pipe,
      'bash',
      at('var', 'demo', 'demo.identity'),
      at('stick', `${byHand.receipt}.age`),
    ]
    expect(await runProgram('bash', folder, args)).toMatchObject({ status: 0, stderr: '' })
    expect(await digestsBelow(at('age'))).toEqual(
      await digestsOfTip(at('casebook', 'tips', byHand.receipt)),
    )
  })

  it('is acknowledged on the desk, and collected on the server', async () => {
    const onDesk = await doneBy(
      'acknowledge',
      'stick',
      '--casebook',
      'casebook',
      '--key',
      at('var', 'demo', 'desk.key'),
    )
    expect(onDesk).toContain('acknowledged 2 of 2 envelopes')
    expect(await stateOf(sealed.receipt)).toBe('stored')
    expect(await doneBy('acknowledge', 'stick')).toMatch(
      /^2 of 2 envelopes collected\nanswers of DEMO desk are taken in \(number 2, 1 new\)/u,
    )
    expect(await Promise.all([sealed.receipt, byHand.receipt].map(stateOf))).toEqual([
      'collected',
      'collected',
    ])
    expect(await readdir(at('var', 'acknowledgements'))).toEqual(['refused', 'replies'])
  })

  it('is not exported again without --all', async () => {
    expect(JSON.parse(await doneBy('export', 'next stick', '--json'))).toMatchObject({
      exported: [],
    })
    expect((await readdir(at('next stick'))).sort()).toEqual([
      'SHA256SUMS',
      'SHA256SUMS.minisig',
      'replies',
    ])
    const all = JSON.parse(await doneBy('export', 'whole stick', '--all', '--json')) as {
      exported: string[]
    }
    expect(all.exported.sort()).toEqual([sealed.receipt, byHand.receipt].sort())
  })
})

describe('what the machine has kept of the tip', () => {
  const needles = [
    sourceAddress,
    userAgent,
    'TellTaleBrowser',
    photo,
    video,
    '비밀 봉투',
    '손으로 봉한 것',
    '리영희',
  ]
  let redisDump = ''

  it('has no address, user agent or file name in Redis', async () => {
    redisDump = await dumpRedis(at('var', 'redis.sock'))
    expect(redisDump).toContain('{tumen}')
    expect(needles.filter((needle) => redisDump.includes(needle))).toEqual([])
    run.child.kill('SIGTERM')
    expect(await run.exit).toEqual([0, null])
  })

  it('has none of them in a log', () => {
    expect(run.output()).toContain('stopping')
    expect(needles.filter((needle) => run.output().includes(needle))).toEqual([])
  })

  it('has none of them in a file or a file name', async () => {
    const paths = await filesBelow(at('var'))
    expect(paths.some((path) => path.startsWith('redis/'))).toBe(true)
    expect(needles.filter((needle) => paths.join('\n').includes(needle))).toEqual([])
    const found: Record<string, string[]> = {}
    for (const path of paths)
      found[path] = await needlesIn(at('var', path), [...needles, sealed.receipt])
    // The search itself works: it finds the receipt in the ledger.
    expect(found['ledger.jsonl']).toEqual([sealed.receipt])
    expect(
      Object.values(found)
        .flat()
        .filter((needle) => needle !== sealed.receipt),
    ).toEqual([])
  })

  it('reveals at most the day', async () => {
    const kept = (await filesBelow(at('var'))).filter((path) =>
      /^(incoming|sealed|collected|quarantine|acknowledgements|attempts|tmp)/.test(path),
    )
    expect(kept).toEqual(
      expect.arrayContaining(
        [byHand.receipt, sealed.receipt].map((receipt) => `collected/${receipt}.age`),
      ),
    )
    for (const path of kept) expect(await isMidnight(path)).toBe(true)
    const days = (await readFile(at('var', 'ledger.jsonl'), 'utf8'))
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { day: string }).day)
    expect(new Set(days).size).toBeLessThanOrEqual(2)
    expect(days.every((day) => day <= dayOfInstant(new Date()))).toBe(true)
  })

  it('reveals at most the day in the times of the ledger file', async () => {
    expect(await isMidnight('ledger.jsonl')).toBe(true)
  })

  it('reveals only padded lengths of sealed tips', async () => {
    const bytes = await plaintextBytesOf(at('var', 'collected', `${sealed.receipt}.age`))
    expect(bytes).toBeGreaterThan(24 * mebibyte)
    expect(bytes).toBe(padmeLength(bytes))
    expect(existsSync(at('var', 'sealed', `${sealed.receipt}.age`))).toBe(false)
  })
})

async function isMidnight(path: string): Promise<boolean> {
  const { mtime } = await stat(at('var', path))
  return mtime.getTime() === midnightOf(mtime).getTime()
}

/** What a server sees of a request that curl makes with these options. */
async function seenBy(options: readonly string[]): Promise<object> {
  const server = createServer((request, response) => {
    response.end(
      JSON.stringify({
        address: request.socket.remoteAddress,
        userAgent: request.headers['user-agent'],
      }),
    )
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as { port: number }
  const { stdout } = await curl(...options, `http://127.0.0.1:${port}`)
  server.close()
  return JSON.parse(stdout) as object
}
