import { createHash } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { EnvelopeWalker } from '../../age/walk.ts'
import { AgeError } from '../../age/errors.ts'
import { readPieces } from '../../age/read-file.ts'
import { CarryError } from '../../carry/errors.ts'
import { openOnStick } from '../../carry/open-on-stick.ts'
import type { ReadExport } from '../../carry/read-export.ts'
import { envelopePath, readExport } from '../../carry/read-export.ts'
import { envelopeNameIn } from '../../carry/sums.ts'
import { loadSignedKeyring } from '../../keyring/load.ts'
import { defineCommand } from '../frame/command.ts'
import { printJson, printLine, printNote, resolvePath } from '../frame/context.ts'
import { usageError } from '../frame/errors.ts'
import { dirOption, keyringDir, today } from '../frame/keyring-folder.ts'
import { createProgress } from '../frame/progress.ts'
import { printable } from '../../desk/text/printable.ts'
import { isCasebook, verifyOneCasebook } from './verify-casebook.ts'
import { count } from '../../text/count.ts'

interface Verdict {
  folder: string
  signer: string
  said: string
  good: number
  bad: { file: string; why: string }[]
}

export const command = defineCommand({
  name: 'verify',
  summary: 'check export folders or a casebook against their records',
  usage: 'FOLDER… [--dir KEYS] [--json]\n       tumen verify CASEBOOK [--head DIGEST] [--json]',
  help: `FOLDER of an export: its signature, its sums and the form of each envelope.
CASEBOOK: the chain of its custody log, every envelope, every file of a tip, every case file, the
records in aside/ and the pages. It prints the head of the chain, which each acknowledgement carries
too. Give an earlier head with --head: nothing else shows that lines are missing at the end, or that
another casebook was copied over this one.

Exit status 0: everything is as it was. 1: something is missing, changed, added or not signed; each is named.`,
  options: {
    ...dirOption,
    head: {
      type: 'string',
      value: 'DIGEST',
      about: 'casebook: a head noted earlier, which the chain must still contain',
    },
    json: { type: 'boolean', about: 'print JSON' },
  },
  positionals: { min: 1, max: 100 },
  async run(context, values, paths) {
    const [first = ''] = paths
    if (paths.length === 1 && (await isCasebook(resolvePath(context, first)))) {
      return await verifyOneCasebook(context, {
        casebook: resolvePath(context, first),
        name: first,
        head: values.head,
        isJson: values.json === true,
      })
    }
    if (values.head !== undefined) throw usageError('--head goes with a casebook')
    const { keyring } = await loadSignedKeyring(await keyringDir(context, values.dir))
    const progress = createProgress({
      stderr: context.stderr,
      isTerminal: context.isTerminal.stderr,
      label: 'verifying',
      totalBytes: null,
    })
    const verdicts: Verdict[] = []
    for (const path of paths) {
      const read = await readExport(resolvePath(context, path), keyring, today(context))
      verdicts.push(await verifyFolder(read, progress.add))
    }
    progress.finish()
    if (values.json === true) printJson(context, verdicts)
    for (const { folder, signer, said, good, bad } of verdicts) {
      if (values.json !== true)
        printLine(
          context,
          printable(`${folder}: ${count(good, 'envelope')} good, signed by ${signer} (${said})`),
        )
      for (const { file, why } of bad) printNote(context, printable(`${file}: ${why}`))
    }
    return verdicts.every(({ bad }) => bad.length === 0) ? 0 : 1
  },
})

async function verifyFolder(read: ReadExport, onBytes: (bytes: number) => void): Promise<Verdict> {
  const bad: Verdict['bad'] = []
  for (const receipt of read.receipts) {
    const why = await whyBad(envelopePath(read, receipt), receipt, onBytes)
    if (why !== null) bad.push({ file: envelopeNameIn(receipt, read.layout), why })
  }
  const good = read.receipts.length - bad.length
  const promised = new Set(read.receipts.map((receipt) => envelopeNameIn(receipt, read.layout)))
  for await (const file of envelopesIn(read.folder)) {
    if (!promised.has(file)) bad.push({ file, why: 'not in SHA256SUMS: it was added later' })
  }
  return { folder: read.folder, signer: read.signer, said: read.trustedComment, good, bad }
}

/** Every `*.age` in the folder, and in the subfolders of a split export. */
async function* envelopesIn(folder: string): AsyncGenerator<string> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.name.endsWith('.age')) yield entry.name
    if (!entry.isDirectory() || !/^[0-9a-f]{2}$/.test(entry.name)) continue
    for (const name of await readdir(join(folder, entry.name)))
      if (name.endsWith('.age')) yield `${entry.name}/${name}`
  }
}

async function whyBad(
  path: string,
  receipt: string,
  onBytes: (bytes: number) => void,
): Promise<string | null> {
  const file = await openOnStick(path).catch((error: NodeJS.ErrnoException) => error)
  if (file instanceof CarryError) return file.message
  if (file instanceof Error)
    return file.code === 'ENOENT' ? 'missing' : `cannot be read (${file.code})`
  const walker = new EnvelopeWalker()
  const hash = createHash('sha256')
  try {
    for await (const bytes of readPieces(file)) {
      hash.update(bytes)
      walker.push(bytes)
      onBytes(bytes.length)
    }
    walker.finish()
  } catch (error) {
    if (error instanceof AgeError) return `changed: ${error.message}`
    return `cannot be read (${(error as NodeJS.ErrnoException).code})`
  } finally {
    await file.close()
  }
  return hash.digest('hex') === receipt ? null : 'changed: its digest is another'
}
