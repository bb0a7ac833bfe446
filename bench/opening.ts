/**
 * `tumen open` of a whole batch, compared with a loop of Debian's age and tar over the same files.
 */
import { createHash, randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Recipient } from '../src/age/keys.ts'
import { parseRecipient } from '../src/age/keys.ts'
import { nodeChunkCipher } from '../src/age/node-cipher.ts'
import { loadSodiumPrimitives } from '../src/age/sodium.ts'
import { inlineEngine } from '../src/age/stream.ts'
import { formatSums } from '../src/carry/sums.ts'
import { createDemoCeremony } from '../src/keyring/demo.ts'
import { loadKeyring } from '../src/keyring/load.ts'
import { parseSecretKey, signMinisign } from '../src/keyring/minisign.ts'
import { recipientsOn } from '../src/keyring/keyring.ts'
import { sealTip } from '../src/seal/seal-tip.ts'
import { dayOfInstant } from '../src/time/day.ts'
import { serializeTip } from '../src/tip/tip-json.ts'
import type { Timed } from './race.ts'
import { cpuRow, median, raceInTurns, runCommand, tumenCommand } from './race.ts'
import type { BenchRow } from './report.ts'

const textTips = Number(process.env.BENCH_TEXT_TIPS ?? 1000)
const largeTips = Number(process.env.BENCH_LARGE_TIPS ?? 20)
const largeBytes = 100_000_000
export const rounds = Number(process.env.BENCH_ROUNDS ?? 5)
const root = join(import.meta.dirname, '..')

