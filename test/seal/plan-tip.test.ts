import { execFileSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sealHeader } from '../../src/age/file.ts'
import { generateIdentity, revealIdentity } from '../../src/age/keys.ts'
import { startPlaceThreads } from '../../src/age/place-threads.ts'
import { readPlaintext } from '../../src/age/plaintext-parts.ts'
import { sealInPlace } from '../../src/age/seal-in-place.ts'
import { loadSodiumPrimitives } from '../../src/age/sodium.ts'
import { writeAt } from '../../src/age/write-file.ts'
import { planTip } from '../../src/seal/plan-tip.ts'
import { sealTip } from '../../src/seal/seal-tip.ts'
import { serializeTip } from '../../src/tip/tip-json.ts'

const primitives = await loadSodiumPrimitives()
const contents = [randomBytes(3_000_000), randomBytes(0), randomBytes(70_001)]
const names = ['photo.jpg', 'empty.txt', '영상 photo.jpg']
const tip = { narrative: 'x'.repeat(70_000) }
const digestOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tumen-plan-'))
  for (const [number, content] of contents.entries())
    await writeFile(join(folder, String(number)), content)
})
afterAll(() => rm(folder, { recursive: true }))

async function withFiles(use: (files: Parameters<typeof planTip>[0]['files']) => Promise<void>) {
  const handles = await Promise.all(contents.map((_, number) => open(join(folder, String(number)))))
  try {
    await use(
      handles.map(({ fd }, number) => {
        const bytes = contents[number]?.length ?? 0
        const range = { fd, position: 0, length: bytes }
        return { name: names[number] ?? '', bytes, mediaType: null, range }
      }),
    )
  } finally {
    for (const handle of handles) await handle.close()
  }
}

describe('planTip', () => {
  it('lays out the same bytes as sealTip, whose envelope has the same length', async () => {
    await withFiles(async (files) => {
      const { parts, begin } = await planTip({ tip, files, serialize: serializeTip })
      const first = await begin(contents.map(digestOf))
      expect(first.length).toBe((parts[0] as Uint8Array).length)
      const whole = parts.reduce(
        (sum, part) => sum + ('zeros' in part ? part.zeros : part.length),
        0,
      )
      const seen = new Uint8Array(whole)
      readPlaintext([first, ...parts.slice(1)], 0, seen)
      const sealed = await sealTip({
        primitives,
        recipients: [generateIdentity(primitives, 'x25519')],
        engine: passThrough,
        tip,
        serialize: serializeTip,
        files: files.map((file, number) => ({
          ...file,
          sha256: () => digestOf(contents[number] as Buffer),
          content: async function* () {
            yield contents[number] as Buffer
          },
        })),
      })
      const pieces: Uint8Array[] = []
      for await (const piece of sealed.content) pieces.push(Buffer.from(piece))
      expect(Buffer.concat(pieces.slice(1)).equals(seen)).toBe(true)
    })
  })

  it('makes an envelope that stock age and tar unpack', async () => {
    const identity = generateIdentity(primitives, 'x25519')
    const sealed = join(folder, 'sealed.age')
    await withFiles(async (files) => {
      const { parts, begin } = await planTip({ tip, files, serialize: serializeTip })
      const header = sealHeader(primitives, [identity])
      const output = await open(sealed, 'w')
      writeAt(output.fd, header.bytes, 0)
      const threads = startPlaceThreads()
      await sealInPlace({
        threads,
        key: header.payloadKey,
        parts,
        digests: threads.digest(files.map(({ range }) => range)),
        begin,
        outputFd: output.fd,
        outputAt: header.bytes.length,
        onBytes: () => undefined,
      })
      await threads.close()
      await output.close()
    })
    const [key, out] = [join(folder, 'key'), join(folder, 'out')]
    await writeFile(key, `${revealIdentity(identity)}\n`)
    const pipe = `mkdir "${out}" && age -d -i "${key}" "${sealed}" | tar -xi -C "${out}"`
    execFileSync('bash', ['-o', 'pipefail', '-c', pipe])
    for (const [number, name] of names.entries()) {
      const unpacked = await readFile(join(out, 'attachments', name))
      expect(unpacked.equals(contents[number] as Buffer)).toBe(true)
    }
    const json = JSON.parse(await readFile(join(out, 'tip.json'), 'utf8')) as {
      attachments: { sha256: string }[]
    }
    expect(json.attachments.map(({ sha256 }) => sha256)).toEqual(contents.map(digestOf))
  })
})

/** An engine that copies, to compare plaintexts. */
const passThrough: Parameters<typeof sealTip>[0]['engine'] = {
  inFlight: 1,
  takeSlot: () => ({ input: new Uint8Array(600_000), output: new Uint8Array(600_000) }),
  giveSlot: () => undefined,
  seal({ input, output }, { length }) {
    output.set(input.subarray(0, length))
    return { length, isWhole: true }
  },
  open: () => ({ length: 0, isWhole: false }),
}
