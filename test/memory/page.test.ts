import { describe, expect, it } from 'vitest'
import { sealInChild } from '../page/sealing/child.ts'

const mebibyte = 1024 ** 2
/** The documented limit is for 1024 MiB; set `VIDEO_MEBIBYTES=1024` to test exactly that. */
const videoMebibytes = Number(process.env['VIDEO_MEBIBYTES'] ?? 256)
const maxAddedMebibytes = 200

describe('the memory that sealing in the page uses', () => {
  it('does not grow with the file', async () => {
    const { addedMebibytes } = await sealInChild(videoMebibytes * mebibyte)
    console.log(`${videoMebibytes} MiB add ${addedMebibytes.toFixed(0)} MiB`)
    expect(addedMebibytes).toBeLessThan(maxAddedMebibytes)
  }, 300_000)
})
