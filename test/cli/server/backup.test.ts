import { execFile } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import {
  appendFile,
  link,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  truncate,
  unlink,
  utimes,
  writeFile,
} from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { beforeEach, describe, expect, it } from 'vitest'
import { readBackup } from '../../../src/backup/read-backup.ts'
import { createBackup } from '../../../src/backup/write-backup.ts'
import { createRestore } from '../../../src/backup/restore.ts'
import { systemClock } from '../../../src/time/clock.ts'
import { readLedger } from '../../../src/ledger/read.ts'
import { openFsStore } from '../../../src/store/fs-store.ts'
import { openReasons } from '../../../src/store/reasons.ts'
import { lockDataDir } from '../../../src/supervise/lock.ts'
import { openLedger } from '../../../src/ledger/writer.ts'
import { makeMachine, type Machine } from '../../support/machine.ts'
import { makeEnvelope, sha256 } from '../../workers/envelopes.ts'
import { commandDay, runHere } from '../support/run-here.ts'

const run = promisify(execFile)
let machine: Machine
let receipts: Record<'incoming' | 'sealed' | 'collected' | 'dead', string>
const old = new Date('2026-11-20T00:00:00Z')

beforeEach(async () => {
  machine = await makeMachine(commandDay)
  const put = async (prefix: string, { receipt, bytes } = makeEnvelope(3000)) => {
    const path = machine.at('var', prefix, `${receipt}.age`)
    await mkdir(machine.at('var', prefix), { recursive: true, mode: 0o700 })
    await writeFile(path, bytes, { mode: 0o600 })
    await utimes(path, old, old)
    return receipt
  }
  receipts = {
    incoming: await put('incoming'),
    sealed: await put('sealed'),
    collected: await put('collected'),
    dead: await put('quarantine', { ...makeEnvelope(), receipt: sha256(Buffer.from('dead')) }),
  }
  await openReasons({ dir: machine.at('var'), clock: systemClock }).note(
    receipts.dead,
    'DIGEST_MISMATCH',
  )
  await writeLedger([
    ['stored', receipts.sealed],
    ['stored', receipts.collected],
    ['collected', receipts.collected],
    ['quarantined', receipts.dead],
  ])
})

async function writeLedger(
  lines: ['stored' | 'collected' | 'deleted' | 'quarantined', string][],
): Promise<void> {
  await rm(machine.at('var', 'ledger.jsonl'), { force: true })
  const ledger = await openLedger({
    path: machine.at('var', 'ledger.jsonl'),
    clock: { now: () => new Date(`${commandDay}T10:11:12Z`) },
  })
  for (const [event, receipt] of lines) await ledger.append(event, receipt, 100)
  await ledger.close()
}

const backup = (...args: string[]) => runHere(machine, ['backup', 'backups', ...args])
const restore = (args: string[], to = 'new') =>
  runHere(
    {
      dir: machine.dir,
      env: { TUMEN_DATA_DIR: machine.at(to), TUMEN_KEYS_DIR: machine.at(`${to}-keys`) },
    },
    ['restore', ...args],
  )
