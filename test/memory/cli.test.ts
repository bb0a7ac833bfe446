import { describe, expect, it } from 'vitest'
import { makeMachine } from '../support/machine.ts'
import { peakMemoryOf } from '../support/peak-memory.ts'
import { writeSeeded } from '../support/seeded.ts'
import { copyFile } from 'node:fs/promises'
import { sha256OfFile } from '../support/tree.ts'
import { runTumen } from '../cli/run-tumen.ts'

const mebibyte = 1024 * 1024
const videoBytes = Number(process.env['VIDEO_MEBIBYTES'] ?? 300) * mebibyte
/** The promise is 150; a busy machine frees memory later. Read whole, the video would make it far more. */
const boundMebibytes = 170

describe('the memory of', () => {
  it('tumen seal, send and open does not grow with what is attached', async () => {
    const machine = await makeMachine()
    await writeSeeded(machine.at('video.mp4'), 'video', videoBytes)
    const sealed = await peakMemoryOf(machine.dir, ['seal', '--narrative', 'x', 'video.mp4', '-o', 'tip.age'], machine.env)
    expect(sealed).toMatchObject({ status: 0 })
    const receipt = await sha256OfFile(machine.at('tip.age'))
    await copyFile(machine.at('tip.age'), machine.at('var', 'sealed', `${receipt}.age`))
    expect(await runTumen(machine.dir, ['export', 'stick'], machine.env)).toMatchObject({ status: 0 })
    const opened = await peakMemoryOf(machine.dir, ['open', 'stick', '-i', machine.identityPath, '--casebook', 'casebook'], machine.env)
    expect(opened).toMatchObject({ status: 0, stderr: '' })
    console.log(`peak: seal ${sealed.peakMebibytes.toFixed(0)} MiB, open ${opened.peakMebibytes.toFixed(0)} MiB`)
    expect(Math.max(sealed.peakMebibytes, opened.peakMebibytes)).toBeLessThan(boundMebibytes)
  })
})