/** Takes some minutes and 12 GB of disk. */
export async function benchOpening(): Promise<BenchRow[]> {
  mkdirSync('var', { recursive: true })
  const dir = join(root, mkdtempSync('var/bench-opening-'))
  try {
    const batch = await makeBatch(dir)
    const { ours, hybrid, theirs, same } = raceInTurns({
      rounds,
      commands: {
        ours: openCommand(batch, batch.classic),
        hybrid: openCommand(batch, batch.hybrid),
        theirs: loopCommand(batch),
        same: sameWorkCommand(batch),
      },
      clean: () => {
        for (const name of ['casebook', 'unpacked', 'originals'])
          rmSync(join(dir, name), { recursive: true, force: true })
      },
    })
    return [
      row('x25519, the same files', { ours, theirs, goal: '≥ 3.5' }),
      row('x25519, against the same work', { ours, theirs: same, goal: '' }),
      cpuRow(`tumen open, ${batchName}, x25519, the same files`, {
        ours: median(ours),
        theirs: median(theirs),
      }),
      row('post-quantum, against the same loop over x25519', { ours: hybrid, theirs, goal: '' }),
      memory(ours),
    ]
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

interface Batch {
  dir: string
  keys: string
  identity: string
  classicIdentity: string
  /** Envelopes to a classic recipient, the only kind that Debian's age 1.1.1 supports. */
  classic: string
  hybrid: string
}

async function makeBatch(dir: string): Promise<Batch> {
  const path = (name: string) => join(dir, name)
  const primitives = await loadSodiumPrimitives()
  const day = dayOfInstant(new Date())
  const { identityPath, exportKeyPath } = await createDemoCeremony({
    keysDir: path('keys'),
    dataDir: path('data'),
    day,
    primitives,
  })
  const people = recipientsOn((await loadKeyring({ dir: path('keys'), day })).keyring, day)
  writeFileSync(path('classic.key'), runCommand(['grep', '^AGE-SECRET-KEY-1', identityPath]).stdout)
  const stickOf = async (name: string, recipients: readonly Recipient[]) => {
    mkdirSync(path(name))
    const receipts: string[] = []
    for (let number = 0; number < textTips + largeTips; number += 1)
      receipts.push(
        await sealOne(path(name), recipients, number < textTips ? 0 : largeBytes, number),
      )
    signStick(path(name), receipts, exportKeyPath)
    return path(name)
  }
  return {
    dir,
    keys: path('keys'),
    identity: identityPath,
    classicIdentity: path('classic.key'),
    classic: await stickOf(
      'classic',
      people.map((entry) => parseRecipient(entry.recipient_x25519)),
    ),
    hybrid: await stickOf(
      'hybrid',
      people.map((entry) => parseRecipient(entry.recipient)),
    ),
  }

  async function sealOne(
    stick: string,
    recipients: readonly Recipient[],
    bytes: number,
    number: number,
  ): Promise<string> {
    const content = randomBytes(bytes)
    const file = {
      name: 'video.mp4',
      bytes,
      mediaType: 'video/mp4',
      sha256: () => createHash('sha256').update(content).digest('hex'),
      async *content() {
        yield content
      },
    }
    const tip = { narrative: `누군가 잡혀갔습니다. ${number}` }
    const envelope = await sealTip({
      primitives,
      engine: inlineEngine(nodeChunkCipher),
      serialize: serializeTip,
      recipients,
      tip,
      files: bytes > 0 ? [file] : [],
    })
    const pieces: Uint8Array[] = []
    for await (const piece of envelope.content) pieces.push(piece.slice())
    const sealed = Buffer.concat(pieces)
    const receipt = createHash('sha256').update(sealed).digest('hex')
    writeFileSync(join(stick, `${receipt}.age`), sealed)
    return receipt
  }
}

function signStick(stick: string, receipts: readonly string[], exportKeyPath: string): void {
  const sums = formatSums(receipts)
  writeFileSync(join(stick, 'SHA256SUMS'), sums)
  const secretKey = parseSecretKey(readFileSync(exportKeyPath, 'utf8'))
  writeFileSync(
    join(stick, 'SHA256SUMS.minisig'),
    signMinisign({ secretKey, message: sums, trustedComment: 'bench' }),
  )
}

function openCommand({ dir, keys, identity }: Batch, stick: string): string[] {
  return tumenCommand(
    'open',
    stick,
    '--dir',
    keys,
    '-i',
    identity,
    '--casebook',
    join(dir, 'casebook'),
  )
}

/**
 * The loop that a person without Tumen would write: it checks no sums or digests, records nothing,
 * and does not call fsync.
 */
function loopCommand({ dir, classic, classicIdentity }: Batch): string[] {
  const loop = `for f in '${classic}'/*.age; do d='${dir}/unpacked/'$(basename "$f" .age); mkdir -p "$d"; age -d -i '${classicIdentity}' "$f" | tar -x -C "$d" || exit 1; done`
  return ['sh', '-c', loop]
}

/**
 * The loop that does what `tumen open` does to files: it keeps a copy of each envelope, takes the
 * digests of envelope and attachments, and ends with everything on the disk. Whatever can be done
 * at the same time is.
 */
function sameWorkCommand({ dir, classic, classicIdentity }: Batch): string[] {
  const loop = `mkdir '${dir}/originals'
for f in '${classic}'/*.age; do
  n=$(basename "$f" .age); d='${dir}/unpacked/'$n; mkdir -p "$d"
  openssl dgst -sha256 "$f" & cp "$f" '${dir}/originals/' &
  age -d -i '${classicIdentity}' "$f" | tar -x -C "$d" || exit 1
  [ ! -d "$d/attachments" ] || openssl dgst -sha256 "$d"/attachments/* || exit 1
  wait
  sync -d '${dir}/originals/'"$n.age" $(find "$d" -type f) || exit 1
done`
  return ['sh', '-c', loop]
}

const batchName = `${textTips.toLocaleString('en')} text tips and ${largeTips} of 100 MB`

function row(
  what: string,
  { ours, theirs, goal }: { ours: readonly Timed[]; theirs: readonly Timed[]; goal: string },
): BenchRow {
  const [value, baseline] = [median(ours).seconds, median(theirs).seconds]
  return {
    name: `tumen open, ${batchName}, ${what}`,
    value,
    unit: 's',
    baseline,
    ratio: baseline / value,
    goal,
  }
}

function memory(ours: readonly Timed[]): BenchRow {
  return {
    name: `tumen open, ${batchName}: peak memory`,
    value: median(ours).peakMemoryMiB ?? NaN,
    unit: 'MiB',
    baseline: null,
    ratio: null,
    goal: '',
  }
}