const first = (...parts: string[]) => machine.at('backups', commandDay, ...parts)
const pathsUnder = async (dir: string) =>
  (await readdir(dir, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(dir.length + 1))
    .sort()

describe('tumen backup', () => {
  it('copies everything that counts, in the shape of the data folder, and stock tools check it', async () => {
    await mkdir(machine.at('var', 'acknowledgements', 'refused'), { recursive: true })
    const acknowledgement = `${'c'.repeat(64)}.json`
    for (const name of [acknowledgement, `${acknowledgement}.minisig`, 'notes.txt'])
      await writeFile(machine.at('var', 'acknowledgements', name), name)
    const done = await backup()
    expect(done).toMatchObject({
      status: 0,
      stderr: '',
      stdout: expect.stringContaining('backed up 4 envelopes'),
    })
    expect(await pathsUnder(first())).toEqual([
      'SHA256SUMS',
      'SHA256SUMS.minisig',
      `acknowledgements/${acknowledgement}`,
      `acknowledgements/${acknowledgement}.minisig`,
      `collected/${receipts.collected}.age`,
      `incoming/${receipts.incoming}.age`,
      'keys/keyring.json',
      'keys/keyring.json.minisig',
      'keys/organisation.json',
      'keys/organisation.json.minisig',
      'keys/root.pub',
      'ledger.jsonl',
      `quarantine/${receipts.dead}.age`,
      `quarantine/${receipts.dead}.reason`,
      `sealed/${receipts.sealed}.age`,
    ])
    await run('sha256sum', ['--strict', '-c', 'SHA256SUMS'], { cwd: first() })
    const publicKey = JSON.parse(await readFile(machine.at('keys', 'keyring.json'), 'utf8')) as {
      signers: { purpose: string; public_key: string }[]
    }
    const { public_key: key = '' } =
      publicKey.signers.find(({ purpose }) => purpose === 'export') ?? {}
    expect(
      (await run('minisign', ['-Vm', 'SHA256SUMS', '-P', key], { cwd: first() })).stdout,
    ).toContain(`tumen backup of 13 files, ${commandDay}`)
    expect(await readdir(machine.at('backups'))).toEqual([commandDay])
  })

  it('holds no secret but an export key that was asked for by name', async () => {
    await backup()
    expect(await pathsUnder(first())).not.toContain('export.key')
    const done = await backup('--with-export-key')
    expect(done.stderr).toContain('holds the secret export key')
    expect(await readFile(machine.at('backups', `${commandDay}.2`, 'export.key'))).toEqual(
      await readFile(machine.at('var', 'export.key')),
    )
    expect((await pathsUnder(machine.at('backups'))).join()).not.toMatch(/identity|desk|demo/)
  })

  it('reveals no time finer than a day, and only its owner may read it', async () => {
    await backup()
    const { stdout } = await run('tar', ['-cf', '-', '.'], {
      cwd: machine.at('backups'),
      encoding: 'buffer',
    })
    const listed = await new Promise<string>((resolve, reject) => {
      const child = execFile(
        'tar',
        ['--full-time', '-tvf', '-'],
        { env: { ...process.env, TZ: 'UTC', LC_ALL: 'C' } },
        (error, out) => (error ? reject(error) : resolve(out)),
      )
      child.stdin?.end(stdout)
    })
    const lines = listed.trim().split('\n')
    expect(lines.length).toBeGreaterThan(15)
    for (const line of lines)
      expect(line).toMatch(/^(-rw-------|drwx------) .* 20\d\d-\d\d-\d\d 00:00:00 /)
    expect((await stat(first('collected', `${receipts.collected}.age`))).mtime).toEqual(old)
  })

  it('shares unchanged files with the previous backup, also those that have moved since', async () => {
    await backup()
    await rename(
      machine.at('var', 'incoming', `${receipts.incoming}.age`),
      machine.at('var', 'sealed', `${receipts.incoming}.age`),
    )
    const outcome = JSON.parse((await backup('--json')).stdout) as {
      linked: number
      envelopes: number
    }
    expect(outcome).toMatchObject({ envelopes: 4, linked: 3 })
    const second = machine.at('backups', `${commandDay}.2`)
    expect((await stat(join(second, 'sealed', `${receipts.incoming}.age`))).ino).toBe(
      (await stat(first('incoming', `${receipts.incoming}.age`))).ino,
    )
    await run('sha256sum', ['--strict', '-c', 'SHA256SUMS'], { cwd: second })
    await run('sha256sum', ['--strict', '-c', 'SHA256SUMS'], { cwd: first() })
  })

  it('copies again what is damaged in the previous backup', async () => {
    await backup()
    await truncate(first('sealed', `${receipts.sealed}.age`), 10)
    expect(JSON.parse((await backup('--json')).stdout)).toMatchObject({ linked: 2, damaged: [] })
    await run('sha256sum', ['--strict', '-c', 'SHA256SUMS'], {
      cwd: machine.at('backups', `${commandDay}.2`),
    })
  })

  it('names what is damaged and what is missing, and keeps the rest', async () => {
    const gone = sha256(Buffer.from('gone'))
    await writeLedger([
      ['stored', receipts.sealed],
      ['stored', gone],
    ])
    await appendFile(machine.at('var', 'sealed', `${receipts.sealed}.age`), 'x')
    const done = await backup()
    expect(done.status).toBe(1)
    expect(done.stderr).toBe(
      `damaged here and in no backup: ${receipts.sealed}.age\nin the ledger and nowhere on the disk: ${gone}.age\n`,
    )
    expect(await readdir(first('sealed'))).toEqual([])
    expect(await readdir(first('collected'))).toHaveLength(1)
  })

  it('keeps from the previous backup what the vault has lost, but not what was deleted', async () => {
    await backup()
    await unlink(machine.at('var', 'sealed', `${receipts.sealed}.age`))
    await unlink(machine.at('var', 'collected', `${receipts.collected}.age`))
    await writeLedger([
      ['stored', receipts.sealed],
      ['stored', receipts.collected],
      ['collected', receipts.collected],
      ['deleted', receipts.collected],
    ])
    const done = await backup()
    expect(done).toMatchObject({
      status: 0,
      stderr: `no longer in the vault, kept from the backup before: ${receipts.sealed}.age\n`,
    })
    const second = machine.at('backups', `${commandDay}.2`)
    expect([
      await readdir(join(second, 'sealed')),
      await readdir(join(second, 'collected')),
    ]).toEqual([[`${receipts.sealed}.age`], []])
  })

  it('copies an envelope once that has two names, as in the middle of a move', async () => {
    await link(
      machine.at('var', 'incoming', `${receipts.incoming}.age`),
      machine.at('var', 'sealed', `${receipts.incoming}.age`),
    )
    const { receipt, bytes } = makeEnvelope()
    for (const prefix of ['quarantine', 'incoming'])
      await writeFile(machine.at('var', prefix, `${receipt}.age`), bytes)
    await backup()
    const paths = (await pathsUnder(first())).filter(
      (path) => path.includes(receipts.incoming) || path.includes(receipt),
    )
    expect(paths).toEqual([`incoming/${receipt}.age`, `sealed/${receipts.incoming}.age`])
  })

  it('copies the whole lines of a ledger whose last line is being written', async () => {
    await appendFile(machine.at('var', 'ledger.jsonl'), '{"seq":5,"da')
    expect((await backup()).status).toBe(0)
    expect(await readLedger(first('ledger.jsonl'))).toMatchObject({
      ok: true,
      lines: 4,
      tornBytes: 0,
    })
  })

  it('claims nothing that came while it ran, and keeps an acknowledgement that was applied meanwhile', async () => {
    const name = `${'a'.repeat(64)}.json`
    const acknowledgement = machine.at('var', 'acknowledgements', name)
    await mkdir(machine.at('var', 'acknowledgements'), { recursive: true, mode: 0o700 })
    await writeFile(acknowledgement, '{}')
    const store = await openFsStore({
      dir: machine.at('var'),
      instance: 'test',
      reserveBytes: 0,
      clock: systemClock,
    })
    const ledger = await openLedger({ path: machine.at('var', 'ledger.jsonl'), clock: systemClock })
    const late = makeEnvelope(3000)
    let searched = 0
    const running = await createBackup({
      dataDir: machine.at('var'),
      keysDir: machine.at('keys'),
      store: {
        read: (prefix, receipt) => store.read(prefix, receipt),
        async *list(prefix) {
          yield* store.list(prefix)
          if (prefix !== 'quarantine') return
          searched += 1
          if (searched !== 2) return
          // All folders have been searched: from now on only the ledger grows.
          await machine.store(late.bytes)
          await ledger.append('stored', late.receipt, late.bytes.length)
          await unlink(acknowledgement)
        },
      },
      root: machine.at('backups'),
      signingKey: null,
      withExportKey: false,
      clock: { now: () => new Date(`${commandDay}T10:11:12Z`) },
      onBytes: () => {},
    })
    try {
      expect(await running.write()).toMatchObject({ missing: [], isLedgerWhole: true })
    } finally {
      await ledger.close()
    }
    expect(await readFile(first('ledger.jsonl'), 'latin1')).not.toContain(late.receipt)
    expect(await pathsUnder(first())).toContain(`acknowledgements/${name}`)
  })

  it('is not signed where there is no export key, and says so', async () => {
    await unlink(machine.at('var', 'export.key'))
    expect(await backup()).toMatchObject({
      status: 0,
      stderr: expect.stringContaining('not signed'),
    })
    expect(await pathsUnder(first())).not.toContain('SHA256SUMS.minisig')
  })
})

describe('tumen restore', () => {
  it('makes the same folder again, with its days, from the newest backup', async () => {
    await backup()
    const late = await machine.store(makeEnvelope().bytes)
    await backup('--with-export-key')
    const done = await restore(['backups'])
    expect(done).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/restored 5 envelopes .*\.2, signed by DEMO server/),
      stderr: expect.stringContaining('compare its fingerprint'),
    })
    for (const prefix of ['incoming', 'sealed', 'collected', 'quarantine'])
      expect((await readdir(machine.at('new', prefix))).sort()).toEqual(
        (await readdir(machine.at('var', prefix))).sort(),
      )
    expect(await readdir(machine.at('new', 'sealed'))).toContain(`${late}.age`)
    for (const name of ['ledger.jsonl', 'export.key'])
      expect(await readFile(machine.at('new', name))).toEqual(
        await readFile(machine.at('var', name)),
      )
    expect(await readFile(machine.at('new-keys', 'keyring.json'))).toEqual(
      await readFile(machine.at('keys', 'keyring.json')),
    )
    const restored = await stat(machine.at('new', 'collected', `${receipts.collected}.age`))
    expect([restored.mtime, restored.mode & 0o777]).toEqual([old, 0o600])
    expect((await stat(machine.at('new', 'sealed'))).mtime.toISOString()).toBe(
      `${commandDay}T00:00:00.000Z`,
    )
    expect((await readdir(machine.at('new'))).sort()).toEqual([
      'acknowledgements',
      'collected',
      'export.key',
      'incoming',
      'ledger.jsonl',
      'quarantine',
      'sealed',
    ])
  })

  it.each<[string, (backup: string) => Promise<unknown>, RegExp]>([
    [
      'an envelope is missing',
      (dir) => unlink(join(dir, 'sealed', `${receipts.sealed}.age`)),
      /sealed\/[0-9a-f]{64}\.age: missing/,
    ],
    [
      'an envelope was changed',
      (dir) => appendFile(join(dir, 'incoming', `${receipts.incoming}.age`), 'x'),
      /incoming\/[0-9a-f]{64}\.age: changed/,
    ],
    [
      'the ledger was changed',
      (dir) => truncate(join(dir, 'ledger.jsonl'), 100),
      /ledger\.jsonl: changed/,
    ],
    [
      'an envelope became a link',
      async (dir) => {
        await unlink(join(dir, 'sealed', `${receipts.sealed}.age`))
        await symlink(
          machine.at('var', 'sealed', `${receipts.sealed}.age`),
          join(dir, 'sealed', `${receipts.sealed}.age`),
        )
      },
      /cannot be read \(ELOOP\)/,
    ],
    [
      'a file was added',
      (dir) => writeFile(join(dir, 'sealed', `${'d'.repeat(64)}.age`), 'x'),
      /sealed\/d{64}\.age: not in SHA256SUMS/,
    ],
  ])('restores nothing when %s, names it, and leaves nothing behind', async (_, harm, reason) => {
    await backup()
    await harm(first())
    const done = await restore(['backups'])
    expect(done).toMatchObject({ status: 1, stdout: '', stderr: expect.stringMatching(reason) })
    expect(await readdir(machine.at('new'))).toEqual([])
    const partial = await restore(['backups', '--partial'])
    expect(partial).toMatchObject({
      status: 1,
      stdout: expect.stringContaining('restored'),
      stderr: expect.stringMatching(reason),
    })
    expect(await readdir(machine.at('new', 'collected'))).toEqual([`${receipts.collected}.age`])
    expect(await readdir(machine.at('new', 'sealed'))).not.toContain(`${'d'.repeat(64)}.age`)
  })

  it('refuses sums that were changed, or whose signature is missing', async () => {
    await backup()
    await unlink(first('incoming', `${receipts.incoming}.age`))
    const sums = await readFile(first('SHA256SUMS'), 'utf8')
    await writeFile(
      first('SHA256SUMS'),
      sums
        .split('\n')
        .filter((line) => !line.includes(receipts.incoming))
        .join('\n'),
    )
    expect(await restore(['backups'])).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('signature is not good'),
    })
    await unlink(first('SHA256SUMS.minisig'))
    expect(await restore(['backups'])).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('is not signed'),
    })
    expect(await restore(['backups', '--unsigned'])).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('restored 3 envelopes'),
    })
  })

  it('never restores over existing files, or while a process uses the folder', async () => {
    await backup()
    expect(await restore(['backups'], 'var')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('is not empty'),
    })
    const lock = await lockDataDir(machine.at('new'))
    expect(await restore(['backups'])).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('in use by another start'),
    })
    lock.release()
    await mkdir(machine.at('new', '.restoring', 'sealed'), { recursive: true })
    await writeFile(machine.at('new', 'export.key'), 'mine')
    expect((await restore(['backups'])).status).toBe(0)
    expect(await readFile(machine.at('new', 'export.key'), 'utf8')).toBe('mine')
  })

  it('fills a folder that a new host has prepared, with the folders of the zones and a key of its own', async () => {
    await backup('--with-export-key')
    for (const name of ['sealed', 'collected', 'quarantine', 'replies', 'ledger'])
      await mkdir(machine.at('new', name), { recursive: true, mode: 0o700 })
    for (const name of ['export.key', 'export.pub', 'export.card.json'])
      await writeFile(machine.at('new', name), 'mine')
    expect(await restore(['backups'])).toMatchObject({
      status: 0,
      stderr: expect.stringContaining('export.key was left as it is'),
    })
    expect(await readdir(machine.at('new', 'sealed'))).toEqual([`${receipts.sealed}.age`])
    expect(await readFile(machine.at('new', 'export.key'), 'utf8')).toBe('mine')
  })

  it('leaves a folder alone into which somebody writes while it is filled', async () => {
    await backup()
    const { sums } = await readBackup(first(), {
      keysDir: null,
      day: commandDay,
      mayBeUnsigned: true,
    })
    const intruder = machine.at('new', 'incoming', 'new.age')
    const filling = await createRestore({
      backup: { folder: first(), sums, signer: null },
      dataDir: machine.at('new'),
      keysDir: machine.at('new-keys'),
      isPartial: false,
      clock: systemClock,
      onBytes: () => {
        mkdirSync(machine.at('new', 'incoming'), { recursive: true })
        writeFileSync(intruder, 'a tip')
      },
    })
    await expect(filling.run()).rejects.toMatchObject({ code: 'NOT_EMPTY' })
    expect(await pathsUnder(machine.at('new'))).toEqual(['incoming/new.age'])
  })

  it('keeps an existing keyring, and checks the signature with it', async () => {
    await backup()
    const other = await makeMachine(commandDay)
    await mkdir(machine.at('new-keys'))
    for (const name of await readdir(other.at('keys')))
      await writeFile(
        machine.at('new-keys', name),
        await readFile(other.at('keys', name)).catch(() => ''),
      )
    expect(await restore(['backups'])).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('no export signer of the keyring'),
    })
    expect(await restore(['backups', '--unsigned'])).toMatchObject({
      status: 0,
      stderr: expect.stringContaining('left as it is'),
    })
    expect(await readFile(machine.at('new-keys', 'keyring.json'))).toEqual(
      await readFile(other.at('keys', 'keyring.json')),
    )
  })

  it('leaves a broken ledger out with --partial, so that the worker can write a new one', async () => {
    await writeFile(machine.at('var', 'ledger.jsonl'), 'nonsense\n')
    expect((await backup()).status).toBe(1)
    expect(await restore(['backups'])).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('its chain is broken at line 1'),
    })
    await restore(['backups', '--partial'])
    expect(await readdir(machine.at('new'))).not.toContain('ledger.jsonl')
  })

  it('says that a folder is not a backup', async () => {
    expect(await restore(['.'])).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('holds no backup'),
    })
    expect((await restore([])).status).toBe(2)
  })
})
